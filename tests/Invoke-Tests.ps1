<#
.SYNOPSIS
    Runs the .NET suite, then the Pester suite on each server in a fresh PowerShell, and closes with the tally of both.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [string[]] $Only = @(),
    [string[]] $Server = @()
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
$root = Split-Path $PSScriptRoot
# A folder for each run, so that runs beside each other do not meet.
$results = (New-Item -ItemType Directory (Join-Path $root "out/results/$([DateTime]::Now.ToString('yyyyMMdd-HHmmss'))-$PID")).FullName
Import-Module (Join-Path $PSScriptRoot 'servers/TestServers.psm1')

function Invoke-DotNetSuite {
    & dotnet test (Join-Path $PSScriptRoot 'S3Multipart.Core.Tests/S3Multipart.Core.Tests.csproj') -c Release --nologo -v quiet --logger 'trx;LogFileName=dotnet.trx' --results-directory $results | Out-Host
    $trx = Join-Path $results 'dotnet.trx'
    if (-not (Test-Path $trx)) { throw 'The .NET suite did not run.' }
    $counters = ([xml](Get-Content $trx -Raw)).TestRun.ResultSummary.Counters
    @{ Passed = [int]$counters.passed; Failed = [int]$counters.failed; Skipped = [int]$counters.total - [int]$counters.executed }
}

function Invoke-PesterSuite([object[]] $Servers) {
    $result = Join-Path $results 'pester.json'
    $settings = Join-Path $results 'settings.json'
    $caFile = Join-Path $results 'ca.pem'
    $Servers | ForEach-Object { Get-Content $_.CaFile -Raw } | Set-Content $caFile
    @{
        ModulePath = $ModulePath
        Only       = $Only
        Servers    = @($Servers | Select-Object Name, Http, Https, Proxy, Folder)
        Result     = $result
        PesterPath = (Join-Path (Get-Module Pester).ModuleBase 'Pester.psd1')
    } | ConvertTo-Json -Depth 4 | Set-Content $settings
    $start = [Diagnostics.ProcessStartInfo]@{ FileName = 'pwsh'; WorkingDirectory = $root }
    foreach ($argument in '-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot 'pester/Run.ps1'), $settings) { $start.ArgumentList.Add($argument) }
    # Nothing of this machine's own AWS set-up may reach a test, and no test may look for an instance's metadata service.
    foreach ($name in @($start.Environment.Keys | Where-Object { $_ -like 'AWS_*' })) { $null = $start.Environment.Remove($name) }
    $start.Environment['AWS_ACCESS_KEY_ID'] = 'testaccess'
    $start.Environment['AWS_SECRET_ACCESS_KEY'] = 'testsecret'
    $start.Environment['AWS_REGION'] = 'us-east-1'
    $start.Environment['AWS_EC2_METADATA_DISABLED'] = 'true'
    $start.Environment['AWS_CONFIG_FILE'] = Join-Path $results 'no-config'
    $start.Environment['AWS_SHARED_CREDENTIALS_FILE'] = Join-Path $results 'no-credentials'
    $start.Environment['SSL_CERT_FILE'] = $caFile
    $start.Environment['NO_COLOR'] = '1'
    $process = [Diagnostics.Process]::Start($start)
    $process.WaitForExit()
    if (-not (Test-Path $result)) { throw "The Pester suite ended with exit code $($process.ExitCode) and no result." }
    Get-Content $result -Raw | ConvertFrom-Json -AsHashtable
}

# Another build of the AWS SDK, for the proof that the module bears one in its session.
& dotnet publish (Join-Path $PSScriptRoot 'fixtures/OtherSdk/OtherSdk.csproj') -c Release --nologo -v quiet | Out-Host
if ($LASTEXITCODE -ne 0) { throw 'The fixture OtherSdk did not build.' }

if (-not $Server) { $Server = @('LocalS3') + @(if (Test-CephInstalled) { 'Ceph' }) }
$tallies = @()
if (-not $Only) { $tallies += Invoke-DotNetSuite }
$servers = @()
try {
    $servers = @($Server | ForEach-Object { Start-TestServer $_ })
    $tallies += Invoke-PesterSuite $servers
}
finally { $servers | Stop-TestServer }

if (-not (Test-CephInstalled)) { Write-Host 'Ceph RADOS Gateway is not installed here; its half of the suite did not run. Install it with: tests/servers/ceph/install.sh' }
$sum = @{ Passed = 0; Failed = 0; Skipped = 0 }
foreach ($tally in $tallies) { foreach ($name in 'Passed', 'Failed', 'Skipped') { $sum[$name] += $tally[$name] } }
Write-Host "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
if ($sum.Failed -or -not $sum.Passed) { exit 1 }
