#requires -Version 7.6 -Modules S3Multipart
<#
.SYNOPSIS
    Sends the parts of one upload from several runspaces, and completes it.
.DESCRIPTION
    Add-S3UploadPart has many parts in flight by itself, so a single file needs no runspaces. This is for sources that it does not know:
    here each runspace makes the bytes of its part itself, as a database or a device would give them.
.EXAMPLE
    ./Send-FromRunspaces.ps1 backups dump.bin -ReadPart { param($Number) [IO.File]::ReadAllBytes("dump.$Number") } -PartCount 12
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $BucketName,
    [Parameter(Mandatory, Position = 1)] [string] $Key,
    [Parameter(Mandatory)] [scriptblock] $ReadPart,
    [Parameter(Mandatory)] [ValidateRange(1, 10000)] [int] $PartCount,
    [ValidateRange(1, 64)] [int] $ThrottleLimit = 4
)

$upload = New-S3MultipartUpload -BucketName $BucketName -Key $Key
$text = "$ReadPart"
# The live upload goes into the runspaces with its connection; a script block cannot, so its text does.
$parts = 1..$PartCount | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel {
    $bytes = & ([scriptblock]::Create($using:text)) $_
    Add-S3UploadPart -Upload $using:upload -Value $bytes -PartNumber $_
}
if (@($parts).Count -eq $PartCount) { $parts | Complete-S3MultipartUpload }
else {
    Write-Error ("Only $(@($parts).Count) of $PartCount parts of $upload were stored. They stay in S3 until it is stopped: " +
        "Get-S3MultipartUpload $BucketName -Key $Key | Stop-S3MultipartUpload")
}
