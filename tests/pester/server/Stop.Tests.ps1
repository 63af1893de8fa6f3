param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $folder = New-TestFolder
    # Sparse, so that it costs nothing: what is sent does not matter here.
    $large = Join-Path $folder 'large.bin'
    $stream = [IO.File]::Create($large)
    $stream.SetLength(1GB)
    $stream.Dispose()

    function Start-Pipeline([string] $Script, [hashtable] $Arguments) {
        $shell = [PowerShell]::Create()
        $null = $shell.AddScript("Import-Module '$ModulePath/S3Multipart.psd1'; `$ProgressPreference = 'SilentlyContinue'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddScript($Script).AddParameters($Arguments)
        @{ Shell = $shell; Run = $shell.BeginInvoke() }
    }

    function Wait-UntilPartsAreStored([int] $Count) {
        $deadline = [DateTime]::UtcNow.AddSeconds(60)
        while ([DateTime]::UtcNow -lt $deadline) {
            $found = @(Get-S3MultipartUpload $bucket -EndpointUrl $Server.Http -IncludePart)
            if ($found -and ($found | Measure-Object PartCount -Sum).Sum -ge $Count) { return $found }
            [Threading.Thread]::Sleep(40)
        }
        throw "Fewer than $Count parts were stored in a minute."
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Stopping on <Server.Name>' -ForEach @{ Server = $Server } {
    AfterEach { Get-S3MultipartUpload $bucket -EndpointUrl $Server.Http | Stop-S3MultipartUpload -Force -EndpointUrl $Server.Http }

    It 'ends within two seconds of Ctrl+C, sends nothing after that, and leaves the parts listed' {
        # What an earlier file has left hanging on the server is not this run's.
        $before = $Server.Lacks.RequestLog ? 0 : [int](Invoke-RestMethod "$($Server.Http)/_/in-flight")
        $running = Start-Pipeline -Arguments @{ File = $large; Bucket = $bucket; Url = $Server.Http } -Script @'
            param($File, $Bucket, $Url)
            # Parts that no socket's buffers hold whole, so that one that is stored was still being sent.
            Get-Item $File | New-S3MultipartUpload -BucketName $Bucket -EndpointUrl $Url -PartSize 32MB |
                Add-S3UploadPart -ThrottleLimit 8 | Complete-S3MultipartUpload
'@
        $null = Wait-UntilPartsAreStored 3

        $watch = [Diagnostics.Stopwatch]::StartNew()
        $stop = $running.Shell.BeginStop($null, $null)
        $stop.AsyncWaitHandle.WaitOne(20000) | Should -BeTrue
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
        $stoppedAt = [DateTime]::UtcNow
        $running.Shell.InvocationStateInfo.State | Should -Be 'Stopped'

        $upload = Get-S3MultipartUpload $bucket -EndpointUrl $Server.Http -IncludePart
        $upload | Should -HaveCount 1
        $upload.PartCount | Should -BeGreaterOrEqual 3
        if (-not $Server.Lacks.RequestLog) {
            # The server may still be busy with what had reached it, and begin late with a head that was waiting in its socket: such
            # a request breaks off (status 0). None that is whole may have begun there after the stop.
            $deadline = [DateTime]::UtcNow.AddSeconds(30)
            while ([int](Invoke-RestMethod "$($Server.Http)/_/in-flight") -gt $before) {
                if ([DateTime]::UtcNow -gt $deadline) { throw 'A request was still in flight after 30 seconds.' }
                [Threading.Thread]::Sleep(20)
            }
            $late = Get-LocalS3Request $Server.Http |
                Where-Object { $_.operation -eq 'UploadPart' -and $_.status -ne 0 -and $_.start.ToUniversalTime() -gt $stoppedAt }
            $late | Should -BeNullOrEmpty
        }
        else {
            # What had reached the gateway before the stop may still be stored, so at most what was in flight is added, however long
            # one waits: here for twenty other parts.
            $null = New-S3MultipartUpload $bucket other -EndpointUrl $Server.Http |
                Add-S3UploadPart -LiteralPath $large -PartSize 5MB -PartNumber (1..20)
            $later = Get-S3MultipartUpload $bucket -Key large.bin -EndpointUrl $Server.Http -IncludePart
            $later.PartCount | Should -BeLessOrEqual ($upload.PartCount + 8)
        }
    }

    It 'ends when a command further down has enough, and what was sent stays' {
        $first = Get-Item $large | New-S3MultipartUpload -BucketName $bucket -EndpointUrl $Server.Http -PartSize 5MB |
            Add-S3UploadPart | Select-Object -First 2
        $first | Should -HaveCount 2
        $upload = Get-S3MultipartUpload $bucket -EndpointUrl $Server.Http -IncludePart
        $upload.PartCount | Should -BeGreaterOrEqual 2
        $upload.PartCount | Should -BeLessThan 200
    }

    It 'refuses to complete an upload whose sending was stopped' {
        $upload = New-S3MultipartUpload $bucket half -EndpointUrl $Server.Http
        $null = Add-S3UploadPart $upload -LiteralPath $large -PartSize 5MB | Select-Object -First 2
        $result = $upload | Complete-S3MultipartUpload -ErrorVariable failure -ErrorAction SilentlyContinue
        $result | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'UploadIncomplete,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike 'To resume: Get-S3MultipartUpload*'
    }
}
