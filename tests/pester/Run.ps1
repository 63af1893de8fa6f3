# Runs the Pester files: those in module/ once, those in server/ once on each server.
param([Parameter(Mandatory)] [string] $SettingsPath)

$ErrorActionPreference = 'Stop'
$settings = Get-Content $SettingsPath -Raw | ConvertFrom-Json -AsHashtable
Import-Module $settings.PesterPath
$common = @{ ModulePath = $settings.ModulePath }
$chosen = { -not $settings.Only -or ($settings.Only | Where-Object { $file.Name -like "*$_*" }) }
$containers = @(
    foreach ($file in Get-ChildItem (Join-Path $PSScriptRoot 'module') -Filter *.Tests.ps1) {
        if (& $chosen) { New-PesterContainer -Path $file.FullName -Data $common }
    }
    foreach ($server in $settings.Servers) {
        foreach ($file in Get-ChildItem (Join-Path $PSScriptRoot 'server') -Filter *.Tests.ps1) {
            if (& $chosen) { New-PesterContainer -Path $file.FullName -Data ($common + @{ Server = $server }) }
        }
    }
)

if (-not $containers) { throw "No test file matches '$($settings.Only)'." }

$configuration = New-PesterConfiguration
$configuration.Run.Container = $containers
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration
# A file that fails to load, or a block whose set-up fails, is a failure too even where it hides its tests.
$broken = @($run.FailedContainers).Count + @($run.FailedBlocks).Count
@{ Passed = $run.PassedCount; Failed = [Math]::Max($run.FailedCount, $(if ($broken) { 1 } else { 0 })); Skipped = $run.SkippedCount + $run.NotRunCount } |
    ConvertTo-Json | Set-Content $settings.Result
