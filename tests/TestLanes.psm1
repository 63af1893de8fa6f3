# The processes that tests run in: one for the .NET suites, and lanes for the Pester files, each with a server of its own.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

Import-Module (Join-Path $PSScriptRoot 'windows/Windows.psm1')

# Begun first, so that none of them is what is left to wait for at the end: by the processor time that they and their servers take.
$s_longest = 'Faults', 'ExitCodes', 'Volume', 'Kill', 'Credentials', 'Resume', 'Examples.Help', 'DirectoryBucket', 'LastWords',
    'AwsToolsSideBySide', 'HostileResponses', 'Examples.Scripts', 'UntrustedResponses', 'Stores', 'Checksums', 'Connections', 'Help',
    'Encryption.CustomerKey', 'Package', 'Overlap'

function Get-TestFile([string[]] $Only, [switch] $Quick) {
    <# .SYNOPSIS The Pester files to run, longest first: all, those that -Only names, or those with tests for -Quick. #>
    # From another shell than PowerShell, a list comes as one text.
    $Only = @($Only | ForEach-Object { $_ -split ',' })
    $given = @($Only | Where-Object { $_ -like '*.Tests.ps1' -and (Test-Path -LiteralPath $_ -PathType Leaf) })
    $named = @($Only | Where-Object { $_ -notin $given })
    $files = @($given | ForEach-Object { Get-Item -LiteralPath $_ })
    if ($named -or -not $Only) {
        $files += foreach ($file in Get-ChildItem (Join-Path $PSScriptRoot 'pester') -Recurse -Filter *.Tests.ps1) {
            if (-not $Only -or ($named | Where-Object { $file.Name -like "*$_*" })) { $file }
        }
    }
    if ($Quick) { $files = @($files | Where-Object { Select-String -LiteralPath $_.FullName -Pattern '-Tag Quick' -Quiet }) }
    if (-not $files) { throw "No test file matches '$Only'." }
    $files | Sort-Object { $i = [Array]::IndexOf($s_longest, $_.Name.Replace('.Tests.ps1', '')); $i -lt 0 ? $s_longest.Count : $i }, Name
}

function Start-DotNetSuite([string] $Root, [string] $Results, [switch] $Quick) {
    <# .SYNOPSIS Starts the test projects of the solution, which are built already; with -Quick without the count of lines that run. #>
    # The paths of sources in our assemblies are not those of this machine, so coverlet would leave them out.
    $coverAll = 'DataCollectionRunSettings.DataCollectors.DataCollector.Configuration.ExcludeAssembliesWithoutSources=None'
    foreach ($project in Get-ChildItem (Join-Path $Root 'tests/*.Tests/*.csproj')) {
        $name = $project.BaseName
        $start = [Diagnostics.ProcessStartInfo]@{ FileName = 'dotnet'; RedirectStandardOutput = $true }
        foreach ($argument in 'test', $project.FullName, '-c', 'Release', '--no-build', '--nologo', '-v', 'quiet', '--logger',
            "trx;LogFileName=$name.trx", '--results-directory', $Results) { $start.ArgumentList.Add($argument) }
        $counting = if (-not $Quick) { '--collect', 'XPlat Code Coverage', '--', $coverAll }
        foreach ($argument in $counting) { $start.ArgumentList.Add($argument) }
        $process = [Diagnostics.Process]::Start($start)
        [pscustomobject]@{
            Name = $name
            Process = $process
            Said = $process.StandardOutput.ReadToEndAsync()
            Result = Join-Path $Results "$name.trx"
        }
    }
}

function Start-TestLane {
    <#
    .SYNOPSIS
        Starts the lanes: three on LocalS3, which share a queue, and one on each other server. Files in module/ run once, and once
        on Windows, which is LocalS3 from the other side of wine.
    #>
    param([object[]] $Files, [string[]] $Server, [string] $ModulePath, [string] $PesterPath, [string] $Results, [string] $Shell,
        [switch] $Quick)
    foreach ($name in $Server) {
        $queue = (New-Item -ItemType Directory (Join-Path $Results "queue-$name")).FullName
        $isWindows = $name -eq 'Windows'
        $own = @($Files | Where-Object { $isWindows ? (Test-WindowsFile $_) : ($name -eq $Server[0] -or $_.Directory.Name -eq 'server') })
        if (-not $own) { continue }
        for ($i = 0; $i -lt $own.Count; $i++) { Set-Content -LiteralPath (Join-Path $queue ('{0:000}' -f $i)) $own[$i].FullName -NoNewline }
        $count = $name -eq 'LocalS3' ? [Math]::Min($Quick ? 2 : 3, $own.Count) : 1
        foreach ($number in 1..$count) {
            $lane = if ($count -gt 1) { "$name-$number" } else { $name }
            # Files in module/ need no server.
            $running = if ($own.Directory.Name -eq 'server') { Start-TestServer ($isWindows ? 'LocalS3' : $name) }
            $settings = Join-Path $Results "$lane.json"
            @{
                Lane = $lane
                Queue = $queue
                Results = $Results
                ModulePath = $ModulePath
                PesterPath = $PesterPath
                Tag = @(if ($Quick) { 'Quick' })
                IsAlone = $Server.Count -eq 1 -and $count -eq 1
                Server = if ($running) {
                    $running | Select-Object Name, Http, Https, Proxy, CaFile, Folder, Lacks, @{ n = 'ProcessId'; e = { $_.Process.Id } }
                }
            } | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $settings
            $start = $settings, $running, $Results, $Shell
            [pscustomobject]@{
                Name = $lane
                Process = if ($isWindows) { Start-WindowsLane $settings } else { Start-LaneProcess @start }
                # The lane on Windows does by itself what Restart-StuckLane does for the others.
                Start = if (-not $isWindows) { $start }
                Server = $running
                Queue = $queue
                Now = Join-Path $Results "$lane.now"
                Result = Join-Path $Results "$lane.jsonl"
            }
        }
    }
}

function Start-LaneProcess([string] $Settings, $Server, [string] $Results, [string] $Shell) {
    # What a lane starts is like itself.
    $program, $first = $Shell ? @('dotnet', $Shell, '-NoProfile', '-NonInteractive') : (Get-ShellCommand)
    $start = [Diagnostics.ProcessStartInfo]@{ FileName = $program; WorkingDirectory = Split-Path $PSScriptRoot }
    foreach ($argument in @($first) + '-File' + (Join-Path $PSScriptRoot 'pester/Invoke-Lane.ps1') + $Settings) {
        $start.ArgumentList.Add($argument)
    }
    # Nothing of this machine's own AWS set-up may reach a test, and no test may look for an instance's metadata service.
    foreach ($name in @($start.Environment.Keys | Where-Object { $_ -like 'AWS_*' })) { $null = $start.Environment.Remove($name) }
    $start.Environment['AWS_ACCESS_KEY_ID'] = 'testaccess'
    $start.Environment['AWS_SECRET_ACCESS_KEY'] = 'testsecret'
    $start.Environment['AWS_REGION'] = 'us-east-1'
    $start.Environment['AWS_EC2_METADATA_DISABLED'] = 'true'
    $start.Environment['AWS_CONFIG_FILE'] = Join-Path $Results 'no-config'
    $start.Environment['AWS_SHARED_CREDENTIALS_FILE'] = Join-Path $Results 'no-credentials'
    if ($Server -and $Server.CaFile) { $start.Environment['SSL_CERT_FILE'] = $Server.CaFile }
    $start.Environment['NO_COLOR'] = '1'
    $start.Environment['POWERSHELL_TELEMETRY_OPTOUT'] = '1'
    $start.Environment['POWERSHELL_UPDATECHECK'] = 'Off'
    [Diagnostics.Process]::Start($start)
}

function Wait-TestProcess {
    <#
    .SYNOPSIS
        Waits for all suites and lanes. A file that does not end within FileSeconds counts as failed, and another process takes those
        after it.
    #>
    param([object[]] $Suites, [object[]] $Lanes, [int] $FileSeconds)
    # In slices, because a wait without end cannot be interrupted by Ctrl+C.
    foreach ($one in $Suites + $Lanes) {
        while (-not $one.Process.WaitForExit(500)) { $Lanes | Where-Object Start | ForEach-Object { Restart-StuckLane $_ $FileSeconds } }
    }
}

function Restart-StuckLane([psobject] $Lane, [int] $FileSeconds) {
    $now = [IO.FileInfo]::new($Lane.Now)
    if ($Lane.Process.HasExited -or -not $now.Exists -or $now.LastWriteTimeUtc.AddSeconds($FileSeconds) -gt [datetime]::UtcNow) { return }
    $Lane.Process.Kill($true)
    $Lane.Process.WaitForExit()
    $name = Split-Path (Get-Content -LiteralPath $Lane.Now -Raw) -Leaf
    [ordered]@{
        Name = "$name in lane $($Lane.Name)"; Lane = $Lane.Name; Passed = 0; Failed = 1; Skipped = 0; Seconds = $FileSeconds; Reasons = @()
        Failures = @("it did not end within $FileSeconds seconds")
    } | ConvertTo-Json -Compress | Add-Content -LiteralPath $Lane.Result
    # The next process has taken no file yet.
    Remove-Item -LiteralPath $Lane.Now
    $start = $Lane.Start
    $Lane.Process = Start-LaneProcess @start
}

function Read-DotNetResult([psobject] $Suite) {
    $said = $Suite.Said.Result
    if (-not (Test-Path -LiteralPath $Suite.Result)) { throw "$($Suite.Name) did not run: $said" }
    $run = ([xml](Get-Content -LiteralPath $Suite.Result -Raw)).TestRun
    $counters = $run.ResultSummary.Counters
    if ($Suite.Process.ExitCode) { Write-Host $said }
    $subject = $Suite.Name -replace '\.Tests$'
    $coverage = Get-ChildItem (Join-Path (Split-Path $Suite.Result) '*/coverage.cobertura.xml') |
        ForEach-Object { ([xml](Get-Content $_ -Raw)).SelectNodes("//package[@name='$subject']/@line-rate") } |
        ForEach-Object Value | Select-Object -Last 1
    if ($coverage) {
        Write-Host ('{0}: {1} tests run {2:p0} of the lines of {3}.' -f $Suite.Name, $counters.total, [double]$coverage, $subject)
    }
    $failures = @($run.SelectNodes("//*[local-name()='UnitTestResult'][@outcome='Failed']/@testName") | ForEach-Object Value)
    # A suite without a test, or one that broke off, has failed whatever its counters say.
    if ([int]$counters.passed -eq 0 -or ($Suite.Process.ExitCode -and -not $failures)) {
        $failures += "exit code $($Suite.Process.ExitCode), $($counters.passed) passed"
    }
    [pscustomobject]@{
        Name = $Suite.Name
        Passed = [int]$counters.passed
        Failed = $failures.Count
        Skipped = [int]$counters.total - [int]$counters.executed
        Seconds = ([datetime]$run.Times.finish - [datetime]$run.Times.start).TotalSeconds; Failures = $failures
    }
}

function Read-LaneResult([psobject] $Lane) {
    if (Test-Path -LiteralPath $Lane.Result) { Get-Content -LiteralPath $Lane.Result | ConvertFrom-Json }
    if ($Lane.Process.ExitCode -or (Get-ChildItem -LiteralPath $Lane.Queue)) {
        $failure = "ended with exit code $($Lane.Process.ExitCode) before its queue was empty"
        [pscustomobject]@{ Name = "lane $($Lane.Name)"; Passed = 0; Failed = 1; Skipped = 0; Seconds = 0; Failures = @($failure) }
    }
}

function Write-Failure([object[]] $Tallies) {
    <# .SYNOPSIS What failed: all where it is little, else of each file the first few, so that one lost server does not hide the rest. #>
    $failed = @($Tallies | Where-Object Failures)
    if ($failed) { Write-Host "`nFailed:" }
    foreach ($one in $failed) {
        $most = $failed.Count -gt 5 ? 5 : 100
        $all = @($one.Failures)
        $all | Select-Object -First $most | ForEach-Object { Write-Host "  $($one.Name): $_" }
        if ($all.Count -gt $most) { Write-Host "  $($one.Name): and $($all.Count - $most) more" }
    }
}

function Get-ProcessorSum([object[]] $Tallies) {
    $known = $Tallies | Where-Object { $_.PSObject.Properties['Processor'] }
    ($known | ForEach-Object { $_.Processor; $_.Serving } | Measure-Object -Sum).Sum
}

function Get-SkipSummary([object[]] $Tallies) {
    <# .SYNOPSIS Why tests were skipped, and how many for each reason. #>
    $reasons = @($Tallies | ForEach-Object { if ($_.PSObject.Properties['Reasons']) { $_.Reasons } })
    foreach ($group in $reasons | Group-Object | Sort-Object Count -Descending) { 'Skipped {0,4}  {1}' -f $group.Count, $group.Name }
}

Export-ModuleMember -Function Test-WineInstalled, Get-TestFile, Start-DotNetSuite, Start-TestLane, Wait-TestProcess, Read-DotNetResult,
    Read-LaneResult, Get-ProcessorSum, Get-SkipSummary, Write-Failure
