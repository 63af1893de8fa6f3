#requires -Version 7.6 -Modules S3Multipart
<#
.SYNOPSIS
    Sends one file from several background jobs, each with a range of its parts, and completes it.
.DESCRIPTION
    A background job is a process of its own: what limits one process, such as its share of the processor, does not limit them together.
    The upload goes into the jobs without any secret, so each job finds its credentials as the caller did.
.EXAMPLE
    ./Send-FromJobs.ps1 ./big.vhdx backups -JobCount 4
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $LiteralPath,
    [Parameter(Mandatory, Position = 1)] [string] $BucketName,
    [ValidateRange(1, 32)] [int] $JobCount = 2,
    [long] $PartSize = 16MB
)

$upload = New-S3MultipartUpload -BucketName $BucketName -LiteralPath $LiteralPath -PartSize $PartSize
$count = [Math]::Max(1, [Math]::Ceiling($upload.Length / $upload.PartSize))
$share = [Math]::Ceiling($count / $JobCount)
$jobs = for ($first = 1; $first -le $count; $first += $share) {
    Start-Job -ArgumentList $upload, ($first..[Math]::Min($first + $share - 1, $count)) {
        param($Upload, $PartNumber)
        $Upload | Add-S3UploadPart -PartNumber $PartNumber
    }
}

# If a job failed, parts are missing: then the upload is not completed, and the error has the line that resumes it.
$jobs | Receive-Job -Wait -AutoRemoveJob | Complete-S3MultipartUpload
