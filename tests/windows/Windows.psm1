# The lane that runs Pester files in the Windows build of PowerShell, under wine.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

# The files that do not run there, and why.
$s_programs = 'its tests start programs of this machine, such as dotnet'
$s_listener = 'HttpListener does not work under wine'
$s_long = 'it is about load, and takes long'
$s_leftOut = @{
    'AwsToolsSideBySide' = $s_programs; 'DirectoryBucket' = $s_programs; 'ExitCodes' = $s_programs; 'Faults' = $s_programs
    'Kill' = $s_programs; 'UntrustedAnswers' = $s_programs
    'Credentials' = $s_listener; 'Credentials.Profiles' = $s_listener
    'ManyUploads' = $s_long; 'Overlap' = $s_long; 'Volume' = $s_long
}

function Test-WineInstalled { $IsLinux -and (Test-Path -LiteralPath /usr/lib/wine/wine64) }

# A path of this machine as a program under wine sees it.
function ConvertTo-WindowsPath([string] $Path) { 'Z:' + $Path.Replace('/', '\') }

# Counts a file that is left out as one skipped test, and says why.
function Add-SkippedFile([string] $Name, [string] $Because, [string] $TallyPath) {
    Write-Host "$Name is skipped on Windows: $Because."
    [ordered]@{ Name = "$Name on Windows"; Passed = 0; Failed = 0; Skipped = 1; Seconds = 0; Failures = @() } |
        ConvertTo-Json -Compress | Add-Content -LiteralPath $TallyPath
}

function Start-WindowsLane([string] $SettingsPath) {
    <# .SYNOPSIS Writes the paths of a lane's settings and queue as Windows has them, and starts the lane; it lays out its Windows first. #>
    $settings = Get-Content -LiteralPath $SettingsPath -Raw | ConvertFrom-Json -AsHashtable
    $folder = Join-Path $settings.Results 'windows'
    foreach ($entry in Get-ChildItem -LiteralPath $settings.Queue) {
        $file = Get-Content -LiteralPath $entry.FullName -Raw
        $name = Split-Path $file -Leaf
        $because = $s_leftOut[$name.Replace('.Tests.ps1', '')]
        if ($because) {
            Add-SkippedFile $name $because (Join-Path $settings.Results "$($settings.Lane).jsonl")
            Remove-Item -LiteralPath $entry.FullName
        }
        else { Set-Content -LiteralPath $entry.FullName (ConvertTo-WindowsPath $file) -NoNewline }
    }

    $settings.On = 'Windows'
    foreach ($name in 'Queue', 'Results', 'ModulePath', 'PesterPath') { $settings[$name] = ConvertTo-WindowsPath $settings[$name] }
    $server = $settings.Server
    if ($server) { foreach ($name in 'CaFile', 'Folder') { $server[$name] = ConvertTo-WindowsPath $server[$name] } }
    $settings | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $SettingsPath

    $start = [Diagnostics.ProcessStartInfo]@{ FileName = Join-Path $PSScriptRoot 'lane.sh' }
    foreach ($argument in $folder, (ConvertTo-WindowsPath $SettingsPath)) { $start.ArgumentList.Add($argument) }
    [Diagnostics.Process]::Start($start)
}

Export-ModuleMember -Function Test-WineInstalled, Start-WindowsLane
