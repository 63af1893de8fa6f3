#requires -Version 7.6 -Modules S3Multipart
<#
.SYNOPSIS
    Sends one share of the parts, and writes down what S3 stored.
.EXAMPLE
    ./2-Send.ps1 //nas/upload.xml -Share 1 -Of 3 -PartPath //nas/parts1.xml
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $UploadPath,
    [Parameter(Mandatory)] [ValidateRange(1, 100)] [int] $Share,
    [Parameter(Mandatory)] [ValidateRange(1, 100)] [int] $Of,
    [Parameter(Mandatory)] [string] $PartPath
)

$upload = Import-Clixml $UploadPath
$count = [Math]::Max(1, [Math]::Ceiling($upload.Length / $upload.PartSize))
$mine = @(1..$count | Where-Object { $_ % $Of -eq $Share % $Of })
# Run again after a failure, it sends only what S3 does not hold.
if ($mine) { $upload | Add-S3UploadPart -PartNumber $mine -ErrorAction Stop | Export-Clixml $PartPath }
