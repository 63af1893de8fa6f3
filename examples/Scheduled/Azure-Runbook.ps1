#requires -Version 7.6 -Modules S3Multipart
<#
.SYNOPSIS
    A runbook of Azure Automation that sends a folder to S3, and fails where a file was not sent.
.DESCRIPTION
    Prepare in the Automation account:
    - A Hybrid Runbook Worker that sees the folder, with PowerShell 7.6 and this module. In Azure itself it takes a Runtime Environment of
      7.6 with the module among its packages; the documentation of 2025 names 7.4 as the newest. Where the version is older or the module
      is not there, the first line fails the job before anything is sent.
    - A credential asset, S3Upload: the access key id as its user name and the secret as its password. Automation keeps it encrypted.
    - Variables: S3Bucket and S3Region.
.OUTPUTS
    A line for each file that failed, and the summary. Where one failed it ends in a terminating error, which makes the status of the job
    Failed.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Path,
    [string] $KeyPrefix = ''
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$settings = @{
    LiteralPath         = $Path
    BucketName          = Get-AutomationVariable -Name S3Bucket
    KeyPrefix           = $KeyPrefix
    Recurse             = $true
    Region              = Get-AutomationVariable -Name S3Region
    Credential          = Get-AutomationPSCredential -Name S3Upload
    InformationVariable = 'summaries'
    ErrorVariable       = 'failed'
    ErrorAction         = 'SilentlyContinue'
}
$null = Send-S3File @settings
foreach ($failure in $failed) {
    Write-Output "$($failure.TargetObject): $failure $($failure.ErrorDetails.RecommendedAction)"
}

$summary = $summaries[0].MessageData
Write-Output "$summary"
if ($summary.Failed + $summary.NotTried -gt 0) { throw "$summary" }
