param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery { $isLocal = $Server.Name -eq 'LocalS3' }

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
}

AfterAll {
    if ($Server.Name -eq 'LocalS3') { Set-LocalS3Delay $Server.Http 0 }
    Remove-TestBucket $Server.Http $bucket
}

Describe 'Overlap on <Server.Name>' -ForEach @{ Server = $Server } {
    # Only LocalS3 can delay its answers. With 20 ms for each, 1,000 files one by one cost a minute of waiting.
    It 'takes at least ten times less for 1,000 small files at a throttle of 16 than of 1' -Skip:(-not $isLocal) {
        $folder = New-TestFolder
        foreach ($i in 1..1000) { [IO.File]::WriteAllText((Join-Path $folder "$i.txt"), "file $i") }
        Set-LocalS3Delay $Server.Http 20
        $seconds = foreach ($limit in 16, 1) {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $done = Get-ChildItem $folder -File | New-S3MultipartUpload -BucketName $bucket -KeyPrefix "$limit/" -EndpointUrl $Server.Http -ThrottleLimit $limit |
                Add-S3UploadPart -ThrottleLimit $limit | Complete-S3MultipartUpload -ThrottleLimit $limit
            $watch.Stop()
            $done | Should -HaveCount 1000
            $watch.Elapsed.TotalSeconds
        }
        Set-LocalS3Delay $Server.Http 0
        Write-Host ('    1,000 files: {0:n1} s at 16, {1:n1} s at 1, {2:n1} times less' -f $seconds[0], $seconds[1], ($seconds[1] / $seconds[0]))
        $seconds[1] / $seconds[0] | Should -BeGreaterOrEqual 10
        foreach ($i in 1, 500, 1000) {
            Get-ObjectHash $Server.Http $bucket "16/$i.txt" | Should -Be (Get-FileHash (Join-Path $folder "$i.txt")).Hash
        }
    }
}
