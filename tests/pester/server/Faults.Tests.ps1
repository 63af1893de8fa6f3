param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $schedules = "$PSScriptRoot/../../faults/Invoke-FaultSchedules.ps1"

    function Start-Line([hashtable] $Arguments, [string] $Line) {
        $shell = [PowerShell]::Create()
        $null = $shell.AddScript("Import-Module '$ModulePath/S3Multipart.psd1'; `$ProgressPreference = 'SilentlyContinue'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddScript("param(`$to, `$path) $Line").AddParameters($Arguments)
        @{ Shell = $shell; Run = $shell.BeginInvoke() }
    }

    function Receive-Line($Running) {
        if (-not $Running.Run.AsyncWaitHandle.WaitOne(120000)) { throw 'The line hung for two minutes.' }
        try {
            [pscustomobject]@{ Output = @($Running.Shell.EndInvoke($Running.Run)); Errors = @($Running.Shell.Streams.Error) }
        }
        finally {
            $Running.Shell.Dispose()
        }
    }
}

# These are few; build.ps1 Faults has hundreds of each kind, these among them.
Describe 'Random faults on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'leave every object that was completed identical, every other resumable, and nothing that Get does not show' -Tag NeedsSchedule {
        $tallies = & $schedules -ModulePath $ModulePath -Server $Server.Name -At ([pscustomobject]$Server) `
            -Count $(if ($Server.Lacks.Faults) { 5 } else { 6 }) -PassThru
        ($tallies | Measure-Object Applied -Sum).Sum | Should -BeGreaterThan 10
        ($tallies | Measure-Object Resumed -Sum).Sum | Should -BeGreaterThan 0
    }

    It 'never end in a wrong object that -Verify reports as done, on a store that lies' -Tag NeedsFaults {
        $said = Invoke-Shell -File $schedules -ModulePath $ModulePath -Server Lying -Count 3 6>&1 | ForEach-Object { Write-Host $_; "$_" }
        $LASTEXITCODE | Should -Be 0
        $said[-1] | Should -BeLike '*3 schedules*0 did not hold*'
    }

    It 'do so on the way to Amazon S3 too' -Tag NeedsAmazonNames {
        # In a process of its own, because a process has one proxy.
        $said = Invoke-Shell -File $schedules -ModulePath $ModulePath -Server Amazon `
            -At ($Server | ConvertTo-Json -Compress) -Count 3 6>&1 | ForEach-Object { Write-Host $_; "$_" }
        $LASTEXITCODE | Should -Be 0
        $said[-1] | Should -BeLike '*3 schedules*0 did not hold*'
    }
}

Describe 'A file that changes while it is sent to <Server.Name>' -Tag NeedsVolume -ForEach @{ Server = $Server } {
    BeforeAll {
        $bucket = New-TestBucket $Server.Http
        $proxy = Start-FaultProxy $Server.Http
        $to = @{ BucketName = $bucket; EndpointUrl = $proxy.Http; PartSize = 48MB }
    }

    BeforeEach {
        $path = Join-Path $TestDrive changing.bin
        New-TestFile $path 120MB
        $key = [Guid]::NewGuid().ToString('n')
    }

    AfterEach { Get-S3MultipartUpload $bucket -EndpointUrl $Server.Http | Stop-S3MultipartUpload -Force -EndpointUrl $Server.Http }

    AfterAll {
        $proxy | Stop-TestServer
        Remove-TestBucket $Server.Http $bucket
    }

    # The change comes while a part is on hold, most of it not yet read for sending: 48 MiB are more than the sockets hold.
    It '<How> is not completed, and the error says in which part' -ForEach @(
        @{ How = 'in a part that is being sent'; At = 95MB; Held = 2; Part = '2' }
        @{ How = 'in the last part while that is being sent'; At = 119MB; Held = 3; Part = '3' }
        @{ How = 'in a part that was sent before'; At = 1MB; Held = 2; Part = '[23]' }
        @{ How = 'in its length'; At = $null; Held = 2; Part = '[23]' }
    ) {
        Set-ProxyFault $proxy @{ request = "^PUT .*partNumber=$Held&"; action = 'hold'; after = 1MB }
        $running = Start-Line @{
            to = $to + @{ Key = $key }
            path = $path
        } 'Get-Item $path | New-S3MultipartUpload @to | Add-S3UploadPart -ThrottleLimit 1 | Complete-S3MultipartUpload'
        Wait-ProxyFault $proxy
        $stream = [IO.File]::Open($path, 'Open', 'Write', 'ReadWrite')
        if ($At) { $stream.Position = $At; $stream.Write((New-TestBytes 100), 0, 100) } else { $stream.SetLength(121MB) }
        $stream.Dispose()
        Clear-ProxyConnection $proxy
        $result = Receive-Line $running

        $result.Output | Should -BeNullOrEmpty
        "$($result.Errors[0])" | Should -Match "part $Part\b"
        $result.Errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
        Get-ObjectHash $Server.Http $bucket $key | Should -BeNullOrEmpty

        # The file as it is now: the same line, and what was sent of the old bytes is sent again.
        Set-ProxyFault $proxy
        $done = Get-Item $path | New-S3MultipartUpload @to -Key $key -Resume | Add-S3UploadPart | Complete-S3MultipartUpload
        $done.Size | Should -Be (Get-Item $path).Length
        Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-FileHash $path).Hash
    }
}

Describe 'A gateway that is killed in the middle and comes back, on <Server.Name>' -Tag NeedsRestart -ForEach @{ Server = $Server } {
    BeforeAll {
        $bucket = New-TestBucket $Server.Http
        $proxy = Start-FaultProxy $Server.Http
        $path = Join-Path $TestDrive restart.bin
        New-TestFile $path 60MB
    }

    AfterAll {
        $proxy | Stop-TestServer
        Remove-TestBucket $Server.Http $bucket
    }

    It '<How>' -ForEach @(
        @{ How = 'is waited for'; Key = 'waited'; Retries = 20 }
        @{ How = 'fails what is not retried, which resumes'; Key = 'resumed'; Retries = 0 }
    ) {
        $to = @{ BucketName = $bucket; EndpointUrl = $proxy.Http; PartSize = 5MB; Key = $Key }
        Set-ProxyFault $proxy @{ request = '^PUT .*partNumber=4&'; action = 'hold'; after = 2MB }
        $running = Start-Line @{ to = $to; path = $path } ("Get-Item `$path | New-S3MultipartUpload @to | Add-S3UploadPart " +
            "-ThrottleLimit 2 -MaxRetry $Retries | Complete-S3MultipartUpload")
        Wait-ProxyFault $proxy
        Restart-CephGateway $Server.Folder -Between {
            Clear-ProxyConnection $proxy -Cut
            if (-not $Retries) { $script:result = Receive-Line $running }
        }
        if ($Retries) { $result = Receive-Line $running }
        else {
            $result.Output | Should -BeNullOrEmpty
            $result.Errors | Should -Not -BeNullOrEmpty
            $result = Receive-Line (Start-Line @{ to = $to; path = $path } ('Get-Item $path | New-S3MultipartUpload @to -Resume | ' +
                'Add-S3UploadPart | Complete-S3MultipartUpload'))
        }

        $result.Errors | Should -BeNullOrEmpty
        $result.Output.Size | Should -Be 60MB
        Get-ObjectHash $Server.Http $bucket $Key | Should -BeExactly (Get-FileHash $path).Hash
        Get-StoredUpload $bucket $Key | Should -BeNullOrEmpty
    }
}

Describe 'A session of a directory bucket that ends early, on <Server.Name>' -Tag NeedsFaults -ForEach @{ Server = $Server } {
    AfterEach { Set-LocalS3Fault $Server.Http }

    It 'is renewed in the middle of an upload, and what it refused is sent again' {
        $bucket = New-TestBucket $Server.Http "d$([Guid]::NewGuid().ToString('n').Substring(0, 8))--usw2-az1--x-s3"
        $path = Join-Path $TestDrive session.bin
        New-TestFile $path 22MB
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; nth = 2; action = 'expire-sessions' },
            @{ operation = 'CompleteMultipartUpload'; nth = 1; action = 'expire-sessions' }
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $done = Invoke-AtAmazon -Arguments @{ bucket = $bucket; path = $path } -Script '
            Get-Item $a.path | New-S3MultipartUpload $a.bucket -Region us-west-2 -PartSize 5MB |
                Add-S3UploadPart -ThrottleLimit 3 | Complete-S3MultipartUpload -ErrorAction Stop'
        $done.Size | Should -Be 22MB
        $seen = Get-LocalS3Request $Server.Http | ForEach-Object { $_ } | Where-Object bucket -EQ $bucket
        @($seen | Where-Object operation -EQ 'CreateSession').Count |
            Should -Be 3 -Because 'one renews it for all that were refused with it'
        @($seen | Where-Object errorCode -EQ 'ExpiredToken').Count | Should -BeGreaterOrEqual 2
        @($seen | Where-Object { $_.operation -eq 'UploadPart' -and $_.status -eq 200 }) | Should -HaveCount 5
    }
}

Describe 'A list that lags behind, on <Server.Name>' -Tag NeedsFaults -ForEach @{ Server = $Server } {
    BeforeAll {
        $bucket = New-TestBucket $Server.Http
        $path = Join-Path $TestDrive lag.bin
        New-TestFile $path 11MB
        $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http; PartSize = 5MB }
    }

    AfterEach { Set-LocalS3Fault $Server.Http }

    AfterAll { Remove-TestBucket $Server.Http $bucket }

    It 'and still has the upload that was completed does not keep -Resume from a new one' {
        $null = Get-Item $path | New-S3MultipartUpload @to | Add-S3UploadPart | Complete-S3MultipartUpload
        $null = Invoke-S3 @{ Endpoint = $Server.Http; Method = 'DELETE'; Bucket = $bucket; Key = 'lag.bin' }
        Set-LocalS3Fault $Server.Http @{ operation = 'ListMultipartUploads'; action = 'lagging-list' }
        $run = Watch-Run { Get-Item $path | New-S3MultipartUpload @to -Resume | Add-S3UploadPart | Complete-S3MultipartUpload }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.Size | Should -Be 11MB
    }

    It 'and has not yet the upload that is in progress makes -Resume begin another, which goes as soon as the first is shown' {
        $null = Invoke-S3 @{ Endpoint = $Server.Http; Method = 'DELETE'; Bucket = $bucket; Key = 'lag.bin' }
        $first = Get-Item $path | New-S3MultipartUpload @to
        $null = $first | Add-S3UploadPart -PartNumber 1
        Set-LocalS3Fault $Server.Http @{ operation = 'ListMultipartUploads'; action = 'stale-list'; omit = 1; times = 1 }
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $second = Get-Item $path | New-S3MultipartUpload @to -Resume
        $second.Resumed | Should -BeTrue
        $second.UploadId | Should -BeExactly $first.UploadId
        @(Get-StoredUpload $bucket lag.bin).UploadId | Should -BeExactly $first.UploadId
        @(Get-LocalS3Request $Server.Http | ForEach-Object { $_ } | Where-Object operation -EQ AbortMultipartUpload).Count |
            Should -BeGreaterThan 0
    }

    It 'and does not show the first upload either time leaves both, which are shown later' {
        $null = Invoke-S3 @{ Endpoint = $Server.Http; Method = 'DELETE'; Bucket = $bucket; Key = 'lag.bin' }
        Get-S3MultipartUpload $bucket -EndpointUrl $Server.Http | Stop-S3MultipartUpload -Force
        $first = Get-Item $path | New-S3MultipartUpload @to
        Set-LocalS3Fault $Server.Http @{ operation = 'ListMultipartUploads'; action = 'stale-list'; omit = 2; times = 2 }
        $second = Get-Item $path | New-S3MultipartUpload @to -Resume
        $second.Resumed | Should -BeFalse
        (Get-S3MultipartUpload $bucket -Key lag.bin -EndpointUrl $Server.Http).UploadId | Should -Be @($first.UploadId, $second.UploadId)
    }
}
