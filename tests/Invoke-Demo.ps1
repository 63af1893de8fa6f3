<#
.SYNOPSIS
    Shows the module at work on a server of its own on this machine: uploads, lists, interrupts, continues, stops, and compares.
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')
Import-Module (Join-Path $PSScriptRoot 'servers/TestServers.psm1')
Import-Module (Join-Path $PSScriptRoot 'tools/S3Client.psm1')

function Say([string] $Text) { Write-Host "`n== $Text" -ForegroundColor Cyan }

function Assert-Identical([object[]] $Completed) {
    foreach ($one in $Completed) {
        $stored = Get-ObjectHash -Endpoint $server.Http -Bucket $bucket -Key $one.Key
        if ($stored -ne (Get-FileHash -LiteralPath $one.LiteralPath).Hash) { throw "$($one.Key) is not identical to $($one.LiteralPath)." }
    }
    Write-Host "$($Completed.Count) objects read back: every one identical to its file."
}

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "s3multipart-demo-$PID")).FullName
Say 'Starting LocalS3'
Build-TestProgram LocalS3
$server = Start-TestServer LocalS3
try {
    Write-Host "$($server.Http), its data in $($server.Folder)"
    $bucket = 'demo-bucket'
    $null = New-TestBucket -Endpoint $server.Http -Name $bucket
    $at = @{ EndpointUrl = $server.Http; AccessKey = 'testaccess'; SecretKey = 'testsecret' }

    Say "A folder of real files (PowerShell's own), with their folders kept"
    # A table whose columns have widths shows each row as it comes.
    $columns = @(
        @{ Name = 'Key'; Expression = 'Key'; Width = 40 }
        @{ Name = 'Size'; Expression = 'Size'; Width = 8 }
        @{ Name = 'Parts'; Expression = 'PartCount'; Width = 5 }
        @{ Name = 'Checksum'; Expression = { "$($_.ChecksumType) $($_.Checksum)" }; Width = 24 }
        @{ Name = 'ETag'; Expression = 'ETag'; Width = 36 }
    )
    $done = [Collections.Generic.List[object]]::new()
    Get-ChildItem $PSHOME -Recurse -File | Sort-Object Length -Descending | Select-Object -First 150 |
        New-S3MultipartUpload -BucketName $bucket -RelativeTo $PSHOME -KeyPrefix pwsh/ @at |
        Add-S3UploadPart |
        Complete-S3MultipartUpload |
        ForEach-Object { $done.Add($_); if ($done.Count -le 5) { $_ } } |
        Format-Table $columns | Out-Host
    Write-Host "... $($done.Count) objects, $([Math]::Round(($done | Measure-Object Size -Sum).Sum / 1MB)) MiB in all"
    Assert-Identical $done

    Say 'A large file, interrupted once three parts are stored (one more was in flight)'
    $large = Join-Path $folder 'large.bin'
    $stream = [IO.File]::Create($large)
    try {
        foreach ($i in 1..64) { $stream.Write([Security.Cryptography.RandomNumberGenerator]::GetBytes(1MB)) }
    }
    finally {
        $stream.Dispose()
    }
    $null = Get-Item $large | New-S3MultipartUpload -BucketName $bucket -PartSize 5MB @at |
        Add-S3UploadPart -ThrottleLimit 2 | Select-Object -First 3
    $left = Get-S3MultipartUpload $bucket -IncludePart @at
    $left | Format-Table Key, Initiated, PartCount, StoredBytes | Out-Host
    $whole = $left | Complete-S3MultipartUpload -ErrorAction SilentlyContinue -ErrorVariable refused
    if ($whole -or -not $refused) { throw 'An upload that is not whole was completed.' }
    Write-Host "Completing it is refused: $($refused[0].Exception.Message)"

    Say 'Going on with it by hand'
    $again = Get-S3MultipartUpload $bucket -Key large.bin @at |
        Add-S3UploadPart -LiteralPath $large -PartSize 5MB | Complete-S3MultipartUpload
    if ($again.Size -ne 64MB -or (Get-ObjectHash -Endpoint $server.Http -Bucket $bucket -Key large.bin) -ne (Get-FileHash $large).Hash) {
        throw 'large.bin is not identical.'
    }
    Write-Host 'large.bin read back: identical.'

    Say 'An upload that nobody wants any more'
    $null = New-S3MultipartUpload $bucket forgotten.bin @at | Add-S3UploadPart -LiteralPath $large -PartSize 5MB -PartNumber (1..4)
    Get-S3MultipartUpload $bucket @at | Stop-S3MultipartUpload -Force -PassThru | Format-Table Key, PartCount, FreedBytes | Out-Host
    if (Get-S3MultipartUpload $bucket @at) { throw 'An upload is left.' }
    Write-Host 'No upload is left in progress, and nothing is billed for.'
}
finally {
    Say 'Cleaning up'
    $server | Stop-TestServer
    Remove-Item $folder -Recurse -Force
}
Write-Host 'The demo succeeded.' -ForegroundColor Green
