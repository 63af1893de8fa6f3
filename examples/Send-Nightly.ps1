#requires -Version 7.6 -Modules S3Multipart
<#
.SYNOPSIS
    Sends what is new in a folder every night, keeps a report of all nights, and ends with the summary of this one.
.DESCRIPTION
    For a scheduled task. S3 itself is the record: what it holds already is left as it is, what an earlier night has begun is resumed, so
    that a run that was killed needs nothing but the next one. One file that fails does not end the run; each failure is a warning with
    what to do about it, and the exit code is 1.
.OUTPUTS
    The summary, S3Multipart.RunSummary. Its RunId is in the lines of this run in the report.
.EXAMPLE
    pwsh -File ./Send-Nightly.ps1 D:\images backups D:\log\images.jsonl -KeyPrefix images/
.EXAMPLE
    ./Send-Nightly.ps1 D:\images backups D:\log\images.jsonl -MaxBandwidth @{ '06:00' = '5MB'; '20:00' = 'unlimited' } -Plan
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $Path,
    [Parameter(Mandatory, Position = 1)] [string] $BucketName,

    # Outside the folder, so that it is not sent itself.
    [Parameter(Mandatory, Position = 2)] [string] $ReportPath,

    [string] $KeyPrefix = '',
    [string[]] $Exclude,

    # A number of bytes in a second, one with a unit, or a timetable. Default: no limit.
    [object] $MaxBandwidth,

    # Says what would be sent, and changes nothing.
    [switch] $Plan
)

# What ends the run before a file is looked at, such as a profile that is not there, ends the script too, and with exit code 1.
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$settings = @{
    LiteralPath         = $Path
    BucketName          = $BucketName
    KeyPrefix           = $KeyPrefix
    Recurse             = $true
    Report              = $ReportPath
    WhatIf              = $Plan
    InformationVariable = 'summaries'
    ErrorVariable       = 'failed'
    ErrorAction         = 'SilentlyContinue'
}
if ($Exclude) { $settings.Exclude = $Exclude }
if ($MaxBandwidth) { $settings.MaxBandwidth = $MaxBandwidth }

# The report has the objects, and the host shows the summary as a line.
$null = Send-S3File @settings
foreach ($failure in $failed) {
    Write-Warning "$($failure.TargetObject): $failure $($failure.ErrorDetails.RecommendedAction)"
}

$summary = $summaries[0].MessageData
$summary
if ($summary.Failed + $summary.NotTried -gt 0) { exit 1 }
