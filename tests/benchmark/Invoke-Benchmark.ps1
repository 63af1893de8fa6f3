<#
.SYNOPSIS
    Measures what the module costs, beside the least that .NET can do, TransferUtility and the other clients that are installed.
.DESCRIPTION
    Each client runs as a process of its own, in turns with the others, against an endpoint on this machine that throws bodies away.
    Before that each sends smaller files to one that keeps them, and they are read back. Writes a table, a plot and the demanded ratios
    to the host, and all figures with plots as SVG to out/benchmark. It is a report: a missed ratio is no error.
.EXAMPLE
    pwsh ./build.ps1 Benchmark
.EXAMPLE
    tests/benchmark/Invoke-Benchmark.ps1 -ModulePath out/modules/S3Multipart/0.1.0 -Case one-https, many-https -Quick
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,

    # Names of cases, or patterns; their start-up is measured with them.
    [string[]] $Case = '*',

    # Runs of each client in each case.
    [ValidateRange(1, 100)] [int] $Runs = 3,

    # A quarter of the bytes, and one run where -Runs says nothing else: for trying out.
    [switch] $Quick,

    # Clients to run; patterns.
    [string[]] $Client = '*',

    # Measures without reading objects back first.
    [switch] $SkipCheck,

    # Puts the tables of this run into docs/benchmark.md, and its plots and their figures beside it.
    [switch] $UpdateDocs
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Set-StrictMode -Version 3.0
$Root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
$ModulePath = (Resolve-Path $ModulePath).Path
foreach ($module in 'Measure', 'ClientCommands', 'Cases', 'Report') { Import-Module (Join-Path $PSScriptRoot "$module.psm1") -Force }
Import-Module (Join-Path $Root 'tests/servers/TestServers.psm1')
Import-Module (Join-Path $Root 'tests/tools/S3Client.psm1')
$out = (New-Item -ItemType Directory (Join-Path $Root 'out/benchmark') -Force).FullName
if ($Quick -and -not $PSBoundParameters.ContainsKey('Runs')) { $Runs = 1 }
# From a command line a list comes as one text.
$Case = $Case -split ',\s*'
$Client = $Client -split ',\s*'

function Select-ByPattern([string[]] $Pattern, [string] $Name) { [bool]($Pattern | Where-Object { $Name -like $_ }) }

function Start-ThrottleProxy([psobject] $Server) {
    $start = [Diagnostics.ProcessStartInfo]@{ FileName = Get-ClientProgram; RedirectStandardOutput = $true; RedirectStandardInput = $true }
    foreach ($word in 'throttle-proxy', '--to', ([uri]$Server.Http).Port, '--rate', '90MB', '--delay-ms', '30') {
        $start.ArgumentList.Add($word)
    }
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject]@{ Process = $process; Http = "http://127.0.0.1:$(($process.StandardOutput.ReadLine() -split ' ')[1])" }
}

function New-Place([string[]] $Option, [hashtable] $Sets) {
    # AWS's C client in Debian's AWS CLI reaches no other ports.
    $ports = @(if ($cases.Clients -contains 'aws crt') { '--well-known-ports' })
    $server = Start-TestServer LocalS3 -Option (@('--max-seconds', 36000) + $ports + $Option)
    [pscustomobject]@{ Server = $server; Proxy = Start-ThrottleProxy $server; Sets = $Sets }
}

function Remove-Place([psobject] $Place) {
    if (-not $Place.Proxy.Process.HasExited) { $Place.Proxy.Process.Kill() }
    $Place.Server | Stop-TestServer
}

function Get-PlaceCpu([psobject] $Place) {
    $seconds = 0
    foreach ($process in $Place.Server.Process, $Place.Proxy.Process) {
        $process.Refresh()
        $seconds += $process.TotalProcessorTime.TotalSeconds
    }
    $seconds
}

function Invoke-Client([string] $Name, [psobject] $One, [psobject] $Place, [string] $Bucket) {
    $set = $Place.Sets[$One.FileSet]
    $job = [pscustomobject]@{
        Endpoint = $One.Throttled ? $Place.Proxy.Http : $One.Scheme -eq 'https' ? $Place.Server.Https : $Place.Server.Http
        AmazonProxy = $Place.Server.Proxy; CaFile = $Place.Server.CaFile; Bucket = $Bucket; Folder = $set.Folder
        Pipe = $One.Stream ? $pipe : $null; PartSize = $One.PartSize; Throttle = $One.Throttle; ModulePath = $ModulePath
        IsRelayed = $One.Throttled
    }
    $run = Get-ClientCommand $Name $job
    if (-not $run) { return }
    $feed = if ($One.Stream) { @{ Feed = Join-Path $set.Folder 'f1'; Pipe = $pipe } } else { @{} }
    $before = Get-PlaceCpu $Place
    $cost = Measure-Client -Command $run.Command -Environment $run.Environment -Terminal:($Name -eq 'S3Multipart progress') @feed
    [pscustomobject]@{
        Case = $One.Name
        Client = $Name
        Cpu = $cost.Cpu
        Wall = $cost.Wall
        PeakMB = $cost.PeakMB
        ServerCpu = (Get-PlaceCpu $Place) - $before
        Bytes = $set.Bytes; Files = $set.Count; Failure = $cost.Failure
    }
}

function Test-Client([string] $Name, [psobject] $One, [psobject] $Place) {
    $bucket = New-TestBucket -Endpoint $Place.Server.Http
    $run = Invoke-Client $Name $One $Place $bucket
    if (-not $run) { return 'cannot' }
    if ($run.Failure) { return $run.Failure }
    foreach ($file in Get-ChildItem -LiteralPath $Place.Sets[$One.FileSet].Folder -File) {
        $key = $One.Stream ? 'stream' : $file.Name
        if ((Get-ObjectHash -Endpoint $Place.Server.Http -Bucket $bucket -Key $key) -ne (Get-FileHash -LiteralPath $file.FullName).Hash) {
            return "$key is not identical"
        }
    }
    Remove-TestBucket -Endpoint $Place.Server.Http -Name $bucket
}

Build-TestProgram
$installed = @(Get-InstalledClient)
$cases = @(Get-BenchmarkCase -Other @($installed | Where-Object Version | ForEach-Object Name))
$schemes = @($cases | Where-Object { Select-ByPattern $Case $_.Name } | ForEach-Object { $_.Scheme })
$cases = @($cases | Where-Object { (Select-ByPattern $Case $_.Name) -or ($_.Name -like 'start-*' -and $_.Scheme -in $schemes) })
foreach ($one in $cases) { $one.Clients = @($one.Clients | Where-Object { Select-ByPattern $Client $_ }) }

$base = if (Test-Path /dev/shm) { '/dev/shm' } else { [IO.Path]::GetTempPath() }
$work = (New-Item -ItemType Directory (Join-Path $base "s3multipart-benchmark-$PID")).FullName
$pipe = Join-Path $work 'pipe'
if ($cases | Where-Object Stream) { & mkfifo $pipe }
$faults = [Collections.Generic.List[string]]::new()
$measured = [Collections.Generic.List[psobject]]::new()
$correctness = 'not checked in this run'
$load = { if (Test-Path /proc/loadavg) { (-split (Get-Content /proc/loadavg))[0] } }
$loads = @(& $load)
$place = $null
try {
    if (-not $SkipCheck) {
        $place = New-Place @() (New-FileSet (New-Item -ItemType Directory "$work/check") Check $cases.FileSet)
        $count = 0
        foreach ($one in $cases) {
            foreach ($name in $one.Clients | Where-Object { $_ -ne 'idle' -and $_ -notlike 'bare shell*' }) {
                $fault = Test-Client $name $one $place
                if ($fault -eq 'cannot') { continue }
                $count++
                if ($fault) { $faults.Add("$($one.Name), ${name}: $fault"); Write-Warning $faults[-1] }
            }
        }
        Remove-Place $place
        $place = $null
        $correctness = $faults.Count ? "$($faults.Count) of $count failed" : "$count uploads, all identical"
        Write-Host "Read back: $correctness"
    }

    $place = New-Place @('--discard') (New-FileSet (New-Item -ItemType Directory "$work/files") ($Quick ? 'Quick' : 'Full') $cases.FileSet)
    $null = New-TestBucket -Endpoint $place.Server.Http -Name bench
    foreach ($one in $cases) {
        Write-Host "$($one.Name) " -NoNewline
        # What is to be found unchanged is sent before, and not measured.
        if ($one.Unchanged) { $null = Invoke-Client 'S3Multipart send' $one $place bench }
        # All other figures rest on those of start-up, and it is short.
        foreach ($turn in 1..($one.Name -like 'start-*' ? [Math]::Max(3, $Runs) : $Runs)) {
            foreach ($name in $one.Clients) {
                # A client that leaves alone what is there already has to find nothing.
                $isNew = $name -eq 'S3Multipart send' -and -not $one.Unchanged
                $bucket = $isNew ? (New-TestBucket -Endpoint $place.Server.Http) : 'bench'
                $run = Invoke-Client $name $one $place $bucket
                if (-not $run) { continue }
                if ($run.Failure) {
                    $faults.Add("$($one.Name), ${name}: $($run.Failure)")
                    Write-Warning $faults[-1]
                }
                else {
                    $measured.Add($run)
                }
                Write-Host '.' -NoNewline
            }
        }
        Write-Host
        $loads += & $load
        $measured | Select-Object -ExcludeProperty Failure | Export-Csv (Join-Path $out 'runs.csv')
    }
}
finally {
    if ($place) { Remove-Place $place }
    Remove-Item $work -Recurse -Force
}

$crc = @(& (Get-ClientProgram) crc)
$summary = @(Get-Summary $cases $measured)
$summary | Export-Csv (Join-Path $out 'summary.csv')
$demands = @(Get-Demand $summary $crc $correctness)
$demands | Export-Csv (Join-Path $out 'demands.csv')

$text = @(
    "Measured $(Get-Date -Format yyyy-MM-dd) on: $(Get-MachineText)."
    ("$($Quick ? 'Quick: a quarter of the bytes and files that the titles tell. ' : '')Median of $Runs in turns; load of the machine (1 " +
        "minute) $($loads -join ' ').")
    "Others: $(($installed | ForEach-Object { $_.Version ? $_.Version : "$($_.Name) is not installed and not measured" }) -join '; ')."
    ''
    foreach ($one in $cases) {
        $lines = @($summary | Where-Object Case -EQ $one.Name)
        if ($lines) { Format-CaseTable $one $lines }
    }
    '| demand | measured | bound | |'
    '|---|---|---|---|'
    $demands | ForEach-Object { "| $($_.Demand) | $($_.Figure) | $($_.Bound) | $($_.Verdict) |" }
)
$text | Set-Content (Join-Path $out 'benchmark.md')
Remove-Item (Join-Path $out 'benchmark-*.svg')
& dotnet run -c Release --project (Join-Path $PSScriptRoot 'Plot') -- (Join-Path $out 'summary.csv') $out
if ($LASTEXITCODE -ne 0) { Write-Warning 'The plots were not drawn.' }
$text | Select-Object -SkipLast ($demands.Count + 2) | Out-Host
Format-Plot $summary | Tee-Object (Join-Path $out 'plot.txt') | Out-Host
''
$demands | ForEach-Object { "{0,-12} {1}: {2}{3}" -f $_.Verdict, $_.Demand, $_.Figure, ($_.Bound ? " [$($_.Bound)]" : '') } | Out-Host
$faults | ForEach-Object { Write-Warning $_ }
if ($UpdateDocs) {
    $page = Join-Path $Root 'docs/benchmark.md'
    $mark = '<!-- What follows is written by Invoke-Benchmark.ps1 -UpdateDocs. -->'
    $kept = (Get-Content $page -Raw) -split [regex]::Escape($mark)
    Set-Content $page (@($kept[0].TrimEnd(), '', $mark, '') + $text)
    Copy-Item (Join-Path $out 'summary.csv') (Join-Path $Root 'docs/benchmark.csv')
    Copy-Item (Join-Path $out 'benchmark-*.svg') (Join-Path $Root 'docs')
}
Write-Host "All figures are in $out"
exit 0
