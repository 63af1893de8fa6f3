#requires -Version 7.6 -Modules S3Multipart, Microsoft.PowerShell.ThreadJob
<#
.SYNOPSIS
    Uploads the files of a folder until a deadline. What is not done by then, the next run resumes.
.DESCRIPTION
    For a nightly window, or a runbook that is killed after a while. Files that are in S3 as a whole are moved to another folder; the rest
    stay. At the deadline the requests in flight are cancelled; the parts that S3 has stored stay in S3, and the next run, with -Resume,
    sends only what is missing.
.OUTPUTS
    One object for each file: File, Key, Result (Uploaded, Failed or Open), Size, PartCount, Error, Do.
.EXAMPLE
    ./Invoke-Backup.ps1 D:\export backups -Duration 04:00:00 -DonePath D:\export-done | Export-Csv report.csv
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $Path,
    [Parameter(Mandatory, Position = 1)] [string] $BucketName,
    [Parameter(Mandatory)] [TimeSpan] $Duration,
    [Parameter(Mandatory)] [string] $DonePath,
    [string] $KeyPrefix = '',
    [long] $PartSize
)

$files = @(Get-ChildItem -LiteralPath $Path -File)
if (-not $files) { return }
$settings = @{ BucketName = $BucketName; KeyPrefix = $KeyPrefix; Resume = $true }
if ($PartSize) { $settings.PartSize = $PartSize }
$job = Start-ThreadJob -ArgumentList $files, $settings {
    param($Files, $Settings)
    $Files |
        New-S3MultipartUpload @Settings |
        Add-S3UploadPart |
        Complete-S3MultipartUpload
}

# A pipeline cannot look at the clock while nothing comes through it, so the clock is outside. Stop-Job returns when all requests have
# ended.
$null = $job | Wait-Job -Timeout $Duration.TotalSeconds
$job | Stop-Job
$done = @($job | Receive-Job -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue)
$job | Remove-Job

$null = New-Item -ItemType Directory $DonePath -Force
foreach ($file in $files) {
    $object = $done | Where-Object Key -CEQ ($KeyPrefix + $file.Name)
    $failure = $failed | Where-Object { "$($_.TargetObject)" -in $file.FullName, "s3://$BucketName/$KeyPrefix$($file.Name)" } |
        Select-Object -First 1
    if ($object) { Move-Item -LiteralPath $file.FullName -Destination $DonePath -Force }
    [pscustomobject]@{
        File      = $file.FullName
        Key       = $KeyPrefix + $file.Name
        Result    = if ($object) { 'Uploaded' } elseif ($failure) { 'Failed' } else { 'Open' }
        Size      = $file.Length
        PartCount = $object.PartCount
        Error     = if ($failure) { "$failure" }
        Do        = $failure.ErrorDetails.RecommendedAction
    }
}
