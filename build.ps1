#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests and packs the module. Needs the .NET SDK that global.json names, and PowerShell 7.6, which that SDK brings: run
    'dotnet tool restore' once, then 'dotnet pwsh ./build.ps1'. Every task ends with an exit code other than 0 when anything in it failed.
.EXAMPLE
    pwsh ./build.ps1
    Lays the finished module in out/modules/S3Multipart/<version>.
.EXAMPLE
    pwsh ./build.ps1 Test
    Builds, then runs the .NET suites and the Pester suite.
.EXAMPLE
    pwsh ./build.ps1 Test -Quick
    The same in little, for the edit loop: the .NET suites, the conventions, and one pipeline, resume and fault on LocalS3.
.EXAMPLE
    pwsh ./build.ps1 Screens
    Builds, then makes the pictures of docs/screens from what the module shows in a terminal. Needs python3 with pyte.
.EXAMPLE
    pwsh ./build.ps1 Faults
    Builds, then runs what Test has in short: 500 schedules of faults on LocalS3, 100 on the way to Amazon S3, 300 on a store that lies and
    50 on Ceph, kills of a 2 GiB upload, 20,000 uploads in progress, 400,000 responses that no server should give. Takes about half an hour.
    -Seed begins elsewhere.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Demo', 'Screens', 'Benchmark', 'Faults', 'Clean', 'All')]
    [string] $Task = 'Build',

    # Pester files, or parts of their names, to run instead of all tests.
    [string[]] $Only = @(),

    # Only the tests that are marked as quick.
    [switch] $Quick,

    # Test what the last build has left in out/.
    [switch] $NoBuild,

    # Servers to test on; Windows is LocalS3 as the Windows build of PowerShell sees it. Default: LocalS3, and the others where Ceph's
    # packages and wine are installed and where python3 can import moto.
    [ValidateSet('LocalS3', 'Ceph', 'moto', 'Windows')]
    [string[]] $Server = @(),

    # The seed of the first schedule of faults.
    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

$Root = $PSScriptRoot
$Out = Join-Path $Root 'out'
$Manifest = Import-PowerShellDataFile (Join-Path $Root 'S3Multipart.psd1')
# In a folder without anything else, which can be put on PSModulePath.
$ModulePath = Join-Path $Out 'modules' 'S3Multipart' $Manifest.ModuleVersion

# PlatyPS is served by the PowerShell Gallery alone. Only a change of the help pages needs it.
$PlatyPSVersion = [version] '1.0.0'

# The whole module. A file that is not in this list, or is in it and missing, fails the build.
$ModuleFiles = @(
    'S3Multipart.dll'
    'S3Multipart.Format.ps1xml'
    'S3Multipart.psd1'
    'S3Multipart.Core.dll'
    'CHANGELOG.md'
    'LICENSE'
    'THIRD-PARTY-NOTICES.txt'
    'en-US/S3Multipart.dll-Help.xml'
    'en-US/about_S3Multipart.help.txt'
    'en-US/about_S3Multipart_DirectoryBuckets.help.txt'
    'en-US/about_S3Multipart_Encryption.help.txt'
    'en-US/about_S3Multipart_Errors.help.txt'
    'en-US/about_S3Multipart_Performance.help.txt'
    'en-US/about_S3Multipart_Resume.help.txt'
    'private/AWSSDK.Core.dll'
    'private/AWSSDK.Extensions.Numerics.dll'
    'private/AWSSDK.S3.dll'
    'private/AWSSDK.SecurityToken.dll'
    'private/AWSSDK.SSO.dll'
    'private/AWSSDK.SSOOIDC.dll'
    'private/S3Multipart.Aws.dll'
    'private/S3Multipart.Transfer.dll'
    'private/System.IO.Hashing.dll'
)

# What the first upload calls of them is in the package as machine code too; the others are used too little to be worth twice their size.
$PrecompiledFiles = 'AWSSDK.Core.dll', 'AWSSDK.S3.dll', 'S3Multipart.Aws.dll', 'S3Multipart.Transfer.dll', 'System.IO.Hashing.dll'

# Elsewhere the engine is compiled while it runs, which takes the first upload a moment longer.
$Platforms = 'linux-x64', 'linux-arm64', 'osx-arm64', 'win-x64'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE." }
}

# Pester comes with the build, so that every machine tests with the same one.
function Get-PesterPath {
    $project = Join-Path $Root 'build/Tools.csproj'
    $version = ([xml](Get-Content $project -Raw)).SelectSingleNode("//PackageDownload[@Include='Pester']/@Version").Value.Trim('[', ']')
    $package = Join-Path $Out "packages/pester/$version"
    # NuGet writes this file last. A restore that has nothing to do takes seconds.
    if (-not (Test-Path (Join-Path $package '.nupkg.metadata'))) { Invoke-DotNet restore $project -v quiet }
    Join-Path $package 'tools/Pester.psd1'
}

function Import-PlatyPS {
    $found = Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS | Where-Object Version -GE $PlatyPSVersion | Select-Object -First 1
    if (-not $found) {
        throw "This task needs the module Microsoft.PowerShell.PlatyPS $PlatyPSVersion or later: Install-PSResource " +
            "Microsoft.PowerShell.PlatyPS"
    }
    Import-Module $found.Path -Global
}

function Build([switch] $WithTests) {
    $publish = Join-Path $Out 'build/publish/S3Multipart.Aws/release'
    $built = @()
    if ($WithTests) {
        Import-Module (Join-Path $Root 'tests/servers/TestServers.psm1')
        Build-TestProgram
        $built = @('--no-build')
    }
    else { Invoke-DotNet build (Join-Path $Root 'src/S3Multipart/S3Multipart.csproj') -c Release --nologo -v quiet }
    Invoke-DotNet publish (Join-Path $Root 'src/S3Multipart.Aws/S3Multipart.Aws.csproj') @built -c Release --nologo -v quiet
    if (Test-Path $ModulePath) { Remove-Item $ModulePath -Recurse -Force }
    $null = New-Item -ItemType Directory (Join-Path $ModulePath 'private') -Force
    'S3Multipart.psd1', 'S3Multipart.Format.ps1xml', 'CHANGELOG.md', 'LICENSE', 'THIRD-PARTY-NOTICES.txt' |
        ForEach-Object { Copy-Item (Join-Path $Root $_) $ModulePath }
    foreach ($name in 'S3Multipart', 'S3Multipart.Core') {
        Copy-Item (Join-Path $Out "build/bin/$name/release/$name.dll") $ModulePath
    }

    Copy-Item (Join-Path $Root 'en-US') $ModulePath -Recurse
    Get-ChildItem $publish -Filter *.dll | Copy-Item -Destination (Join-Path $ModulePath 'private')
    if (-not $IsWindows) {
        # Packages of NuGet bring some as executable.
        Get-ChildItem $ModulePath -Recurse -File | ForEach-Object { $_.UnixFileMode = 'UserRead, UserWrite, GroupRead, OtherRead' }
    }
    Assert-ModuleFile
    Write-Host "Built $ModulePath"
}

# Not part of Build: in the edit loop it costs more than it saves.
function Precompile([string[]] $Platform) {
    Import-Module (Join-Path $Root 'build/Precompile.psm1')
    Add-PrecompiledEngine -ModulePath $ModulePath -Name $PrecompiledFiles -Platform $Platform
    Assert-ModuleFile $Platform
    Write-Host "Precompiled for $($Platform -join ', ')"
}

# This one, and that of the PowerShell that the tests start under wine.
function Get-TestedPlatform {
    $system = $IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux'
    $this = "$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
    $Platforms | Where-Object { $_ -in $this, 'win-x64' }
}

function Assert-ModuleFile([string[]] $Platform = @()) {
    $expected = $ModuleFiles + @($Platform | ForEach-Object { $one = $_; $PrecompiledFiles | ForEach-Object { "private/$one/$_" } })
    $found = Get-ChildItem $ModulePath -Recurse -File |
        ForEach-Object { [IO.Path]::GetRelativePath($ModulePath, $_.FullName).Replace('\', '/') }
    $difference = Compare-Object ($expected | Sort-Object) ($found | Sort-Object)
    if ($difference) { throw "The module's files are not those it should have:`n$($difference | Out-String)" }
}

function Test {
    # The script sets none where all went well, and without a build no program has.
    $global:LASTEXITCODE = 0
    & (Join-Path $Root 'tests/Invoke-Tests.ps1') -ModulePath $ModulePath -PesterPath (Get-PesterPath) -Only $Only -Server $Server `
        -Quick:$Quick
    # The exit code of a script that is called is not the caller's by itself.
    if ($LASTEXITCODE) { exit $LASTEXITCODE }
}

function Demo { & (Join-Path $Root 'tests/Invoke-Demo.ps1') -ModulePath $ModulePath }

function Screens {
    & (Join-Path $Root 'tests/screens/Invoke-Screens.ps1') -ModulePath $ModulePath
    if ($LASTEXITCODE) { exit $LASTEXITCODE }
}

# The help file is kept in the repository, so that a machine without PlatyPS builds a module with help; a test compares it with the pages.
function Docs {
    Import-Module (Join-Path $Root 'build/Help.psm1')
    Update-ModulePage -ModulePath $ModulePath -MarkdownPath (Join-Path $Root 'docs/help') -WorkPath (Join-Path $Out 'build/pages')
    $file = Export-ModuleHelp -MarkdownPath (Join-Path $Root 'docs/help') -OutputPath (Join-Path $Root 'en-US')
    Copy-Item $file (Join-Path $ModulePath 'en-US')
    Write-Host "Wrote $file"
}

function Benchmark { & (Join-Path $Root 'tests/benchmark/Invoke-Benchmark.ps1') -ModulePath $ModulePath }

function Faults {
    & (Join-Path $Root 'tests/faults/Invoke-Faults.ps1') -ModulePath $ModulePath -Server $Server -Seed $Seed -PesterPath (Get-PesterPath)
}

function Package {
    Import-Module (Join-Path $Root 'build/Package.psm1')
    New-ModulePackage -ModulePath $ModulePath -OutputPath (Join-Path $Out 'package') `
        -ProjectPath (Join-Path $Root 'src/S3Multipart/S3Multipart.csproj') |
        ForEach-Object { Write-Host "Packed $($_.FullName)" }
}

function Clean { if (Test-Path $Out) { Remove-Item $Out -Recurse -Force } }

# Hardly a process of a build or a test runs a method often enough for it to pay to compile it again, better: that took a third of the time
# of the tests. And PowerShell has .NET compile ahead what its last process compiled, which is a whole lane of tests. What is measured, and
# what runs for half an hour, runs as elsewhere.
$runtime = @{ DOTNET_TC_CallCounting = '0'; DOTNET_TieredPGO = '0'; DOTNET_MultiCoreJitMinNumCpus = 'FF' }
$saved = @{}
foreach ($name in $Task -in 'Benchmark', 'Faults' ? @() : $runtime.Keys) {
    $saved[$name] = [Environment]::GetEnvironmentVariable($name)
    [Environment]::SetEnvironmentVariable($name, $runtime[$name])
}

try {
    switch ($Task) {
        'Build' { Build }
        'Test' { if (-not $NoBuild) { Build -WithTests; if (-not $Quick) { Precompile (Get-TestedPlatform) } }; Test }
        'Docs' { Build; Import-PlatyPS; Docs }
        'Package' { Build; Precompile $Platforms; Package }
        'Demo' { Build; Demo }
        'Screens' { Build; Screens }
        'Benchmark' { Build; Precompile $Platforms; Benchmark }
        'Faults' { Build; Precompile $Platforms; Faults }
        'Clean' { Clean }
        'All' { Build -WithTests; Precompile $Platforms; Test; Demo; Package }
    }
}
finally { foreach ($name in $saved.Keys) { [Environment]::SetEnvironmentVariable($name, $saved[$name]) } }
