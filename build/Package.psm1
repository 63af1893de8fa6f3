# Packs the built module: a nupkg as Publish-PSResource would make it, a zip for machines without a gallery, and the lists of hashes.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

function New-ModulePackage {
    <#
    .SYNOPSIS
        Packs a built module, and returns the files made.
    .DESCRIPTION
        The module is copied first and given its catalog, so that the build itself stays as it is. New-FileCatalog makes the catalog
        where it exists, which is on Windows; elsewhere the copy gets a list of SHA-256 digests instead (see docs/releasing.md).
    #>
    param(
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [string] $OutputPath,
        [Parameter(Mandatory)] [string] $ProjectPath
    )

    $manifest = Import-PowerShellDataFile (Join-Path $ModulePath 'S3Multipart.psd1')
    $version = Get-PackageVersion $manifest
    if (Test-Path $OutputPath) { Remove-Item $OutputPath -Recurse -Force }
    $staged = (New-Item -ItemType Directory (Join-Path $OutputPath "files/S3Multipart/$($manifest.ModuleVersion)")).FullName
    Copy-Item (Join-Path $ModulePath '*') $staged -Recurse
    Add-Catalog $staged

    $nuspec = Join-Path $OutputPath 'files/S3Multipart.nuspec'
    (New-Nuspec $manifest $version $staged).Save($nuspec)
    # The project lends only the pack target. NU5100 and NU5128 are rules for libraries, whose
    # assemblies lie in lib; NU5125 disapproves of licenseUrl, which is what the PowerShell Gallery reads.
    $said = & dotnet pack $ProjectPath -c Release --no-build --nologo -v quiet `
        -o $OutputPath "-p:NuspecFile=$nuspec" "-p:NuspecBasePath=$staged" '-p:NoWarn=NU5100%3BNU5125%3BNU5128' 2>&1
    if ($LASTEXITCODE -ne 0) { throw "dotnet pack failed: $($said | Out-String)" }

    [IO.Compression.ZipFile]::CreateFromDirectory((Join-Path $OutputPath 'files/S3Multipart'),
        (Join-Path $OutputPath "S3Multipart-$version.zip"), 'Optimal', $true)
    Remove-Item (Join-Path $OutputPath 'files') -Recurse
    Write-HashList $OutputPath (Join-Path $OutputPath 'SHA256SUMS')
    Get-ChildItem $OutputPath -File
}

function Get-PackageVersion([hashtable] $Manifest) {
    $data = $Manifest.PrivateData.PSData
    $Manifest.ModuleVersion + $(if ($data['Prerelease']) { '-' + $data.Prerelease })
}

function Add-Catalog([string] $Path) {
    if (Get-Command New-FileCatalog -ErrorAction Ignore) {
        $null = New-FileCatalog $Path (Join-Path $Path 'S3Multipart.cat') -CatalogVersion 2
    }
    else { Write-HashList $Path (Join-Path $Path 'S3Multipart.sha256') }
}

# In the form that 'sha256sum --check' reads, sorted so that the same files always make the same list.
function Write-HashList([string] $Path, [string] $ListPath) {
    $names = [string[]]@(
        Get-ChildItem $Path -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($Path, $_.FullName).Replace('\', '/') }
    )
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $lines = foreach ($name in $names) { "$((Get-FileHash -LiteralPath (Join-Path $Path $name)).Hash.ToLowerInvariant())  $name" }
    [IO.File]::WriteAllText($ListPath, ($lines -join "`n") + "`n")
}

# What the gallery shows is read from here, so all of it comes from the manifest; the tags that begin with PS let it be found by command.
function New-Nuspec([hashtable] $Manifest, [string] $Version, [string] $ModulePath) {
    $data = $Manifest.PrivateData.PSData
    $tags = @('PSModule') + $data.Tags + 'PSIncludes_Cmdlet' +
        ($Manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    $fields = [ordered]@{
        id                       = 'S3Multipart'
        version                  = $Version
        authors                  = $Manifest.Author
        owners                   = $Manifest.CompanyName
        requireLicenseAcceptance = 'false'
        licenseUrl               = $data.LicenseUri
        projectUrl               = $data['ProjectUri']
        iconUrl                  = $data['IconUri']
        description              = $Manifest.Description
        releaseNotes             = Get-ReleaseNote (Join-Path $ModulePath 'CHANGELOG.md') $Version
        copyright                = $Manifest.Copyright
        tags                     = $tags -join ' '
    }
    $document = [xml]('<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata/><files><file src="**" ' +
        'target="" /></files></package>')
    $metadata = $document.DocumentElement.FirstChild
    foreach ($name in $fields.Keys | Where-Object { $fields[$_] }) {
        $element = $metadata.AppendChild($document.CreateElement($name, $metadata.NamespaceURI))
        $element.InnerText = $fields[$name]
    }

    $document
}

# The changelog's own words about a version. A version that it says nothing of is not packed.
function Get-ReleaseNote([string] $Path, [string] $Version) {
    if ((Get-Content $Path -Raw) -notmatch "(?ms)^## $([regex]::Escape($Version))\b[^\n]*\n(.*?)(?=^## |\z)") {
        throw "CHANGELOG.md has no heading '## $Version'."
    }
    $Matches[1].Trim()
}

Export-ModuleMember -Function New-ModulePackage
