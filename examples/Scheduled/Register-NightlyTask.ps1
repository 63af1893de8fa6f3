#requires -Version 7.6
<#
.SYNOPSIS
    Registers a task of the Windows Task Scheduler that runs Send-Nightly.ps1 every night.
.DESCRIPTION
    Prepare on the machine, then run this once as an administrator:
    - PowerShell 7.6 for all users, and the module where each account finds it: $env:ProgramFiles\PowerShell\Modules.
    - An account that may read the folder, write the report, and log on as a batch job. Its credentials are those that Send-S3File finds:
      the role of the EC2 instance, or the default profile in the account's .aws folder. None are given here.
    - A name that ends in $ is a group managed service account, whose password Windows keeps itself. Any other runs by S4U, for which no
      password is stored. By the documentation an S4U task has no access to encrypted files, nor to the network as that account: where the
      folder is on a share, take the managed account.

    The exit code of the last run is (Get-ScheduledTaskInfo NAME).LastTaskResult: 1 where a file was not sent. Task Scheduler starts a task
    again that could not be started; one that ended with 1 runs again the next night, and continues there.
.EXAMPLE
    ./Register-NightlyTask.ps1 D:\images backups D:\log\images.jsonl -KeyPrefix images/ -UserId 'CONTOSO\backup$'
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $Path,
    [Parameter(Mandatory, Position = 1)] [string] $BucketName,
    [Parameter(Mandatory, Position = 2)] [string] $ReportPath,
    [string] $KeyPrefix = '',
    [Parameter(Mandatory)] [string] $UserId,
    [datetime] $At = '01:00',
    [timespan] $TimeLimit = '08:00:00',
    [string] $TaskName = 'Send-Nightly'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$script = Join-Path (Split-Path $PSScriptRoot) 'Send-Nightly.ps1'
$arguments = @($script, $Path, $BucketName, $ReportPath)
if ($KeyPrefix) { $arguments += '-KeyPrefix', $KeyPrefix }

# A backslash before the closing quote would escape it, so that those at the end, as in D:\, are doubled.
$quoted = $arguments | ForEach-Object { '"' + ($_ -replace '(\\+)$', '$1$1') + '"' }
$task = @{
    TaskName  = $TaskName
    Action    = New-ScheduledTaskAction -Execute (Join-Path $PSHOME 'pwsh.exe') -Argument "-NoProfile -NonInteractive -File $quoted"
    Trigger   = New-ScheduledTaskTrigger -Daily -At $At -RandomDelay (New-TimeSpan -Minutes 15)
    Principal = New-ScheduledTaskPrincipal -UserId $UserId -LogonType ($UserId.EndsWith('$') ? 'Password' : 'S4U')
    Settings  = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -StartWhenAvailable -RunOnlyIfNetworkAvailable `
        -RestartCount 3 -RestartInterval (New-TimeSpan -Minutes 10) -ExecutionTimeLimit $TimeLimit
}
Register-ScheduledTask @task
