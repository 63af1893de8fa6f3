# Starts further PowerShells of the kind that this one is, whatever its executable is called and wherever it lies.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

function Get-ShellCommand {
    <#
    .SYNOPSIS
    The command line that starts a PowerShell like this one without profile and prompts: the program, then its first arguments.
    #>
    $program = [Environment]::ProcessPath
    # As a .NET tool, PowerShell is a library that the program dotnet runs.
    $library = if ([IO.Path]::GetFileNameWithoutExtension($program) -ne 'pwsh') { Join-Path $PSHOME 'pwsh.dll' }
    @($program) + @($library | Where-Object { $_ }) + '-NoProfile' + '-NonInteractive'
}

function Invoke-Shell {
    <# .SYNOPSIS Runs a PowerShell with these arguments and emits what it writes; LASTEXITCODE is its exit code. #>
    $program, $first = Get-ShellCommand
    # Splatted, an argument such as *.xml would be replaced by the files that match.
    & $program $first $args
}

Export-ModuleMember -Function Get-ShellCommand, Invoke-Shell
