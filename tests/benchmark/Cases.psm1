# What is measured, and the files for it.

function Get-BenchmarkCase {
    <#
    .SYNOPSIS The cases, each with its set of files, its settings and its clients.
    .PARAMETER Other
    Names of other makers' clients that are installed.
    #>
    param([string[]] $Other = @())
    $field = @('floor', 'S3Multipart', 'TransferUtility', 'TransferUtility tuned') + $Other
    $http = @('floor', 'S3Multipart', 'S3Multipart unsigned', 'TransferUtility', 'TransferUtility tuned') + $Other
    $ours = 'floor', 'S3Multipart'
    # Both kinds of PowerShell, each beside one that does nothing.
    $shells = 'bare shell', 'S3Multipart send', 'bare shell tool', 'S3Multipart tool'
    New-Case start-http 'start-up and one file of 1 KiB, http' tiny http ($field + $shells)
    New-Case start-https 'start-up and one file of 1 KiB, https' tiny https ($field + $shells)
    New-Case one-http 'one file of 4 GiB, http' one http ($http + 'S3Multipart progress')
    New-Case one-https 'one file of 4 GiB, https' one https ($field + 'S3Multipart amazon')
    New-Case many-http '500 files of 6 MiB in parts of 5 MiB, http' many http $http -PartSize 5MB
    New-Case many-https '500 files of 6 MiB in parts of 5 MiB, https' many https ($field + 'S3Multipart amazon') -PartSize 5MB
    New-Case small-http '5,000 files of 64 KiB, http' small http ($field + 'floor put' + 'S3Multipart send')
    New-Case unchanged-http '10,000 files of 1 MiB of which all are there, http' unchanged http 'S3Multipart resume', 'S3Multipart send' `
        -Unchanged
    New-Case throttled '4 GiB at 90 MB/s per connection and 30 ms, 16 connections, http' one http $http -Throttle 16 -Throttled
    New-Case stream-https 'a stream of 4 GiB of unknown length, https' one https $field -Stream
    foreach ($size in 5, 16, 64, 512) { New-Case "part-$size" "4 GiB in parts of $size MiB, https" one https $ours -PartSize ($size * 1MB) }
    foreach ($limit in 1, 4, 8, 16, 64) {
        New-Case "throttle-$limit" "4 GiB with a ThrottleLimit of $limit, https" one https $ours -Throttle $limit
    }
    New-Case memory '8 GiB in parts of 512 MiB with a ThrottleLimit of 16, https' linked https 'idle', 'S3Multipart' `
        -PartSize 512MB -Throttle 16
}

function New-Case {
    param([string] $Name, [string] $Title, [string] $Set, [string] $Scheme, [string[]] $Clients, [long] $PartSize = 16MB,
        [int] $Throttle = 8, [switch] $Throttled, [switch] $Stream, [switch] $Unchanged)
    [pscustomobject]@{
        Name = $Name; Title = $Title; FileSet = $Set; Scheme = $Scheme; Clients = $Clients
        PartSize = $PartSize; Throttle = $Throttle; Throttled = [bool]$Throttled; Stream = [bool]$Stream; Unchanged = [bool]$Unchanged
    }
}

function New-FileSet {
    <#
    .SYNOPSIS Makes the sets of files in folders under Root, and returns for each its Folder, Bytes and Count.
    .PARAMETER Scale
    Full for the figures, Quick for trying out, Check for reading the objects back.
    #>
    param([Parameter(Mandatory)] [string] $Root, [Parameter(Mandatory)] [ValidateSet('Full', 'Quick', 'Check')] [string] $Scale,
        [Parameter(Mandatory)] [string[]] $Set)
    $large = @{ Full = 4GB; Quick = 1GB; Check = 40MB + 123 }[$Scale]
    $many = @{ Full = 500; Quick = 125; Check = 5 }[$Scale]
    $small = @{ Full = 5000; Quick = 1250; Check = 20 }[$Scale]
    $sets = @{}
    switch ($Set | Select-Object -Unique) {
        'tiny' { $sets.tiny = New-Folder $Root tiny 1 1KB }
        { $_ -in 'one', 'linked' } { if (-not $sets.one) { $sets.one = New-Folder $Root one 1 $large } }
        'many' { $sets.many = New-Folder $Root many $many 6MB }
        'unchanged' { $sets.unchanged = New-SparseFolder $Root unchanged (2 * $small) 1MB }
        'small' { $sets.small = New-Folder $Root small $small 64KB }
        'linked' {
            # Sixteen parts of 512 MiB or as many as there are, from names of the one large file.
            $count = [Math]::Ceiling(8GB / [Math]::Max([long] 1GB, $large))
            $folder = (New-Item -ItemType Directory (Join-Path $Root linked)).FullName
            foreach ($i in 1..$count) {
                $null = New-Item -ItemType HardLink -Path (Join-Path $folder "f$i") -Target (Join-Path $sets.one.Folder 'f1')
            }
            $sets.linked = [pscustomobject]@{ Folder = $folder; Bytes = $large * $count; Count = $count }
        }
    }
    $sets
}

function New-Folder([string] $Root, [string] $Name, [int] $Count, [long] $Size) {
    $folder = (New-Item -ItemType Directory (Join-Path $Root $Name)).FullName
    $block = [byte[]]::new([Math]::Min([long] $Size, 16MB))
    foreach ($i in 1..$Count) {
        $file = [IO.File]::Create((Join-Path $folder "f$i"))
        try {
            for ($left = $Size; $left -gt 0; $left -= $taken) {
                [Security.Cryptography.RandomNumberGenerator]::Fill($block)
                $taken = [int][Math]::Min([long] $left, $block.Length)
                $file.Write($block, 0, $taken)
            }
        }
        finally { $file.Dispose() }
    }
    [pscustomobject]@{ Folder = $folder; Bytes = $Size * $Count; Count = $Count }
}

# Files that take no space: each is empty but for its number.
function New-SparseFolder([string] $Root, [string] $Name, [int] $Count, [long] $Size) {
    $folder = (New-Item -ItemType Directory (Join-Path $Root $Name)).FullName
    foreach ($i in 1..$Count) {
        $file = [IO.File]::Create((Join-Path $folder "f$i"))
        try {
            $file.Write([BitConverter]::GetBytes($i))
            $file.SetLength($Size)
        }
        finally { $file.Dispose() }
    }
    [pscustomobject]@{ Folder = $folder; Bytes = $Size * $Count; Count = $Count }
}

Export-ModuleMember -Function Get-BenchmarkCase, New-FileSet
