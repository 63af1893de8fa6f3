# Precompiles assemblies (ReadyToRun), so that what they do first is not compiled while somebody waits.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

$s_root = Split-Path $PSScriptRoot

function Restore-Package([string] $Project, [string[]] $Property = @()) {
    & dotnet restore (Join-Path $s_root $Project) -v quiet @Property
    if ($LASTEXITCODE -ne 0) { throw "dotnet restore failed with exit code $LASTEXITCODE." }
}

# The assemblies of a platform's own runtime: what is compiled against those of another takes over what they say of the system.
function Get-RuntimeReference([string] $Platform) {
    Restore-Package 'build/Precompiler.csproj' "-p:RuntimeIdentifier=$Platform"
    $packs = Join-Path $s_root "out/precompiler/microsoft.netcore.app.runtime.$Platform"
    $pack = Get-Item (Join-Path $packs "*/runtimes/$Platform") | Select-Object -Last 1
    (Join-Path $pack 'lib/net10.0/*.dll'), (Join-Path $pack 'native/*.dll')
}

function Invoke-Precompiler {
    <#
    .SYNOPSIS
        Writes precompiled copies of assemblies into a folder.
    #>
    param(
        [Parameter(Mandatory)] [string[]] $LiteralPath,
        [Parameter(Mandatory)] [string] $Destination,

        # Folders, each with '*.dll', of what they refer to.
        [Parameter(Mandatory)] [string[]] $Reference,

        # The platform to compile for, as in 'win-x64'. Default: this one.
        [string] $Platform,

        # More options of the compiler.
        [string[]] $Option = @()
    )

    Restore-Package 'build/Precompiler.csproj'
    $compiler = Get-ChildItem (Join-Path $s_root 'out/precompiler/microsoft.netcore.app.crossgen2.*/*/tools/crossgen2*') |
        Where-Object BaseName -EQ crossgen2 | Select-Object -Last 1
    $null = New-Item -ItemType Directory $Destination -Force
    $options = @('-O') + $Option + @($Reference | ForEach-Object { "-r:$_" })
    if ($Platform) {
        $system, $architecture = $Platform -split '-', 2
        $options += "--targetos:$($system -replace '^win$', 'windows')", "--targetarch:$architecture"
    }

    foreach ($path in $LiteralPath) {
        # From a file, because PowerShell would put the names of the files in the place of a wildcard.
        $arguments = Join-Path $Destination 'arguments.rsp'
        Set-Content -LiteralPath $arguments (@($path, "-o:$(Join-Path $Destination (Split-Path $path -Leaf))") + $options)
        $said = & $compiler.FullName "@$arguments" 2>&1 | Out-String
        if ($LASTEXITCODE -ne 0) { throw "$path was not compiled: $said" }
        Remove-Item -LiteralPath $arguments
    }
}

function Add-PrecompiledEngine {
    <#
    .SYNOPSIS
        Adds the engine to a built module as it runs without being compiled first: a folder private/<platform> for each platform given.
    .DESCRIPTION
        Elsewhere the module runs from private/ itself.
    #>
    param(
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [string[]] $Name,
        [Parameter(Mandatory)] [string[]] $Platform
    )
    $private = Join-Path $ModulePath 'private'
    # Inlines methods of .NET's core library. At run time their bodies are compared with those of the library that is there, and what no
    # longer fits is compiled anew. Without this a CRC calls two methods for every 16 bytes, in the first seconds of a run.
    $option = '--opt-cross-module:System.Private.CoreLib'
    foreach ($one in $Platform) {
        Invoke-Precompiler ($Name | ForEach-Object { Join-Path $private $_ }) (Join-Path $private $one) -Platform $one -Option $option `
            -Reference (@(Get-RuntimeReference $one) + (Join-Path $ModulePath '*.dll'), (Join-Path $private '*.dll'))
    }
}

Export-ModuleMember -Function Invoke-Precompiler, Add-PrecompiledEngine
