<#
.SYNOPSIS
    The long run of the fault tests: many schedules of faults, and the Pester files that have a long version.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $PesterPath,
    [string[]] $Server = @(),
    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../servers/TestServers.psm1'), (Join-Path $PSScriptRoot '../tools/Shell.psm1')
if (-not $Server) { $Server = @('LocalS3') + @(if (Test-CephInstalled) { 'Ceph' }) }
$failed = @()
Build-TestProgram

# A fresh PowerShell for each, as for every suite.
function Invoke-Fresh([string] $What, [string[]] $Arguments) {
    Write-Host "== $What"
    Invoke-Shell @Arguments | Out-Host
    if ($LASTEXITCODE) { $script:failed += $What }
}

$runs = @(
    if ('LocalS3' -in $Server) { @{ Name = 'LocalS3'; Count = 500 }; @{ Name = 'Amazon'; Count = 100 }; @{ Name = 'Lying'; Count = 300 } }
    if ('Ceph' -in $Server) { @{ Name = 'Ceph'; Count = 50 } }
)
foreach ($run in $runs) {
    Invoke-Fresh "$($run.Count) schedules of faults on $($run.Name)" '-File', (Join-Path $PSScriptRoot 'Invoke-FaultSchedules.ps1'),
        '-ModulePath', $ModulePath, '-Server', $run.Name, '-Seed', $Seed, '-Count', $run.Count
}

$env:S3MULTIPART_FUZZ_SEEDS, $env:S3MULTIPART_FUZZ_FIRST = 400000, $Seed
try {
    Write-Host '== 400,000 responses that no server should give'
    $suite = Join-Path (Split-Path $PSScriptRoot) 'S3Multipart.Aws.Tests'
    & dotnet test $suite -c Release --filter FullyQualifiedName~ResponseFuzz | Out-Host
    if ($LASTEXITCODE) { $failed += 'Responses that no server should give' }
}
finally { Remove-Item Env:S3MULTIPART_FUZZ_SEEDS, Env:S3MULTIPART_FUZZ_FIRST }

$tests = Join-Path (Split-Path $PSScriptRoot) 'Invoke-Tests.ps1'
$env:S3MULTIPART_LONG_FAULTS = 1
try {
    Invoke-Fresh 'Kills, many uploads and volumes' '-Command', ("& '$tests' -ModulePath '$ModulePath' -PesterPath '$PesterPath' " +
        "-Only Kill., ManyUploads., Volume. -Server $($Server -join ', '); exit `$LASTEXITCODE")
}
finally { Remove-Item Env:S3MULTIPART_LONG_FAULTS }

if ($failed) { throw "Did not hold: $($failed -join '; ')." }
