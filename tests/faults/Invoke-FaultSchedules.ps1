<#
.SYNOPSIS
    Runs seeded schedules of faults, one after the other, prints each one's tally and the sum, and fails if anything did not hold.
.EXAMPLE
    ./tests/faults/Invoke-FaultSchedules.ps1 -ModulePath out/modules/S3Multipart/0.1.0 -Server LocalS3 -Seed 1 -Count 500
.EXAMPLE
    ./tests/faults/Invoke-FaultSchedules.ps1 -ModulePath out/modules/S3Multipart/0.1.0 -Server Ceph -Seed 17
    Runs one schedule again.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    # Amazon is LocalS3, reached by the names of Amazon S3: https, virtual hosts, checksums as trailers. Lying is a LocalS3 that confirms
    # nothing and stores and responses what is not true; there every line has -Verify.
    [ValidateSet('LocalS3', 'Ceph', 'Amazon', 'Lying')] [string] $Server = 'LocalS3',
    [int] $Seed = 1,
    [int] $Count = 1,
    # A server that runs already, as Start-TestServer returns it, or that as JSON.
    $At,
    # Emit the tallies too.
    [switch] $PassThru
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module (Join-Path $PSScriptRoot 'FaultSchedules.psm1'), (Join-Path $PSScriptRoot '../servers/TestServers.psm1'),
    (Join-Path $PSScriptRoot '../tools/Shell.psm1'), (Join-Path $ModulePath 'S3Multipart.psd1')
$option = @(if ($Server -eq 'Lying') { '--store', 'unconfirming' })
$own = if (-not $At) { Start-TestServer $(if ($Server -eq 'Ceph') { 'Ceph' } else { 'LocalS3' }) -Option $option }
if ($own -and $Server -eq 'Lying') { $own | Add-Member Store unconfirming }
$bench = $null
try {
    if ($own) {
        $At = $own
        # Nothing of this machine's own AWS set-up may reach the line.
        foreach ($name in @(Get-ChildItem Env:AWS_*).Name) { Remove-Item "Env:$name" }
        $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY, $env:AWS_REGION, $env:AWS_EC2_METADATA_DISABLED = 'testaccess',
            'testsecret', 'us-east-1', 'true'
        $env:AWS_CONFIG_FILE = $env:AWS_SHARED_CREDENTIALS_FILE = Join-Path $PSScriptRoot 'no-such-file'
        $env:SSL_CERT_FILE = $own.CaFile
        if ($Server -eq 'Amazon') {
            # Whom to trust is read when a process begins.
            Invoke-Shell -File $PSCommandPath -ModulePath $ModulePath -Server Amazon -Seed $Seed -Count $Count -At ($own |
                Select-Object Name, Http, Https, Proxy | ConvertTo-Json -Compress) | Out-Host
            if ($LASTEXITCODE) { throw 'Some schedules did not hold.' }
            return
        }
    }

    if ($At -is [string]) { $At = $At | ConvertFrom-Json }
    $bench = New-FaultBench $ModulePath $At -Path $(if ($Server -eq 'Amazon') { 'Amazon' } else { 'Other' })
    $tallies = foreach ($number in $Seed..($Seed + $Count - 1)) {
        $tally = Invoke-FaultSchedule $number $bench
        Write-Host (('    {0} seed {1}: {2} of {3} completed, {4} failed, {5} by resuming; parts {6} sent, {7} kept; {8} s; faults: {9}; ' +
            'errors: {10}') -f
            $Server, $tally.Seed, $tally.Completed, $tally.Uploads, $tally.Failed, $tally.Resumed, $tally.PartsSent, $tally.PartsKept,
                $tally.Seconds, $tally.Faults, ($tally.Errors -join ' '))
        if ($tally.Failure) { Write-Host "    DID NOT HOLD, seed $($tally.Seed): $($tally.Failure)" }
        $tally
    }
}
finally {
    if ($bench) { Remove-FaultBench $bench }
    if ($own) { $own | Stop-TestServer }
}

$sum = { param($name) ($tallies | Measure-Object $name -Sum).Sum }
$broken = @($tallies | Where-Object Failure)
Write-Host (('    {0}: {1} schedules from seed {2}, {3} uploads, {4} faults applied, {5} uploads failed, {6} completed by resuming, {7} ' +
    'parts kept, {8:n0} s, {9} did not hold{10}') -f
    $Server, $tallies.Count, $Seed, (& $sum Uploads), (& $sum Applied), (& $sum Failed), (& $sum Resumed), (& $sum PartsKept),
        (& $sum Seconds), $broken.Count, $(if ($broken) { ": $($broken.Seed)" }))
if ($PassThru) { $tallies }
if ($broken) { throw "$($broken.Count) schedules did not hold: seeds $($broken.Seed)." }
