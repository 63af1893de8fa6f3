# Runs test files from a queue that several lanes share, one after the other, until none is left. Each lane is a process with servers of
# its own, because tests set faults and read the log of requests of the server they run on.
param([Parameter(Mandatory)] [string] $SettingsPath)

$ErrorActionPreference = 'Stop'
$settings = Get-Content -LiteralPath $SettingsPath -Raw | ConvertFrom-Json -AsHashtable
Import-Module $settings.PesterPath, (Join-Path $PSScriptRoot '../tools/ProcessorTime.psm1')

# The next file of the queue, or nothing. Whoever moves an entry out of the folder has it.
function Get-NextFile {
    foreach ($entry in Get-ChildItem -LiteralPath $settings.Queue -File | Sort-Object Name) {
        try {
            $claimed = Join-Path $settings.Results "$($entry.Name).$($settings.Lane)"
            [IO.File]::Move($entry.FullName, $claimed)
            $file = Get-Content -LiteralPath $claimed -Raw
            # Whoever waits for the lane sees by it what runs, and since when.
            Set-Content -LiteralPath (Join-Path $settings.Results "$($settings.Lane).now") $file -NoNewline
            return $file
        }
        catch [IO.FileNotFoundException] { continue }
    }
}

# A test that passes without an assertion proves nothing, so those that asserted something are noted where Pester compares.
& (Get-Module Pester) {
    $script:assertedTests = [Collections.Generic.HashSet[object]]::new()
    $original = ${function:Invoke-Assertion}.ToString()
    $noting = $original -replace '(?m)^\s*\$testResult = ', '$null = $assertedTests.Add($state.CurrentTest)$0'
    Set-Item function:script:Invoke-Assertion ([scriptblock]::Create($noting))
}

function Get-TestTag($Test) {
    $Test.Tag
    for ($block = $Test.Block; $block; $block = $block.Parent) { $block.Tag }
}

# Why a test was skipped: what its server lacks, or what the test itself says.
function Get-SkipReason($Test) {
    $tags = @(Get-TestTag $Test)
    $lacked = $lacks.Keys | Where-Object { "Needs$_" -in $tags } | Select-Object -First 1
    if ($lacked) { "$where, because $($lacks[$lacked])" }
    elseif ($Test.ErrorRecord) { "$where$("$($Test.ErrorRecord[0])" -replace '^is skipped')" }
    else { "$where, see '$($Test.Name)'" }
}

# What the lane and its server have taken so far; the server is no child of the lane.
function Get-LaneTime {
    @{
        Own    = Get-ProcessorTime
        Server = if ($settings.Server.ProcessId) { Get-ProcessorTime $settings.Server.ProcessId }
    }
}

$lacks = if ($settings.Server) { $settings.Server.Lacks } else { @{} }
$where = if ($settings.Server) { "on $($settings.On ?? $settings.Server.Name)" } else { 'without a server' }
while ($file = Get-NextFile) {
    $data = @{ ModulePath = $settings.ModulePath }
    if ((Split-Path (Split-Path $file) -Leaf) -eq 'server') { $data.Server = $settings.Server }
    $on = $settings.On ?? $data.Server.Name
    $configuration = New-PesterConfiguration
    $configuration.Run.Container = New-PesterContainer -Path $file -Data $data
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Detailed'
    $configuration.Output.RenderMode = 'Plaintext'
    if ($settings.Tag) { $configuration.Filter.Tag = $settings.Tag }
    $configuration.Filter.ExcludeTag = @($lacks.Keys | ForEach-Object { "Needs$_" })
    $before = Get-LaneTime
    $clock = [Diagnostics.Stopwatch]::StartNew()
    # Beside other lanes, what a file says is printed in one piece when it ends.
    if ($settings.IsAlone) { $run = Invoke-Pester -Configuration $configuration }
    else {
        $said = @(Invoke-Pester -Configuration $configuration 6>&1)
        $run = $said | Where-Object { $_ -is [Pester.Run] }
        [Console]::Out.WriteLine(($said | Where-Object { $_ -isnot [Pester.Run] } | Out-String -Width 1000))
    }

    $after = Get-LaneTime
    $asserted = & (Get-Module Pester) { , $script:assertedTests }
    $idle = @($run.Passed | Where-Object { -not $asserted.Contains($_) })
    $skipped = @($run.Skipped) + @(if (-not $settings.Tag) { $run.NotRun })
    # A file that fails to load, or a block whose set-up fails, is a failure too even where it hides its tests.
    $broken = @($run.FailedContainers).Count + @($run.FailedBlocks).Count
    [ordered]@{
        Name      = (Split-Path $file -Leaf) + $(if ($on) { " on $on" })
        Lane      = $settings.Lane
        Passed    = $run.PassedCount - $idle.Count
        Failed    = [Math]::Max($run.FailedCount, [int]($broken -gt 0)) + $idle.Count
        Skipped   = $skipped.Count
        Reasons   = @($skipped | ForEach-Object { Get-SkipReason $_ })
        Seconds   = [Math]::Round($clock.Elapsed.TotalSeconds, 1)
        Processor = [Math]::Round($after.Own - $before.Own, 1)
        Serving   = [Math]::Round($after.Server - $before.Server, 1)
        Failures  = @($run.Failed | ForEach-Object ExpandedPath) + @($idle | ForEach-Object { "$($_.ExpandedPath): it asserts nothing" }) +
            @(if ($broken) { "$(Split-Path $file -Leaf): its set-up failed, or it could not be loaded" })
    } | ConvertTo-Json -Compress -Depth 4 | Add-Content -LiteralPath (Join-Path $settings.Results "$($settings.Lane).jsonl")
}
