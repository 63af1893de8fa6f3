#requires -Version 7.6 -Modules S3Multipart
<#
.SYNOPSIS
    Completes the upload from what the machines wrote down. Where a part is missing, it is an error that names it.
.EXAMPLE
    ./3-Complete.ps1 //nas/parts*.xml
#>
[CmdletBinding()]
param([Parameter(Mandatory, Position = 0)] [string[]] $PartPath)

Get-Item $PartPath | ForEach-Object { Import-Clixml $_ } | Complete-S3MultipartUpload
