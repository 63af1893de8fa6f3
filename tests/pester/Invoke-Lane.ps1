# Runs test files from a queue that several lanes share, one after the other, until none is left. Each lane is a process with servers of
# its own, because tests set faults and read the log of requests of the server they run on.
param([Parameter(Mandatory)] [string] $SettingsPath)

$ErrorActionPreference = 'Stop'
$settings = Get-Content -LiteralPath $SettingsPath -Raw | ConvertFrom-Json -AsHashtable
Import-Module $settings.PesterPath

# The next file of the queue, or nothing. Whoever moves an entry out of the folder has it.
function Get-NextFile {
    foreach ($entry in Get-ChildItem -LiteralPath $settings.Queue -File | Sort-Object Name) {
        try {
            $claimed = Join-Path $settings.Results "$($entry.Name).$($settings.Lane)"
            [IO.File]::Move($entry.FullName, $claimed)
            return Get-Content -LiteralPath $claimed -Raw
        }
        catch [IO.FileNotFoundException] { continue }
    }
}

while ($file = Get-NextFile) {
    $data = @{ ModulePath = $settings.ModulePath }
    if ((Split-Path (Split-Path $file) -Leaf) -eq 'server') { $data.Server = $settings.Server }
    $configuration = New-PesterConfiguration
    $configuration.Run.Container = New-PesterContainer -Path $file -Data $data
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Detailed'
    $configuration.Output.RenderMode = 'Plaintext'
    if ($settings.Tag) { $configuration.Filter.Tag = $settings.Tag }
    $clock = [Diagnostics.Stopwatch]::StartNew()
    # Beside other lanes, what a file says is printed in one piece when it ends.
    if ($settings.IsAlone) { $run = Invoke-Pester -Configuration $configuration }
    else {
        $said = @(Invoke-Pester -Configuration $configuration 6>&1)
        $run = $said | Where-Object { $_ -is [Pester.Run] }
        [Console]::Out.WriteLine(($said | Where-Object { $_ -isnot [Pester.Run] } | Out-String -Width 1000))
    }

    # A file that fails to load, or a block whose set-up fails, is a failure too even where it hides its tests.
    $broken = @($run.FailedContainers).Count + @($run.FailedBlocks).Count
    [ordered]@{
        Name     = (Split-Path $file -Leaf) + $(if ($data.Server) { " on $($data.Server.Name)" })
        Passed   = $run.PassedCount
        Failed   = [Math]::Max($run.FailedCount, [int]($broken -gt 0))
        Skipped  = $run.SkippedCount + $(if ($settings.Tag) { 0 } else { $run.NotRunCount })
        Seconds  = [Math]::Round($clock.Elapsed.TotalSeconds, 1)
        Failures = @($run.Failed | ForEach-Object ExpandedPath) +
            @(if ($broken) { "$(Split-Path $file -Leaf): its set-up failed, or it could not be loaded" })
    } | ConvertTo-Json -Compress | Add-Content -LiteralPath (Join-Path $settings.Results "$($settings.Lane).jsonl")
}
