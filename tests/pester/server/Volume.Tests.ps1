param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery {
    # The long run is for build.ps1 Faults. The short one still has more bytes than memory may grow.
    $isLong = [bool]$env:S3MULTIPART_LONG_FAULTS
    $sizes = if ($isLong) {
        @{ Count = 1; Size = 2GB; Schemes = 'Http', 'Https' }
        @{ Count = 200; Size = 6MB; Schemes = 'Http', 'Https' }
        @{ Count = 1000; Size = 10KB; Schemes = 'Http', 'Https' }
    }
    else {
        @{ Count = 1; Size = 200MB; Schemes = , 'Https' }
        @{ Count = 24; Size = 6MB; Schemes = 'Http', 'Https' }
        @{ Count = 120; Size = 10KB; Schemes = , 'Https' }
    }
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http

    # In a PowerShell of its own, so that its peak memory is that of the pipeline.
    function Measure-Upload([string] $Folder, [string] $Url, [string] $Prefix) {
        Invoke-FreshPwsh -Arguments @{
            ModulePath = $ModulePath
            Folder = $Folder
            Bucket = $bucket
            Url = $Url
            Prefix = $Prefix
        } -Script @'
            param($ModulePath, $Folder, $Bucket, $Url, $Prefix)
            $ProgressPreference = 'SilentlyContinue'
            Import-Module "$ModulePath/S3Multipart.psd1"
            $idle = (Get-Process -Id $PID).PeakWorkingSet64
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $done = Get-ChildItem $Folder -File | New-S3MultipartUpload -BucketName $Bucket -KeyPrefix $Prefix -EndpointUrl $Url |
                Add-S3UploadPart | Complete-S3MultipartUpload
            $seconds = $watch.Elapsed.TotalSeconds
            $process = Get-Process -Id $PID
            @{ Count = $done.Count; Bytes = ($done | Measure-Object Size -Sum).Sum; Seconds = $seconds; Cpu = $process.CPU
                PeakMB = [int]($process.PeakWorkingSet64 / 1MB); IdleMB = [int]($idle / 1MB) }
'@
    }

    function Assert-Identical([string] $Folder, [string] $Prefix) {
        foreach ($file in Get-ChildItem $Folder -File) {
            $hash = Get-ObjectHash $Server.Http $bucket ($Prefix + $file.Name)
            if ($hash -ne (Get-FileHash -LiteralPath $file.FullName).Hash) { throw "$($file.Name) is not identical." }
        }
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Volume on <Server.Name>' -Tag NeedsVolume -ForEach @{ Server = $Server } {
    It 'uploads <Count> file(s) of <Size> bytes in one pipeline over <Schemes>, identical, in bounded memory' -ForEach $sizes {
        $folder = New-TestFolder
        foreach ($i in 1..$Count) { New-TestFile (Join-Path $folder "$i.bin") $Size -Seed $i }
        foreach ($scheme in $Schemes) {
            $result = Measure-Upload $folder $Server.$scheme "$scheme/"
            Write-Host ('    {0} on {1}: {2} files, {3:n0} MiB in {4:n1} s, {5:n1} processor s, peak {6} MB (idle {7})' -f
                $scheme, $Server.Name, $result.Count, ($result.Bytes / 1MB), $result.Seconds, $result.Cpu, $result.PeakMB, $result.IdleMB)
            $result.Count | Should -Be $Count
            $result.Bytes | Should -Be ($Count * $Size)
            # Far less than what the files or the parts in flight hold: 8 x 16 MiB.
            $result.PeakMB - $result.IdleMB | Should -BeLessThan 128
            Assert-Identical $folder "$scheme/"
        }
        Remove-Item $folder -Recurse
    }

    It 'sends the bytes that stand beyond 2 GiB, where a 32-bit offset ends' {
        $path = Join-Path (New-TestFolder) 'large.bin'
        $tail = New-TestBytes (20MB + 3)
        # Nothing but its tail is sent, so that the rest need not take room on the disk.
        $stream = [IO.File]::Create($path)
        try {
            $stream.Position = 2GB + 10MB
            $stream.Write($tail, 0, $tail.Length)
        }
        finally { $stream.Dispose() }

        $upload = New-S3MultipartUpload $bucket 'beyond' -LiteralPath $path -PartSize 10MB -EndpointUrl $Server.Http
        $null = $upload | Add-S3UploadPart -PartNumber 207, 208
        $first = 206 * 10MB - (2GB + 10MB)
        $stored = Get-StoredPart $upload
        $stored.Size | Should -Be 10MB, (2GB + 30MB + 3 - 207 * 10MB)
        $stored[0].ETag | Should -BeExactly (Get-ETag (Get-Slice $tail $first 10MB))
        $stored[1].ETag | Should -BeExactly (Get-ETag (Get-Slice $tail ($first + 10MB) $stored[1].Size))
        Remove-Item $path
    }
}
