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
    # Quoted in the text of a script, because an argument such as *.xml that comes from a variable is replaced by the files that match.
    $quoted = @($first) + $args | ForEach-Object { "'$("$_".Replace("'", "''"))'" }
    & ([scriptblock]::Create("& `$program $quoted"))
}

# Processes that run one script after the other, by what distinguishes their environments.
$s_servers = @{}

function Invoke-ShellScript {
    <#
    .SYNOPSIS
        Runs a script in a process with these variables, and returns its last object as it comes back from JSON. Scripts with the same
        variables share a process, each in a session of its own, because a start takes longer than most of them.
    #>
    param([Parameter(Mandatory)] [string] $Script, [hashtable] $Arguments = @{}, [hashtable] $Variables = @{})
    $name = ($Variables.GetEnumerator() | Sort-Object Key | ForEach-Object { "$($_.Key)=$($_.Value)" }) -join "`n"
    if (-not $s_servers[$name] -or $s_servers[$name].HasExited) { $s_servers[$name] = Start-ScriptServer $Variables }
    $server = $s_servers[$name]
    $json = @{ Script = $Script; Arguments = $Arguments } | ConvertTo-Json -Compress -Depth 5
    $server.StandardInput.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json)))
    while ($null -ne ($line = $server.StandardOutput.ReadLine()) -and -not $line.StartsWith('ANSWER')) { }
    if (-not $line) { throw 'The shared PowerShell ended.' }
    $response = $line.Substring(6) | ConvertFrom-Json
    if ($response.Error) { throw "The script said: $($response.Error)" }
    $response.Result
}

# It ends with this process, which holds the other end of its standard input.
function Start-ScriptServer([hashtable] $Variables) {
    $program, $first = Get-ShellCommand
    $start = [Diagnostics.ProcessStartInfo]@{ FileName = $program; RedirectStandardInput = $true; RedirectStandardOutput = $true }
    foreach ($argument in @($first) + '-File' + (Join-Path $PSScriptRoot 'Serve-Scripts.ps1')) { $start.ArgumentList.Add($argument) }
    foreach ($name in $Variables.Keys) {
        if ($null -eq $Variables[$name]) { $null = $start.Environment.Remove($name) } else { $start.Environment[$name] = $Variables[$name] }
    }

    [Diagnostics.Process]::Start($start)
}

Export-ModuleMember -Function Get-ShellCommand, Invoke-Shell, Invoke-ShellScript
