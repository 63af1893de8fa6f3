param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http

    # The time that all requests took, in units of the time from the first to the last.
    function Get-AverageInFlight {
        $requests = @(Get-LocalS3Request $Server.Http | ForEach-Object { $_ })
        $begun = $requests | ForEach-Object { ([DateTime]$_.start).Ticks } | Measure-Object -Minimum
        $ended = $requests | ForEach-Object { ([DateTime]$_.start).Ticks + $_.durationMs * 10000 } | Measure-Object -Maximum
        ($requests | Measure-Object durationMs -Sum).Sum * 10000 / ($ended.Maximum - $begun.Minimum)
    }
}

AfterAll {
    Set-LocalS3Delay $Server.Http 0
    Remove-TestBucket $Server.Http $bucket
}

Describe 'Overlap on <Server.Name>' -ForEach @{ Server = $Server } {
    # Only LocalS3 delays its responses, and logs when each request began and ended.
    It 'has at least ten requests for small files in flight on average at a throttle of 16, and one at a throttle of 1' `
        -Tag NeedsRequestLog {
        $folder = New-TestFolder
        foreach ($i in 1..200) { [IO.File]::WriteAllText((Join-Path $folder "$i.txt"), "file $i") }
        Set-LocalS3Delay $Server.Http 40
        $inFlight = foreach ($limit in 16, 1) {
            $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
            $count = $limit -eq 1 ? 20 : 200
            $done = Get-ChildItem $folder -File | Select-Object -First $count |
                New-S3MultipartUpload -BucketName $bucket -KeyPrefix "$limit/" -EndpointUrl $Server.Http -ThrottleLimit $limit |
                Add-S3UploadPart -ThrottleLimit $limit | Complete-S3MultipartUpload -ThrottleLimit $limit
            $done | Should -HaveCount $count
            Get-AverageInFlight
        }
        Set-LocalS3Delay $Server.Http 0
        Write-Host ('    In flight on average: {0:n1} at 16, {1:n2} at 1' -f $inFlight[0], $inFlight[1])
        $inFlight[0] | Should -BeGreaterOrEqual 10
        $inFlight[1] | Should -BeLessOrEqual 1
        foreach ($i in 1, 100, 200) {
            Get-ObjectHash $Server.Http $bucket "16/$i.txt" | Should -Be (Get-FileHash (Join-Path $folder "$i.txt")).Hash
        }
    }
}
