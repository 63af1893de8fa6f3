<#
.SYNOPSIS
    Runs the .NET suites and the Pester suite on each server, side by side, and closes with the tally of all. The solution must be built.
    Ends with exit code 1 if anything failed, or if a suite ran no test.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $PesterPath,
    # Pester files, full paths or parts of their names, to run instead of all tests.
    [string[]] $Only = @(),
    [string[]] $Server = @(),
    # The .NET suites, and the Pester tests with the tag Quick on LocalS3 alone.
    [switch] $Quick,
    # How long a Pester file may take: many times what the longest does, because lanes share the machine.
    [int] $FileSeconds = $(if ($env:S3MULTIPART_LONG_FAULTS) { 7200 } else { 900 })
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
$root = Split-Path $PSScriptRoot
# A folder for each run, so that runs beside each other do not meet.
$results = (New-Item -ItemType Directory (Join-Path $root "out/results/$([DateTime]::Now.ToString('yyyyMMdd-HHmmss'))-$PID")).FullName
Import-Module (Join-Path $PSScriptRoot 'servers/TestServers.psm1'), (Join-Path $PSScriptRoot 'tools/Shell.psm1'),
    (Join-Path $PSScriptRoot 'tools/PrecompiledShell.psm1'), (Join-Path $PSScriptRoot 'TestLanes.psm1')

$clock = [Diagnostics.Stopwatch]::StartNew()
$without = @()
if (-not $Server) {
    $Server = @('LocalS3')
    if (-not $Quick) {
        if (Test-CephInstalled) { $Server += 'Ceph' } else { $without += 'Ceph (install it with tests/servers/ceph/install.sh)' }
        if (Test-MotoInstalled) { $Server += 'moto' } else { $without += 'moto (python3 cannot import it)' }
        if (Test-WineInstalled) { $Server += 'Windows' }
        elseif (-not $IsWindows) { $without += 'Windows (install it with tests/windows/install.sh)' }
    }
}

$suites = @(if (-not $Only) { Start-DotNetSuite $root $results -Quick:$Quick })
$lanes = @()
try {
    $files = Get-TestFile -Only $Only -Quick:$Quick
    $lanes = @(Start-TestLane -Files $files -Server $Server -ModulePath $ModulePath -PesterPath $PesterPath -Results $results `
            -Shell (Get-PrecompiledShell -Make:(-not ($Quick -or $Only))) -Quick:$Quick)
    Wait-TestProcess $suites $lanes $FileSeconds
}
finally {
    foreach ($one in $suites + $lanes) { if (-not $one.Process.HasExited) { $one.Process.Kill($true) } }
    $lanes | Where-Object Server | ForEach-Object Server | Stop-TestServer
}

$tallies = @($suites | ForEach-Object { Read-DotNetResult $_ }) + @($lanes | ForEach-Object { Read-LaneResult $_ })
if (-not ($tallies | Where-Object { $_.Passed -or $_.Failed })) {
    $tallies += [pscustomobject]@{ Name = 'All'; Passed = 0; Failed = 1; Skipped = 0; Seconds = 0; Failures = 'no test ran' }
}
# What matters most comes last, because a log is often read from its end.
Get-SkipSummary $tallies | ForEach-Object { Write-Host $_ }
Write-Host "`nSlowest files, with the processor time that they and their servers took where it is known:"
$tallies | Sort-Object Seconds -Descending | Select-Object -First 12 |
    ForEach-Object { Write-Host ('{0,7:n1} s {1,6:n1} s  {2}' -f $_.Seconds, (Get-ProcessorSum $_), $_.Name) }
Write-Host 'Lanes:'
$tallies | Group-Object { $_.PSObject.Properties['Lane'] ? $_.Lane : $_.Name } | ForEach-Object {
    $seconds = ($_.Group | Measure-Object Seconds -Sum).Sum
    Write-Host ('{0,7:n0} s {1,6:n0} s  {2}, {3} files' -f $seconds, (Get-ProcessorSum $_.Group), $_.Name, $_.Count)
}
Write-Failure $tallies
foreach ($one in $without) { Write-Host "Not tested on $one." }
$sum = @{}
foreach ($name in 'Passed', 'Failed', 'Skipped') { $sum[$name] = ($tallies | Measure-Object $name -Sum).Sum }
Write-Host ('In {0:n0} s:' -f $clock.Elapsed.TotalSeconds)
Write-Host "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
if ($sum.Failed) { exit 1 }
