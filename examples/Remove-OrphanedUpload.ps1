#requires -Version 7.6 -Modules S3Multipart
<#
.SYNOPSIS
    Stops the uploads that nobody finished for a while, and reports what was freed.
.DESCRIPTION
    For a scheduled task, by an account that may list and abort uploads but not write objects. A bucket or an upload that fails is a row of
    the report too, and the others are done all the same.
.OUTPUTS
    One object for each upload, and for each failure: BucketName, Key, Initiated, PartCount, FreedBytes, Error.
.EXAMPLE
    ./Remove-OrphanedUpload.ps1 backups, archive -OlderThan 14d | Export-Csv "orphans-$(Get-Date -Format yyyyMMdd).csv"
.EXAMPLE
    ./Remove-OrphanedUpload.ps1 backups -OlderThan 7d -WhatIf
.EXAMPLE
    ./Remove-OrphanedUpload.ps1 * -OlderThan 14d -WhatIf

    Of all buckets of the account, for which it takes the right to list them.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)] [string[]] $BucketName,
    # As Get-S3MultipartUpload takes it: 14d, 12h, 90m, or a TimeSpan.
    [Parameter(Mandatory)] [string] $OlderThan
)

foreach ($bucket in $BucketName) {
    Get-S3MultipartUpload -BucketName $bucket -OlderThan $OlderThan -ErrorVariable failed -ErrorAction SilentlyContinue |
        Stop-S3MultipartUpload -Force -PassThru -ErrorVariable +failed -ErrorAction SilentlyContinue |
        Select-Object BucketName, Key, Initiated, PartCount, FreedBytes, @{ Name = 'Error'; Expression = { $null } }
    foreach ($failure in $failed) {
        [pscustomobject]@{
            BucketName = $bucket
            Key = "$($failure.TargetObject)"
            Initiated = $null
            PartCount = 0
            FreedBytes = 0
            Error = "$failure"
        }
    }
}
