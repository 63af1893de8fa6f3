param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }

    # Runs Add-S3UploadPart beside this session on a pipe that is still open, so that the test decides how long it takes.
    function Start-Sending($Upload, [string] $Script, [string] $Preference = 'Continue') {
        $out = [IO.Pipes.AnonymousPipeServerStream]::new('Out')
        $in = [IO.Pipes.AnonymousPipeClientStream]::new('In', $out.ClientSafePipeHandle)
        $shell = [PowerShell]::Create().
            AddScript("param(`$module, `$upload, `$in) `$ProgressPreference = '$Preference'; Import-Module `$module; $Script")
        $null = $shell.AddArgument((Join-Path $ModulePath 'S3Multipart.psd1')).AddArgument($Upload).AddArgument($in)
        @{ Shell = $shell; Pipe = $out; Source = $in; Result = $shell.BeginInvoke() }
    }

    function Wait-Until([scriptblock] $Condition, [int] $Seconds = 20) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        while (-not (& $Condition)) {
            if ($clock.Elapsed.TotalSeconds -gt $Seconds) { throw "Not within $Seconds s: $Condition" }
            [Threading.Thread]::Sleep(20)
        }
    }

    # Fails unless the last record of every bar, and no other, says that it is done. Returns those of the run's own bar.
    function Assert-Ended($Shell) {
        $records = @($Shell.Streams.Progress | Where-Object Activity -NotLike '*module*')
        foreach ($bar in $records | Group-Object ActivityId) {
            $bar.Group[-1].RecordType | Should -Be 'Completed' -Because $bar.Group[0].Activity
            @($bar.Group.RecordType -eq 'Completed') | Should -HaveCount 1
        }

        $records | Where-Object Activity -Like '*S3*'
    }

    # A pipeline of files, held open by requests that a rule delays or lets fail.
    function Watch-Progress([string] $Script, [object[]] $Rules, [hashtable] $Arguments = @{}) {
        $null = Invoke-RestMethod -Method Post "$($Server.Http)/_/faults" -ContentType application/json -Body (ConvertTo-Json @($Rules))
        $shell = [PowerShell]::Create().AddScript("param(`$module, `$to, `$files, `$a) Import-Module `$module; $Script")
        try {
            $null = $shell.AddArgument((Join-Path $ModulePath 'S3Multipart.psd1')).
                AddArgument($to).AddArgument($files).AddArgument($Arguments).Invoke()
            $shell
        }
        finally { $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/faults" }
    }

    function Stop-Sending($Sending) {
        $Sending.Pipe.Dispose()
        $Sending.Source.Dispose()
        $Sending.Shell.Dispose()
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'The progress of Add-S3UploadPart on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach { $upload = New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n')) -PartSize 5MB }

    It 'counts what was sent, and a Completed record ends it' {
        $sending = Start-Sending $upload 'Add-S3UploadPart $upload -InputStream $in'
        try {
            $sending.Pipe.Write((New-TestBytes 6MB), 0, 6MB)
            Wait-Until { $sending.Shell.Streams.Progress.Where({ $_.StatusDescription -like '*5.0 MiB*' }, 'First') }
            $sending.Pipe.Dispose()
            $sending.Shell.EndInvoke($sending.Result).Size | Measure-Object -Sum | ForEach-Object Sum | Should -Be 6MB
            $run = Assert-Ended $sending.Shell
            $run.ParentActivityId | Select-Object -Unique | Should -Be -1
            $run.PercentComplete | ForEach-Object { $_ | Should -BeIn (-1..100) }
            $bar = @($sending.Shell.Streams.Progress | Where-Object Activity -EQ $upload.Key)
            $bar.ParentActivityId | Select-Object -Unique | Should -Be $run[0].ActivityId
        }
        finally { Stop-Sending $sending }
    }

    It 'is ended by a Completed record after a failure too' {
        $gone = @{ BucketName = $bucket; Key = 'k'; UploadId = 'unknown'; EndpointUrl = $Server.Http; PartSize = 5MB }
        $sending = Start-Sending $gone 'Add-S3UploadPart $upload -InputStream $in'
        try {
            Wait-Until { $sending.Shell.Streams.Progress | Where-Object Activity -Like '*S3*' }
            $sending.Pipe.Write((New-TestBytes 1000), 0, 1000)
            $sending.Pipe.Dispose()
            $sending.Shell.EndInvoke($sending.Result) | Should -BeNullOrEmpty
            $sending.Shell.Streams.Error | Should -HaveCount 1
            @($sending.Shell.Streams.Progress | Where-Object Activity -Like '*S3*')[-1].RecordType | Should -Be 'Completed'
        }
        finally { Stop-Sending $sending }
    }

    It 'is ended by a Completed record when a failure ends the pipeline with -ErrorAction Stop' {
        $gone = @{ BucketName = $bucket; Key = 'k'; UploadId = 'unknown'; EndpointUrl = $Server.Http; PartSize = 5MB }
        $sending = Start-Sending $gone 'try { Add-S3UploadPart $upload -InputStream $in -ErrorAction Stop } catch { "caught" }'
        try {
            Wait-Until { $sending.Shell.Streams.Progress | Where-Object Activity -Like '*S3*' }
            $sending.Pipe.Write((New-TestBytes 1000), 0, 1000)
            $sending.Pipe.Dispose()
            $sending.Shell.EndInvoke($sending.Result) | Should -BeExactly 'caught'
            @($sending.Shell.Streams.Progress | Where-Object Activity -Like '*S3*')[-1].RecordType | Should -Be 'Completed'
        }
        finally { Stop-Sending $sending }
    }

    It 'is not shown under $ProgressPreference SilentlyContinue' {
        $sending = Start-Sending $upload ('Add-S3UploadPart $upload -InputStream $in -Verbose 4>&1 | ForEach-Object { "$_" ' +
            '}') 'SilentlyContinue'
        try {
            $sending.Pipe.Write((New-TestBytes 6MB), 0, 6MB)
            $sending.Pipe.Dispose()
            $sending.Shell.EndInvoke($sending.Result) | Should -Not -BeNullOrEmpty
            $sending.Shell.Streams.Progress | Where-Object Activity -Like '*S3*' | Should -BeNullOrEmpty
        }
        finally { Stop-Sending $sending }
    }
}

Describe 'The progress of many uploads on <Server.Name>' -Tag NeedsFaults -ForEach @{ Server = $Server } {
    BeforeAll {
        $folder = New-TestFolder
        $files = 1..4 | ForEach-Object { New-TestFile "$folder/f$_.bin" (11MB + $_) $_; Get-Item "$folder/f$_.bin" }
        $slow = @{ operation = 'UploadPart'; action = 'delay'; ms = 400 }
    }

    It 'has a bar for each upload below that of the run, and each ends' {
        $shell = Watch-Progress '$files | New-S3MultipartUpload @to -PartSize 5MB | Add-S3UploadPart' $slow
        try {
            $run = Assert-Ended $shell
            @($run.ActivityId | Select-Object -Unique) | Should -HaveCount 1
            $bars = @($shell.Streams.Progress | Where-Object ParentActivityId -EQ $run[0].ActivityId)
            $bars.Activity | Sort-Object -Unique | Should -BeExactly 'f1.bin', 'f2.bin', 'f3.bin', 'f4.bin'
            $bars.StatusDescription | Should -Contain '11.0 MiB of 11.0 MiB' -Because 'bytes are counted as they leave'
            $run.StatusDescription | Where-Object { $_ -match '^\d of 4 done, [\d.]+ MiB of 44\.0 MiB, [\d.]+ \wi?B/s$' } |
                Should -Not -BeNullOrEmpty
        }
        finally { $shell.Dispose() }
    }

    It 'shows no more bars than a console of <Height> lines has room for' -ForEach @(@{ Height = 0; Most = 4 }) {
        $shell = Watch-Progress ('$files * 2 | New-S3MultipartUpload @to -Key { [Guid]::NewGuid().ToString() } -PartSize 5MB | ' +
            'Add-S3UploadPart -ThrottleLimit 16') $slow
        try {
            $run = Assert-Ended $shell
            $open = [Collections.Generic.HashSet[int]]::new()
            $most = 0
            foreach ($record in $shell.Streams.Progress | Where-Object ParentActivityId -EQ $run[0].ActivityId) {
                if ($record.RecordType -eq 'Completed') {
                    $null = $open.Remove($record.ActivityId)
                }
                else {
                    $null = $open.Add($record.ActivityId)
                }
                $most = [Math]::Max($most, $open.Count)
            }

            $most | Should -Be $Most
        }
        finally { $shell.Dispose() }
    }

    It 'continues to the end when an upload fails' {
        # The first file fails at once, the others take their time: were its bytes waited for, three quarters would be the end.
        $fail = @{ operation = 'UploadPart'; key = 'f1.bin'; action = 'error'; code = 'InvalidRequest'; status = 400 }
        $shell = Watch-Progress '$files | New-S3MultipartUpload @to -PartSize 5MB | Add-S3UploadPart' $fail, $slow
        try {
            $shell.Streams.Error | Should -HaveCount 1
            $run = Assert-Ended $shell
            ($run.PercentComplete | Measure-Object -Maximum).Maximum | Should -BeGreaterThan 90
            $run.StatusDescription | Where-Object { $_ -like '* of 4 done, 1 failed, *' } | Should -Not -BeNullOrEmpty
        }
        finally { $shell.Dispose() }
    }

    It 'says while a request is being retried which try is next, when and why, and no longer' {
        $busy = @{ operation = 'UploadPart'; key = 'f2.bin'; action = 'error'; code = 'SlowDown'; status = 503; times = 1 }
        $shell = Watch-Progress '$files | New-S3MultipartUpload @to -PartSize 5MB | Add-S3UploadPart -ThrottleLimit 2' $busy, $slow
        try {
            $shell.Streams.Error | Should -BeNullOrEmpty
            $told = (Assert-Ended $shell).StatusDescription
            $told | Where-Object { $_ -match '^retry 1 of 8 in 1 s: SlowDown; \d done, ' } | Should -Not -BeNullOrEmpty
            $told[-2] | Should -Not -Match 'retry'
        }
        finally { $shell.Dispose() }
    }

    It 'ends every bar when <What> ends the pipeline' -ForEach @(
        @{
            What = 'a command further down'
            Script = '$files | New-S3MultipartUpload @to -PartSize 5MB | Add-S3UploadPart -ThrottleLimit 2 | Select-Object -First 3'
            Fail = $false
        }
        @{
            What = 'an error'
            Script = 'try { $files | New-S3MultipartUpload @to -PartSize 5MB | Add-S3UploadPart -ThrottleLimit 2 -ErrorAction Stop } ' +
                'catch { }'
            Fail = $true
        }
    ) {
        $fail = @{ operation = 'UploadPart'; key = 'f2.bin'; partNumber = 3; action = 'error'; code = 'InvalidRequest'; status = 400 }
        $shell = Watch-Progress $Script $(if ($Fail) { $fail, $slow } else { $slow })
        try { Assert-Ended $shell | Should -Not -BeNullOrEmpty }
        finally { $shell.Dispose() }
    }

    It 'counts a copy as it goes, from its first part on' {
        $null = Get-Item $files[0] | New-S3MultipartUpload @to -Key source | Add-S3UploadPart | Complete-S3MultipartUpload
        $shell = Watch-Progress ('New-S3MultipartUpload @to -Key copied | Add-S3UploadPart -SourceBucketName $to.BucketName -SourceKey ' +
            'source -PartSize 5MB -ThrottleLimit 2') @{ operation = 'UploadPartCopy'; action = 'delay'; ms = 400 }
        try {
            $run = Assert-Ended $shell
            $run.StatusDescription | Where-Object { $_ -like '0 of 1 done, 10.0 MiB of 15.0 MiB, *' } | Should -Not -BeNullOrEmpty
        }
        finally { $shell.Dispose() }
    }

    It 'counts the parts that S3 had already as done, but not for the rate' {
        $upload = $files[0] | New-S3MultipartUpload @to -Key resumed -PartSize 5MB
        $null = $upload | Add-S3UploadPart -PartNumber 1, 2
        $null = Invoke-RestMethod -Method Post "$($Server.Http)/_/faults" -ContentType application/json -Body (ConvertTo-Json @($slow))
        try { $run = Watch-Run { Get-S3MultipartUpload @to -Key resumed | Add-S3UploadPart -LiteralPath $files[0] -Verbose } }
        finally { $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/faults" }
        $run.Output.Resumed | Should -Be $true, $true, $false
        # The one part of 1 MiB takes 0.4 seconds at least.
        $run.Verbose -match '^s3://.*: sent' | Should -Match '3 parts stored, 11\.0 MiB, ([0-2]\.\d MiB|\d+ KiB)/s$'
    }

    It 'is told on the verbose stream for each upload, for hosts that show no bars' {
        $run = Watch-Run { $files | New-S3MultipartUpload @to -PartSize 5MB | Add-S3UploadPart -Verbose }
        $lines = @($run.Verbose -match '^s3://')
        $lines | Should -HaveCount 4
        $lines | Sort-Object | Select-Object -First 1 |
            Should -Match "^s3://$bucket/f1\.bin: sent after [\d.]+ s, 3 parts stored, 11\.0 MiB, [\d.]+ \wi?B/s$"
    }
}
