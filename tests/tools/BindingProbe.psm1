# Runs a line of the module's cmdlets with probes in their places: cmdlets with the same names, parameters and attributes, which do nothing
# but tell what was bound. The session has no user, so that a question is an error.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

Import-Module (Join-Path $PSScriptRoot 'TestTools.psm1')

function New-BindingProbe {
    <# .SYNOPSIS A session in which each cmdlet of a module is its probe, with these variables. #>
    param([Parameter(Mandatory)] [string] $Module, [hashtable] $Variables = @{})
    $state = [initialsessionstate]::CreateDefault()
    foreach ($cmdlet in Get-Command -Module $Module -CommandType Cmdlet) {
        $state.Commands.Add([Management.Automation.Runspaces.SessionStateCmdletEntry]::new(
                $cmdlet.Name, [S3Multipart.TestTools.BindingProbe]::Of($cmdlet.ImplementingType), $null))
    }

    Open-Session $state $Variables
}

function New-BindingSession {
    <# .SYNOPSIS A session without a user that has the module itself, with these variables. #>
    param([Parameter(Mandatory)] [string] $ManifestPath, [hashtable] $Variables = @{})
    $state = [initialsessionstate]::CreateDefault()
    $state.ImportPSModule($ManifestPath)
    Open-Session $state $Variables
}

function Open-Session([initialsessionstate] $State, [hashtable] $Variables) {
    foreach ($name in $Variables.Keys) {
        $State.Variables.Add([Management.Automation.Runspaces.SessionStateVariableEntry]::new($name, $Variables[$name], ''))
    }

    $session = [runspacefactory]::CreateRunspace($State)
    $session.Open()
    $session
}

function Invoke-BindingProbe {
    <# .SYNOPSIS What a line binds, a text for each record: 'SET: NAME=VALUE, NAME=VALUE', or 'error ID'. #>
    param([Parameter(Mandatory)] $Session, [Parameter(Mandatory)] [string] $Line)
    $shell = [powershell]::Create($Session)
    try {
        # An error of a record is merged into the output, to come in its place.
        $script = "& { $Line } 2>&1 | ForEach-Object { if (`$_ -is [Management.Automation.ErrorRecord]) {
            'error ' + (`$_.FullyQualifiedErrorId -split ',')[0] } else { `$_ } }"
        try { @($shell.AddScript($script, $true).Invoke()) }
        catch [Management.Automation.MethodInvocationException] {
            'error ' + ($_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId -split ',')[0]
        }
    }
    finally { $shell.Dispose() }
}

function Get-BindingError {
    <# .SYNOPSIS The errors of a line, that which ends it too. #>
    param([Parameter(Mandatory)] $Session, [Parameter(Mandatory)] [string] $Line)
    $shell = [powershell]::Create($Session)
    try {
        try { $null = $shell.AddScript($Line, $true).Invoke() }
        catch [Management.Automation.MethodInvocationException] { $_.Exception.InnerException.ErrorRecord }
        $shell.Streams.Error
    }
    finally { $shell.Dispose() }
}

Export-ModuleMember -Function New-BindingProbe, New-BindingSession, Invoke-BindingProbe, Get-BindingError
