#requires -Version 7.6 -Modules S3Multipart, Microsoft.PowerShell.ThreadJob
<#
.SYNOPSIS
    Sends each folder by a thread job of its own, and reports what became of every file.
.DESCRIPTION
    Thread jobs share the process, so they start at once. One pipeline has parts of many files in flight by itself; jobs are of use where
    folders differ in where they go, or where the caller has other things to do meanwhile.
.EXAMPLE
    ./Send-FromThreadJobs.ps1 ./images, ./logs backups | Where-Object Error
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string[]] $Path,
    [Parameter(Mandatory, Position = 1)] [string] $BucketName
)

$jobs = foreach ($folder in Convert-Path $Path) {
    Start-ThreadJob -Name $folder -ArgumentList $folder, $BucketName {
        param($Folder, $BucketName)
        Get-ChildItem $Folder -Recurse -File |
            New-S3MultipartUpload -BucketName $BucketName -RelativeTo (Split-Path $Folder) |
            Add-S3UploadPart |
            Complete-S3MultipartUpload
    }
}

foreach ($job in $jobs) {
    $done = $job | Receive-Job -Wait -AutoRemoveJob -ErrorVariable failed -ErrorAction SilentlyContinue
    $done | ForEach-Object { [pscustomobject]@{ Key = $_.Key; Size = $_.Size; Checksum = $_.Checksum; Error = $null; Do = $null } }
    $failed | ForEach-Object {
        [pscustomobject]@{
            Key = "$($_.TargetObject)"
            Size = $null
            Checksum = $null
            Error = "$_"
            Do = $_.ErrorDetails.RecommendedAction
        }
    }
}
