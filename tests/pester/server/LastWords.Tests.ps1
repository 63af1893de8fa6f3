param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery { $hasTerminal = $IsLinux -and [bool](Get-Command script -CommandType Application -ErrorAction Ignore) }

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $folder = New-TestFolder
    $files = 1..8 | ForEach-Object { New-TestFile "$folder/$_.bin" 1000 $_; "$folder/$_.bin" }
    $head = @"
        Import-Module '$ModulePath/S3Multipart.psd1'
        `$ProgressPreference = 'SilentlyContinue'
        `$to = @{ BucketName = '$bucket'; EndpointUrl = '$($Server.Http)' }
        `$files = 1..8 | ForEach-Object { Get-Item "$folder/`$_.bin" }
        function Wait-Fault([int] `$Count) {
            `$rules = '$($Server.Http)/_/faults'
            while (((Invoke-RestMethod `$rules) | ForEach-Object { `$_ } | Measure-Object applied -Sum).Sum -lt `$Count) {
                [Threading.Thread]::Sleep(40)
            }
        }

"@
    $delay = @{ operation = 'CreateMultipartUpload'; key = '1.bin'; action = 'delay'; ms = 1500 }

    # The fault of an operation that is done, but never answered.
    function New-Hang([string] $Operation, [string] $Key) {
        @{ operation = $Operation; action = 'hang'; performed = $true } + $(if ($Key) { @{ key = $Key } } else { @{} })
    }

    function New-Refusal([string] $Operation, [string] $Key) {
        @{ operation = $Operation; action = 'error'; code = 'AccessDenied'; status = 403 } + $(if ($Key) { @{ key = $Key } } else { @{} })
    }

    # A script in a PowerShell of its own, and all that it says, the last words to its host too.
    function Get-Said([string] $Script) { (Invoke-Shell -Command ($head + $Script) 2>&1 | Out-String -Width 4000) -replace '\e\[[\d;]*m' }

    # The same at a terminal of its own, where Ctrl+C is typed once the faults have struck so often.
    function Get-SaidAfterCtrlC([string] $Script, [int] $Struck) {
        $program, $first = Get-ShellCommand
        $file = Join-Path $TestDrive "$([Guid]::NewGuid().ToString('n')).ps1"
        Set-Content $file ($head + $Script)
        $start = [Diagnostics.ProcessStartInfo]::new('script')
        $line = (@($program) + $first + '-File' + $file | ForEach-Object { "'$_'" }) -join ' '
        # A run in the background ignores Ctrl+C, and so would whatever it starts.
        $line = "stty cols 4000; env --default-signal=INT $line"
        foreach ($argument in '-qefc', $line, '/dev/null') { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $terminal = [Diagnostics.Process]::Start($start)
        try {
            $said = $terminal.StandardOutput.ReadToEndAsync()
            $deadline = [DateTime]::UtcNow.AddSeconds(120)
            while ((@(Get-Rule) | Measure-Object applied -Sum).Sum -lt $Struck) {
                if ([DateTime]::UtcNow -gt $deadline) { throw 'The faults did not strike in two minutes.' }
                [Threading.Thread]::Sleep(40)
            }

            $terminal.StandardInput.Write([char]3)
            $terminal.StandardInput.Flush()
            $terminal.WaitForExit(30000) | Should -BeTrue -Because 'Ctrl+C ends it'
            $said.GetAwaiter().GetResult() -replace '\e\[[\d;?]*[a-zA-Z]'
        }
        finally { if (-not $terminal.HasExited) { $terminal.Kill($true) } }
    }

    function Get-Rule { (Invoke-RestMethod "$($Server.Http)/_/faults") | ForEach-Object { $_ } }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

# The faults are those of LocalS3.
Describe 'What nobody would hear of otherwise, on <Server.Name>' -Skip:($Server.Name -ne 'LocalS3') -ForEach @{ Server = $Server } {
    AfterEach {
        Set-LocalS3Fault $Server.Http
        Get-S3MultipartUpload @to | Stop-S3MultipartUpload -Force
    }

    It 'is told at Ctrl+C: a part that was refused, and its upload that was still to be aborted' -Skip:(-not $hasTerminal) {
        Set-LocalS3Fault $Server.Http (New-Refusal UploadPart), @{ operation = 'AbortMultipartUpload'; action = 'hang' }
        $said = Get-SaidAfterCtrlC '$files[0] | New-S3MultipartUpload @to | Add-S3UploadPart -StopOnError | Complete-S3MultipartUpload' 2
        $said | Should -Match 'AccessDenied'
        $said | Should -Match ([regex]::Escape((Get-StoredUpload $bucket).UploadId))
    }

    It 'is told at Ctrl+C: a completion that was under way' -Skip:(-not $hasTerminal) {
        Set-LocalS3Fault $Server.Http (New-Hang CompleteMultipartUpload)
        $said = Get-SaidAfterCtrlC '$files[0] | New-S3MultipartUpload @to | Add-S3UploadPart | Complete-S3MultipartUpload' 1
        $said | Should -Match 'whether it is complete is not known'
        $said | Should -Not -Match 'Stopped before'
    }

    It 'is told at Ctrl+C: an upload of which S3 has not said whether it began' -Skip:(-not $hasTerminal) {
        Set-LocalS3Fault $Server.Http (New-Hang CreateMultipartUpload)
        $said = Get-SaidAfterCtrlC '$files[0] | New-S3MultipartUpload @to' 1
        $said | Should -Match "Stopped while 's3://$bucket/1\.bin' was being begun: whether S3 has done it is not known"
        $said | Should -Match "Get-S3MultipartUpload -BucketName $bucket"
    }

    It 'is told at Ctrl+C: a pipe that is read as a stream, and nobody writes to any more' -Skip:(-not $hasTerminal) {
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; action = 'delay'; ms = 1 }
        mkfifo "$TestDrive/pipe"
        $said = Get-SaidAfterCtrlC ('$pipe = [IO.FileStream]::new("TestDrive/pipe", "Open", "ReadWrite")
            $null = Start-ThreadJob { param($Pipe) $Pipe.Write([byte[]]::new(6MB)); $Pipe.Flush() } -ArgumentList $pipe
            $u = New-S3MultipartUpload @to -Key pipe
            Add-S3UploadPart $u -InputStream $pipe -PartSize 5MB'.Replace('TestDrive', $TestDrive)) 1
        $said | Should -Match "Stopped before 's3://$bucket/pipe' was complete"
    }

    It 'is told when Select-Object ends the pipeline before the error of a file was written' {
        # The refusal comes after the part that ends the pipeline; else its error is written as any other.
        Set-LocalS3Fault $Server.Http ((New-Refusal UploadPart 2.bin) + @{ ms = 2000 })
        # While the pipeline is busy, what the module knows of the upload is all that shows that it has read the refusal.
        $said = Get-Said '$hidden = [Reflection.BindingFlags] "NonPublic, Static, Instance"
            $state = [S3Multipart.MultipartUpload].Assembly.GetType("S3Multipart.Core.Engine.UploadState")
            function Wait-Failure([S3Multipart.MultipartUpload[]] $Upload) {
                $transfer = $state.GetProperty("Transfer", $hidden).GetValue($state.GetMethod("Of", $hidden).Invoke($null, $Upload))
                while (-not $transfer.GetType().GetProperty("Failure", $hidden).GetValue($transfer)) { [Threading.Thread]::Sleep(10) }
            }
            $null = $files[0, 1] | New-S3MultipartUpload @to -OutVariable begun | Add-S3UploadPart |
                ForEach-Object { Wait-Fault 1; Wait-Failure $begun[1]; $_ } | Select-Object -First 1'
        $said | Should -Match "The upload of 's3://$bucket/2\.bin' failed: .*AccessDenied"
        $said | Should -Match ([regex]::Escape((Get-StoredUpload $bucket | Where-Object Key -EQ '2.bin').UploadId))
    }

    It 'calls completions that were under way not known, and none unfinished' {
        Set-LocalS3Fault $Server.Http (New-Hang CompleteMultipartUpload 2.bin), (New-Hang CompleteMultipartUpload 3.bin)
        $said = Get-Said '$parts = $files[0..2] | New-S3MultipartUpload @to | Add-S3UploadPart
            $null = Complete-S3MultipartUpload -Part $parts | ForEach-Object { Wait-Fault 2; $_ } | Select-Object -First 1'
        $said | Should -Match 'completing 2 uploads: whether they are complete is not known'
        $said | Should -Not -Match 'Stopped before'
    }

    It 'says no last words with <Silence>' -ForEach @(
        @{ Silence = '-WarningAction SilentlyContinue'; First = ''; With = '-WarningAction SilentlyContinue' }
        @{ Silence = '-WarningAction Ignore'; First = ''; With = '-WarningAction Ignore' }
        @{ Silence = '$WarningPreference'; First = '$WarningPreference = "SilentlyContinue"; '; With = '' }
    ) {
        Set-LocalS3Fault $Server.Http (New-Hang CompleteMultipartUpload 2.bin)
        $said = Get-Said ($First + '$parts = $files[0, 1] | New-S3MultipartUpload @to | Add-S3UploadPart
            $null = Complete-S3MultipartUpload -Part $parts ' + $With + ' | ForEach-Object { Wait-Fault 1; $_ } | Select-Object -First 1')
        (@(Get-Rule) | Measure-Object applied -Sum).Sum | Should -Be 1
        $said.Trim() | Should -BeNullOrEmpty
    }

    It 'aborts the uploads that New-S3MultipartUpload began ahead and nobody got' {
        Set-LocalS3Fault $Server.Http $delay
        $said = Get-Said '$files | New-S3MultipartUpload @to | Select-Object -First 1 | ForEach-Object UploadId'
        $left = @(Get-StoredUpload $bucket)
        $left | Should -HaveCount 1
        $said.Trim() | Should -BeExactly $left[0].UploadId
        $aborts = Get-LocalS3Request $Server.Http | ForEach-Object { $_ } | Where-Object operation -EQ AbortMultipartUpload
        $aborts | Should -Not -BeNullOrEmpty
    }

    It 'tells of those that it could not abort, with the line that does' {
        Set-LocalS3Fault $Server.Http $delay, (New-Refusal AbortMultipartUpload)
        $said = Get-Said '$null = $files[0..2] | New-S3MultipartUpload @to | Select-Object -First 1'
        Set-LocalS3Fault $Server.Http
        $lines = @([regex]::Matches($said, 'To remove it: (.*)') | ForEach-Object { $_.Groups[1].Value.Trim() })
        $lines | Should -HaveCount 2
        foreach ($line in $lines) { & ([scriptblock]::Create($line)) }
        Get-StoredUpload $bucket | ForEach-Object Key | Should -BeExactly '1.bin'
    }

    It 'keeps an upload that New-S3MultipartUpload took up and nobody got' {
        $older = $files[1] | Get-Item | New-S3MultipartUpload @to
        Set-LocalS3Fault $Server.Http $delay
        $null = Get-Said '$null = $files[0, 1] | New-S3MultipartUpload @to -Resume | Select-Object -First 1'
        (Get-StoredUpload $bucket).UploadId | Should -Contain $older.UploadId
    }

    It 'warns of what -WhatIf on <Cmdlet> leaves, with the line that removes it' -ForEach @(
        @{ Cmdlet = 'Add-S3UploadPart'; Run = { Get-Item $files[0] | New-S3MultipartUpload @to | Add-S3UploadPart -WhatIf } }
        @{
            Cmdlet = 'Complete-S3MultipartUpload'
            Run    = { Get-Item $files[0] | New-S3MultipartUpload @to | Add-S3UploadPart | Complete-S3MultipartUpload -WhatIf }
        }
    ) {
        $warnings = @((Watch-Run $Run).Output | Where-Object { $_ -is [Management.Automation.WarningRecord] })
        $warnings | Should -HaveCount 1
        "$($warnings[0])" | Should -Match "'s3://$bucket/1\.bin' .* stays in S3"
        & ([scriptblock]::Create(("$($warnings[0])" -replace '^.*To remove it: ')))
        Get-StoredUpload $bucket | Should -BeNullOrEmpty
    }

    It 'says nothing with -WhatIf of an upload that was there before' {
        $null = Get-Item $files[0] | New-S3MultipartUpload @to
        $run = Watch-Run { Get-S3MultipartUpload @to | Add-S3UploadPart -LiteralPath $files[0] -WhatIf }
        @($run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) | Should -BeNullOrEmpty
    }
}

Describe 'The line that resumes, on <Server.Name>' -Skip:($Server.Name -ne 'LocalS3') -ForEach @{ Server = $Server } {
    BeforeAll {
        $file = "$folder/large.bin"
        New-TestFile $file 12MB
    }

    AfterEach { Set-LocalS3Fault $Server.Http }

    It 'is in the error of a completion that failed, and completes: <Name>' -ForEach @(
        @{ Name = 'InternalError'; Fault = @{ action = 'error'; code = 'InternalError'; status = 500 } }
        @{ Name = 'InternalError'; Fault = @{ action = 'error-in-200'; code = 'InternalError' } }
        @{ Name = 'SlowDown'; Fault = @{ action = 'error'; code = 'SlowDown'; status = 503 } }
        @{ Name = 'AccessDenied'; Fault = @{ action = 'error'; code = 'AccessDenied'; status = 403 } }
        @{ Name = 'BadDigest'; Fault = @{ action = 'error'; code = 'BadDigest'; status = 400 } }
        @{ Name = 'PreconditionFailed'; Fault = @{ action = 'error'; code = 'PreconditionFailed'; status = 412 } }
        @{ Name = 'ConnectionLost'; Fault = @{ action = 'reset' } }
    ) {
        $key = "complete-$($Fault.action)-$Name"
        Set-LocalS3Fault $Server.Http (@{ operation = 'CompleteMultipartUpload' } + $Fault)
        $run = Watch-Run {
            New-S3MultipartUpload @to -Key $key -LiteralPath $file -PartSize 5MB -MaxRetry 0 | Add-S3UploadPart | Complete-S3MultipartUpload
        }
        Set-LocalS3Fault $Server.Http
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly $Name
        $action = $run.Errors[0].ErrorDetails.RecommendedAction
        $action | Should -Match 'To resume: |Without the condition: '
        $action | Should -Not -Match '\$'
        $done = & ([scriptblock]::Create(($action -replace '^.*To resume: ')))
        $done.Key | Should -BeExactly $key
        Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-FileHash $file).Hash
    }

    It 'is in the error of a part that timed out where no other was stored, and offers -Resume' {
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; action = 'hang' }
        $run = Watch-Run { New-S3MultipartUpload @to -Key late -LiteralPath $file -PartSize 5MB -MaxRetry 1 -Timeout 2 | Add-S3UploadPart }
        Set-LocalS3Fault $Server.Http
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'RequestTimedOut'
        $action = $run.Errors[0].ErrorDetails.RecommendedAction
        $action | Should -Match '-Resume on New-S3MultipartUpload'
        $done = & ([scriptblock]::Create(($action -replace '^.*to resume: ')))
        $done.Key | Should -BeExactly 'late'
    }

    It 'names in words the keys that it does not tell' {
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; action = 'error'; code = 'InvalidRequest'; status = 400 }
        $with = @{ AccessKey = 'testaccess'; SecretKey = 'testsecret'; ForcePathStyleAddressing = $true }
        $run = Watch-Run { New-S3MultipartUpload @to @with -Key keys -LiteralPath $file | Add-S3UploadPart }
        $action = $run.Errors[0].ErrorDetails.RecommendedAction
        $action | Should -Match 'Give -AccessKey and -SecretKey to Get-S3MultipartUpload again'
        $action | Should -Not -Match 'testsecret|testaccess|\$'
        $action | Should -Match '-ForcePathStyleAddressing'
    }

    It 'wants the <What> again that cannot be read twice' -ForEach @(
        @{
            What = 'stream'; Words = 'give it as -InputStream'
            Run  = { $upload | Add-S3UploadPart -InputStream ([IO.MemoryStream]::new([byte[]](1, 2))) }
        }
        @{ What = 'bytes'; Run = { [byte[]](1, 2) | Add-S3UploadPart $upload }; Words = 'Pipe its bytes again' }
    ) {
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; action = 'error'; code = 'InvalidRequest'; status = 400 }
        $upload = New-S3MultipartUpload @to -Key once
        $run = Watch-Run $Run
        $line = 'Add-S3UploadPart -Upload \(Get-S3MultipartUpload .*\) \| Complete-S3MultipartUpload'
        $run.Errors[0].ErrorDetails.RecommendedAction | Should -Match "$Words.*$line"
    }
}
