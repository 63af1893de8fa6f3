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
        New-PrecompiledShell $folder $PSHOME (Join-Path ([Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()) '*.dll')
    }

    $shell
}

function Get-PrecompiledWindowsShell {
    <#
    .SYNOPSIS
        The folder of a copy of the Windows build that the tests under wine use, in out/shell: there a start of the tool's own takes more
        than twice as long. Without -Make it is returned only where it is there.
    #>
    param([switch] $Make)
    $tools = Get-Content -LiteralPath (Join-Path $s_root '.config/dotnet-tools.json') -Raw | ConvertFrom-Json
    $version = $tools.tools.powershell.version
    $folder = Join-Path $s_root "out/shell/windows-$version"
    if (-not (Test-Path -LiteralPath $folder)) {
        if (-not $Make) { return }
        Restore-Package 'tests/windows/Runtime.csproj'
        Push-Location $s_root
        try { $null = & dotnet tool restore } finally { Pop-Location }
        $packages = (& dotnet nuget locals global-packages --list) -replace '^[^:]*: '
        $runtime = Get-Item (Join-Path $s_root 'out/packages/microsoft.*.app.runtime.win-x64/*/runtimes/win-x64/*') |
            ForEach-Object { Join-Path $_ ($_.Name -eq 'lib' ? 'net10.0/*.dll' : '*.dll') }
        New-PrecompiledShell $folder (Join-Path $packages "powershell/$version/tools/net10.0/any/win") $runtime win-x64
    }

    $folder
}

# In a folder of its own until it is whole, because runs beside each other may both make it.
function New-PrecompiledShell([string] $Folder, [string] $From, [string[]] $Reference, [string] $Platform) {
    $making = "$Folder-$PID"
    $null = New-Item -ItemType Directory (Split-Path $Folder) -Force
    Copy-Item -LiteralPath $From $making -Recurse
    Invoke-Precompiler ($s_assemblies | ForEach-Object { Join-Path $From "$_.dll" }) $making -Platform $Platform `
        -Reference (@($Reference) + (Join-Path $From '*.dll'))
    try { [IO.Directory]::Move($making, $Folder) } catch [IO.IOException] { Remove-Item -LiteralPath $making -Recurse }
}

Export-ModuleMember -Function Get-PrecompiledShell, Get-PrecompiledWindowsShell
