param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $root = (Resolve-Path "$PSScriptRoot/../../..").Path
    $nightly = Join-Path $root examples Send-Nightly.ps1
    $scheduled = Join-Path $root examples Scheduled
    # The program that runs a PowerShell like this one, and where it is a .NET tool the library that the program runs.
    $program, $library = Get-ShellCommand | Where-Object { $_ -notlike '-No*' }
    $called = @($program) + @($library | Where-Object { $_ }) | ForEach-Object { "'$_'" }

    # Runs a script block with these variables in the environment, where none is as in the rest of the tests afterwards.
    function Use-Environment([hashtable] $Variables, [scriptblock] $Run) {
        $before = @{}
        foreach ($name in $Variables.Keys) {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $Variables[$name])
        }

        try { & $Run } finally { foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
    }

    # A PowerShell with these arguments, written as in a command line.
    function Start-Shell([string] $Arguments) { Start-CommandLine $program ($library ? '"{0}" {1}' -f $library, $Arguments : $Arguments) }

    # Starts a command line as an operating system or a scheduler does, from one text, and returns what it wrote and its exit code.
    function Start-CommandLine([string] $File, [string] $Arguments) {
        $start = [Diagnostics.ProcessStartInfo]@{
            FileName = $File; Arguments = $Arguments; RedirectStandardOutput = $true; RedirectStandardError = $true
        }
        $process = [Diagnostics.Process]::Start($start)
        try {
            $errors = $process.StandardError.ReadToEndAsync()
            $said = $process.StandardOutput.ReadToEnd()
            $process.WaitForExit()
            [pscustomobject]@{ Said = $said + $errors.Result; ExitCode = $process.ExitCode }
        }
        finally { $process.Dispose() }
    }

    function Start-Script([string] $Text, [string] $With = 'ps1') {
        $file = Join-Path $TestDrive "$([Guid]::NewGuid().ToString('n')).$With"
        Set-Content -LiteralPath $file $Text
        if ($With -eq 'sh') { return Start-CommandLine 'sh' "`"$file`"" }
        Start-Shell "-NoProfile -NonInteractive -File `"$file`""
    }

    # What stands below a line of YAML, without its indentation; the value of a block, or the items of a list.
    function Get-YamlBlock([string[]] $Line, [string] $Below) {
        $at = [Array]::FindIndex($Line, [Predicate[string]] { param($one) $one.Trim() -ceq $Below })
        if ($at -lt 0) { throw "There is no line '$Below'." }
        $depth = $Line[$at].Length - $Line[$at].TrimStart().Length
        $block = foreach ($one in $Line[($at + 1)..($Line.Count - 1)]) {
            if ($one.Trim() -and $one.Length - $one.TrimStart().Length -le $depth) { break }
            $one
        }
        $depths = $block | Where-Object { $_.Trim() } | ForEach-Object { $_.Length - $_.TrimStart().Length }
        $least = ($depths | Measure-Object -Minimum).Minimum
        $block | ForEach-Object { $_.Length -ge $least ? $_.Substring($least) : '' }
    }

    # The items of a list, each as one line, as YAML folds what is indented below the first one.
    function Get-YamlItem([string[]] $Line, [string] $Below) {
        $text = (Get-YamlBlock $Line $Below) -join "`n" -replace "\n +", ' '
        $text -split "`n" | ForEach-Object { $_ -replace '^- ' }
    }
}

Describe 'The examples for schedulers, on <Server.Name>' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    BeforeAll {
        # As on a user's machine: the module is found by its name, the store by the environment.
        $saved = $env:PSModulePath, $env:AWS_ENDPOINT_URL_S3
        $env:PSModulePath = (Split-Path (Split-Path $ModulePath)) + [IO.Path]::PathSeparator + $env:PSModulePath
        $env:AWS_ENDPOINT_URL_S3 = $Server.Http
        $work = New-TestFolder
        $folder = Join-Path $work 'two words'
        $null = New-Item -ItemType Directory $folder
        New-TestFile "$folder/big.bin" (6MB + 7)
        $hash = (Get-FileHash "$folder/big.bin").Hash
        $none = 't-none-such-bucket'
    }
    AfterAll { $env:PSModulePath, $env:AWS_ENDPOINT_URL_S3 = $saved }
    BeforeEach {
        $bucket = New-TestBucket $Server.Http
        $report = Join-Path $work "$([Guid]::NewGuid().ToString('n')).jsonl"
    }
    AfterEach { Remove-TestBucket $Server.Http $bucket }

    Context 'Register-NightlyTask' {
        BeforeAll {
            # With the parameters that the cmdlets of Windows have, so that another is an error here too.
            function New-ScheduledTaskAction([string] $Execute, [string] $Argument, [string] $WorkingDirectory) { $PSBoundParameters }
            function New-ScheduledTaskTrigger([switch] $Daily, [datetime] $At, [timespan] $RandomDelay) { $PSBoundParameters }
            function New-ScheduledTaskPrincipal {
                param([string] $UserId, [ValidateSet('Password', 'S4U', 'ServiceAccount')] [string] $LogonType)
                $PSBoundParameters
            }
            function New-ScheduledTaskSettingsSet {
                param(
                    [ValidateSet('Parallel', 'Queue', 'IgnoreNew')] [string] $MultipleInstances, [switch] $StartWhenAvailable,
                    [switch] $RunOnlyIfNetworkAvailable, [int] $RestartCount, [timespan] $RestartInterval, [timespan] $ExecutionTimeLimit
                )
                $PSBoundParameters
            }
            function Register-ScheduledTask($TaskName, $Action, $Trigger, $Principal, $Settings) { [pscustomobject]$PSBoundParameters }

            function Start-Task($Task) {
                $Task.Action.Execute | Should -Be (Join-Path $PSHOME pwsh.exe)
                Start-Shell $Task.Action.Argument
            }
        }

        It 'registers a command line that sends the folder, and ends with 1 where that fails' {
            $task = & "$scheduled/Register-NightlyTask.ps1" $folder $bucket $report -KeyPrefix 'a b/' -UserId 'CONTOSO\backup$'
            $run = Start-Task $task
            $run.ExitCode | Should -Be 0 -Because $run.Said
            Get-ObjectHash $Server.Http $bucket 'a b/big.bin' | Should -BeExactly $hash
            $report | Should -Exist

            $task = & "$scheduled/Register-NightlyTask.ps1" $folder $none $report -UserId someone
            $run = Start-Task $task
            $run.ExitCode | Should -Be 1
            $run.Said | Should -Match $none
        }

        It 'doubles the backslash at the end of an argument, so that the quote behind it is one' {
            $task = & "$scheduled/Register-NightlyTask.ps1" 'D:\' $bucket 'E:\log\a b.jsonl' -UserId someone
            $task.Action.Argument | Should -BeLike ('-NoProfile -NonInteractive -File "*Send-Nightly.ps1" ' +
                "`"D:\\`" `"$bucket`" `"E:\log\a b.jsonl`"")
        }

        It 'has a time limit, runs once at a time, and stores no password' {
            $task = & "$scheduled/Register-NightlyTask.ps1" $folder $bucket $report -UserId someone -At 03:30
            $task.Trigger.Daily, $task.Trigger.At.Hour, $task.Trigger.At.Minute | Should -Be $true, 3, 30
            $task.Settings.MultipleInstances, $task.Settings.RestartCount | Should -Be 'IgnoreNew', 3
            $task.Settings.ExecutionTimeLimit | Should -Be ([timespan]'08:00:00')
            $task.Principal.LogonType | Should -BeExactly S4U
            $task = & "$scheduled/Register-NightlyTask.ps1" $folder $bucket $report -UserId 'CONTOSO\backup$'
            $task.Principal.LogonType, $task.Principal.UserId | Should -BeExactly Password, 'CONTOSO\backup$'
        }
    }

    Context 'send-nightly.service and send-nightly.timer' {
        BeforeAll { $unit = (Get-Content "$scheduled/send-nightly.service" -Raw) -replace '\\\n\s*', ' ' }

        It 'start what sends the folder, with the credentials of the profile, and fail where that fails' {
            # The words of the line, as systemd takes them apart: there is no quote in it.
            $line = [regex]::Match($unit, '(?m)^ExecStart=(.+)$').Groups[1].Value
            $line | Should -Match '^/usr/bin/pwsh [^"''%$]+$'
            $variables = @{ AWS_ACCESS_KEY_ID = $null; AWS_SECRET_ACCESS_KEY = $null; AWS_SHARED_CREDENTIALS_FILE = "$work/credentials" }
            $assigned = [regex]::Match($unit, '(?m)^Environment=(.+)$').Groups[1].Value -split ' '
            foreach ($one in $assigned) { $variables[$one.Split('=')[0]] = $one.Split('=')[1] }
            $variables.Keys | Should -Contain AWS_PROFILE
            Set-Content "$work/credentials" "[$($variables.AWS_PROFILE)]", "aws_access_key_id = $env:AWS_ACCESS_KEY_ID",
                "aws_secret_access_key = $env:AWS_SECRET_ACCESS_KEY"

            function Start-Unit([string] $Target) {
                $words = $line -split ' +' | Select-Object -Skip 1 | ForEach-Object {
                    switch -CaseSensitive ($_) {
                        '/opt/send-nightly/Send-Nightly.ps1' { $nightly }
                        '/srv/images' { $folder }
                        'backups' { $Target }
                        '/var/lib/send-nightly/report.jsonl' { $report }
                        default { $_ }
                    }
                }
                Use-Environment $variables { Start-Shell (($words | ForEach-Object { "`"$_`"" }) -join ' ') }
            }

            $run = Start-Unit $bucket
            $run.ExitCode | Should -Be 0 -Because $run.Said
            (Start-Unit $none).ExitCode | Should -Be 1
            # What ends the run before a file is looked at counts too.
            $variables.AWS_SHARED_CREDENTIALS_FILE = "$work/none"
            $run = Start-Unit $bucket
            $run.ExitCode | Should -Be 1
            $run.Said | Should -Match "no profile '$($variables.AWS_PROFILE)'"
            Get-ObjectHash $Server.Http $bucket images/big.bin | Should -BeExactly $hash
            $report | Should -Exist
        }

        It 'are units that systemd understands' {
            if (-not (Get-Command systemd-analyze -CommandType Application -ErrorAction Ignore)) {
                Set-ItResult -Skipped -Because 'because systemd-analyze is not installed'
            }
            # It looks for the program, which need not be installed there.
            $units = New-TestFolder
            $unit.Replace('/usr/bin/pwsh', '/bin/true') | Set-Content "$units/send-nightly.service"
            Copy-Item "$scheduled/send-nightly.timer" $units
            $said = & systemd-analyze verify --man=no "$units/send-nightly.service" "$units/send-nightly.timer" 2>&1 | Out-String
            $LASTEXITCODE | Should -Be 0 -Because $said
            $said | Should -Not -Match 'send-nightly'
        }
    }

    Context 'github-actions.yml' {
        BeforeAll {
            $lines = Get-Content "$scheduled/github-actions.yml"

            # A step of a name, and its script as GitHub's runner runs it: errors stop, and the last exit code is its own.
            function Start-Step([string] $Name, [hashtable] $Variables, [string] $Before = '') {
                $step = @(Get-YamlBlock $lines "- name: $Name")
                $step | Should -Contain 'shell: pwsh'
                $given = @(Get-YamlBlock $step 'env:' | ForEach-Object { $_.Split(':')[0] })
                $script = (Get-YamlBlock $step 'run: |') -join "`n"
                $used = [regex]::Matches($script, '\$env:(\w+)').ForEach{ $_.Groups[1].Value } | Select-Object -Unique
                $own = 'RUNNER_TEMP', 'GITHUB_STEP_SUMMARY', 'PSModulePath'
                $used | Where-Object { $_ -notin $given -and $_ -notin $own } | Should -BeNullOrEmpty
                $file = Join-Path $work "$([Guid]::NewGuid().ToString('n')).ps1"
                "`$ErrorActionPreference = 'stop'", $Before, $script,
                    'if ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit $LASTEXITCODE }' | Set-Content $file
                Use-Environment $Variables { Start-Shell "-command `". '$file'`"" }
            }
        }

        It 'sends the artifacts, writes the summary of the job, and fails where that fails' {
            $variables = @{
                ARTIFACTS = $folder; BUCKET = $bucket; KEY_PREFIX = 'owner/name/7/'
                RUNNER_TEMP = $work; GITHUB_STEP_SUMMARY = "$work/summary.md"
            }
            $run = Start-Step Send $variables
            $run.ExitCode | Should -Be 0 -Because $run.Said
            Get-ObjectHash $Server.Http $bucket owner/name/7/big.bin | Should -BeExactly $hash
            "$work/report.jsonl" | Should -Exist
            Get-Content "$work/summary.md" -Raw | Should -Match '(?m)^\*\*1 file: 1 uploaded'

            $variables.BUCKET = $none
            $run = Start-Step Send $variables
            $run.ExitCode | Should -Be 1
            Get-Content "$work/summary.md" -Raw | Should -Match "(?m)^- .*$none"

            $variables += @{ AWS_PROFILE = 'none-such'; AWS_ACCESS_KEY_ID = $null; AWS_SECRET_ACCESS_KEY = $null }
            $run = Start-Step Send $variables
            $run.ExitCode | Should -Be 1
            $run.Said | Should -Match "no profile 'none-such'"
        }

        It 'installs the zip whose digest was given, and no other' {
            $files = New-TestFolder
            $null = New-Item -ItemType Directory "$files/S3Multipart/0.1.0"
            Set-Content "$files/S3Multipart/0.1.0/S3Multipart.psd1" '@{}'
            Compress-Archive "$files/S3Multipart" "$work/module.zip"
            $modules = New-TestFolder
            $variables = @{
                S3MULTIPART_URL = "$work/module.zip"; S3MULTIPART_SHA256 = (Get-FileHash "$work/module.zip").Hash.ToLowerInvariant()
                RUNNER_TEMP = New-TestFolder; PSModulePath = $modules + [IO.Path]::PathSeparator + $env:PSModulePath
            }
            # No web server is needed to see what becomes of a zip.
            $copy = 'function Invoke-WebRequest($Uri, $OutFile) { Copy-Item $Uri $OutFile }'
            $run = Start-Step 'Install S3Multipart' $variables $copy
            $run.ExitCode | Should -Be 0 -Because $run.Said
            "$modules/S3Multipart/0.1.0/S3Multipart.psd1" | Should -Exist

            Remove-Item "$modules/S3Multipart" -Recurse
            $variables.S3MULTIPART_SHA256 = 'a' * 64
            (Start-Step 'Install S3Multipart' $variables $copy).ExitCode | Should -Be 1
            "$modules/S3Multipart" | Should -Not -Exist
        }
    }

    Context 'ssm-document.yml' {
        BeforeAll {
            $lines = Get-Content "$scheduled/ssm-document.yml"

            # The commands of a step in one script, as the agent runs them, with the paths of this machine.
            function Get-StepScript([string] $Step) {
                $items = @(Get-YamlItem @(Get-YamlBlock $lines "- name: $Step") 'runCommand:')
                $text = $items -join "`n"
                $text = $text -replace '/opt/send-nightly/Send-Nightly\.ps1|C:\\Send-Nightly\\Send-Nightly\.ps1', "`"$nightly`""
                $text -replace '/var/log/send-nightly\.jsonl|C:\\Send-Nightly\\report\.jsonl', "`"$report`""
            }
        }

        It 'sends the folder on <_>, and ends with an exit code where that fails or there is no PowerShell' -ForEach Linux, Windows {
            if ($_ -eq 'Linux' -and $IsWindows) { Set-ItResult -Skipped -Because 'because it is a script of sh' }
            $kind = $_ -eq 'Linux' ? 'sh' : 'ps1'
            $text = Get-StepScript "sendOn$_"
            $text | Should -Not -Match '\{\{'
            $here = $text -replace '(?m)^pwsh ', "$($kind -eq 'ps1' ? '& ' : '')$called "
            $variables = @{ SSM_folder = $folder; SSM_bucket = $bucket; SSM_prefix = '$(exit 7)/' }
            $run = Use-Environment $variables { Start-Script $here $kind }
            $run.ExitCode | Should -Be 0 -Because $run.Said
            Get-ObjectHash $Server.Http $bucket '$(exit 7)/big.bin' | Should -BeExactly $hash

            $variables.SSM_prefix = $null
            (Use-Environment $variables { Start-Script $here $kind }).ExitCode | Should -Be 0
            Get-ObjectHash $Server.Http $bucket big.bin | Should -BeExactly $hash

            $variables.SSM_bucket = $none
            (Use-Environment $variables { Start-Script $here $kind }).ExitCode | Should -Be 1
            # An agent that is too old hands nothing over.
            (Use-Environment @{ SSM_bucket = $null } { Start-Script $here $kind }).ExitCode | Should -Be 1
            (Start-Script ($text -replace '(?m)^pwsh ', 'no-such-pwsh ') $kind).ExitCode | Should -BeGreaterThan 0
        }

        It 'names each parameter that its commands read, and takes each from the environment' {
            $parameters = Get-YamlBlock $lines 'parameters:'
            $names = @($parameters | Where-Object { $_ -match '^\w' } | ForEach-Object { $_.TrimEnd(':') })
            $used = [regex]::Matches($lines -join "`n", '\$env:SSM_(\w+)').ForEach{ $_.Groups[1].Value } | Sort-Object -Unique
            $used | Should -BeExactly ($names | Sort-Object)
            @($parameters -match 'interpolationType: ENV_VAR').Count | Should -Be $names.Count
        }
    }

    Context 'Azure-Runbook' {
        BeforeAll {
            function Get-AutomationVariable([string] $Name) { @{ S3Bucket = $target; S3Region = $env:AWS_REGION }[$Name] ?? $(throw $Name) }
            function Get-AutomationPSCredential([string] $Name) { @{ S3Upload = $credential }[$Name] ?? $(throw $Name) }
            $credential = [pscredential]::new($env:AWS_ACCESS_KEY_ID,
                (ConvertTo-SecureString $env:AWS_SECRET_ACCESS_KEY -AsPlainText -Force))
        }

        It 'sends the folder with the credential and the variables of the account, and ends in an error where that fails' {
            Use-Environment @{ AWS_ACCESS_KEY_ID = $null; AWS_SECRET_ACCESS_KEY = $null } {
                $target = $bucket
                $said = & "$scheduled/Azure-Runbook.ps1" -Path $folder -KeyPrefix azure/ 6>$null
                $said | Should -HaveCount 1
                $said | Should -Match '^1 file: 1 uploaded'
                $target = $none
                { & "$scheduled/Azure-Runbook.ps1" -Path $folder 6>$null } | Should -Throw '*1 file*'
            }
            Get-ObjectHash $Server.Http $bucket azure/big.bin | Should -BeExactly $hash
        }
    }
}
