<#
.SYNOPSIS
    Measures what importing the module adds to a bare PowerShell, and what its first cmdlet adds to that.
.DESCRIPTION
    Each figure is the median over fresh processes that take turns, in milliseconds of wall and of processor time. On a loaded machine the
    processor time is the fair one.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [ValidateRange(1, 1000)] [int] $Count = 15
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
Import-Module (Join-Path $PSScriptRoot 'Measure.psm1'), (Join-Path $PSScriptRoot '../tools/Shell.psm1')
$import = "Import-Module '$(Join-Path (Convert-Path $ModulePath) 'S3Multipart.psd1')'"
$cases = [ordered]@{
    'bare PowerShell'  = 'exit'
    'and the import'   = "$import; exit"
    'and a cmdlet run' = "$import; New-S3MultipartUpload b k -AccessKey a -SecretKey s -Region us-east-1 -WhatIf *>`$null; exit"
}

$runs = @{}
foreach ($name in $cases.Keys) { $runs[$name] = [Collections.Generic.List[object]]::new() }
foreach ($i in 0..$Count) {
    foreach ($name in $cases.Keys) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $run = Measure-Client -Command ((Get-ShellCommand) + '-Command' + $cases[$name])
        # GNU time counts in hundredths, which is too coarse for the wall.
        $run.Wall = $clock.Elapsed.TotalSeconds
        if ($run.Failure) { throw $run.Failure }
        # The first round only warms the caches.
        if ($i) { $runs[$name].Add($run) }
    }
}

$last = $null
foreach ($name in $cases.Keys) {
    $wall, $processor = (Get-Median $runs[$name].Wall), (Get-Median $runs[$name].Cpu)
    [pscustomobject]@{
        Case             = $name
        WallMs           = [Math]::Round(1000 * $wall)
        AddedWallMs      = if ($last) { [Math]::Round(1000 * ($wall - $last[0])) }
        ProcessorMs      = [Math]::Round(1000 * $processor)
        AddedProcessorMs = if ($last) { [Math]::Round(1000 * ($processor - $last[1])) }
    }
    $last = $wall, $processor
}
