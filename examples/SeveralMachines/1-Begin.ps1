#requires -Version 7.6 -Modules S3Multipart
<#
.SYNOPSIS
    Begins the upload of a file, and writes it down for the machines that send.
.EXAMPLE
    ./1-Begin.ps1 //nas/big.vhdx backups -UploadPath //nas/upload.xml
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $LiteralPath,
    [Parameter(Mandatory, Position = 1)] [string] $BucketName,
    [Parameter(Mandatory)] [string] $UploadPath,
    [long] $PartSize = 16MB
)

# What is written has no secret in it, so it may lie where all of them read it.
New-S3MultipartUpload -BucketName $BucketName -LiteralPath $LiteralPath -PartSize $PartSize -ErrorAction Stop | Export-Clixml $UploadPath
