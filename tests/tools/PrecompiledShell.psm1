# A copy of the .NET tool's PowerShell whose assemblies are precompiled, as those of the installed PowerShell are: the tool's are not, and
# each start compiles them for a second of processor time. Tests start some hundred of them.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

Import-Module (Join-Path $PSScriptRoot '../../build/Precompile.psm1')

$s_root = Split-Path (Split-Path $PSScriptRoot)
$s_assemblies = 'System.Management.Automation', 'Microsoft.PowerShell.ConsoleHost', 'Microsoft.PowerShell.Commands.Utility',
    'Microsoft.PowerShell.Commands.Management', 'Microsoft.PowerShell.Security', 'Newtonsoft.Json', 'pwsh'

function Test-Precompiled([string] $Path) {
    $stream = [IO.File]::OpenRead($Path)
    $reader = [Reflection.PortableExecutable.PEReader]::new($stream)
    try { $reader.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size -gt 0 } finally { $reader.Dispose() }
}

function Get-PrecompiledShell {
    <#
    .SYNOPSIS
        The pwsh.dll of the copy, for the program dotnet, or nothing where this PowerShell's own assemblies are precompiled. The copy is
        made once, in out/shell; without -Make it is returned only where it is there.
    #>
    param([switch] $Make)
    if (Test-Precompiled (Join-Path $PSHOME 'System.Management.Automation.dll')) { return }
    $folder = Join-Path $s_root "out/shell/$($PSVersionTable.PSVersion)"
    $shell = Join-Path $folder 'pwsh.dll'
    if (-not (Test-Path -LiteralPath $shell)) {
        if (-not $Make) { return }
        New-PrecompiledShell $folder
    }

    $shell
}

# In a folder of its own until it is whole, because runs beside each other may both make it.
function New-PrecompiledShell([string] $Folder) {
    $making = "$Folder-$PID"
    $null = New-Item -ItemType Directory (Split-Path $Folder) -Force
    Copy-Item -LiteralPath $PSHOME $making -Recurse
    Invoke-Precompiler ($s_assemblies | ForEach-Object { Join-Path $PSHOME "$_.dll" }) $making -Reference (
        Join-Path ([Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()) '*.dll'), (Join-Path $PSHOME '*.dll')
    try { [IO.Directory]::Move($making, $Folder) } catch [IO.IOException] { Remove-Item -LiteralPath $making -Recurse }
}

Export-ModuleMember -Function Get-PrecompiledShell
