param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }

    # Runs Add-S3UploadPart beside this session on a pipe that is still open, so that the test decides how long it takes.
    function Start-Sending($Upload, [string] $Script, [string] $Preference = 'Continue') {
        $out = [IO.Pipes.AnonymousPipeServerStream]::new('Out')
        $in = [IO.Pipes.AnonymousPipeClientStream]::new('In', $out.ClientSafePipeHandle)
        $shell = [PowerShell]::Create().AddScript("param(`$module, `$upload, `$in) `$ProgressPreference = '$Preference'; Import-Module `$module; $Script")
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
            $records = @($sending.Shell.Streams.Progress | Where-Object Activity -Like '*S3*')
            $records[-1].RecordType | Should -Be 'Completed'
            @($records.RecordType -eq 'Completed') | Should -HaveCount 1
            @($records.ActivityId | Select-Object -Unique) | Should -HaveCount 1
            $records.PercentComplete | ForEach-Object { $_ | Should -BeIn (-1..100) }
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
        $sending = Start-Sending $upload 'Add-S3UploadPart $upload -InputStream $in -Verbose 4>&1 | ForEach-Object { "$_" }' 'SilentlyContinue'
        try {
            $sending.Pipe.Write((New-TestBytes 6MB), 0, 6MB)
            $sending.Pipe.Dispose()
            $sending.Shell.EndInvoke($sending.Result) | Should -Not -BeNullOrEmpty
            $sending.Shell.Streams.Progress | Where-Object Activity -Like '*S3*' | Should -BeNullOrEmpty
        }
        finally { Stop-Sending $sending }
    }
}
