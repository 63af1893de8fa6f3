# The lane that runs Pester files in the Windows build of PowerShell, under wine.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

# What the operating system bears on: paths and files, streams, the console, processes, connections. All in module/ runs there too.
$s_serverFiles = 'Add-S3UploadPart*', 'BadConnection', 'BadInput', 'Complete-S3MultipartUpload*', 'Encryption*', 'Errors', 'Get-S3*',
    'Isolation', 'Names', 'New-S3MultipartUpload*', 'Pipeline', 'Requests', 'Resume', 'Send-S3File',
    'Serialisation', 'SpecialFiles', 'Stop*', 'WindowsFiles'

# What wine cannot do; each is counted as a skipped test.
$s_leftOut = @{
    ExitCodes = 'no dotnet starts'
    Package = 'no dotnet starts'
}

function Test-WineInstalled { $IsLinux -and (Test-Path -LiteralPath /usr/lib/wine/wine64) }

function Test-WindowsFile([IO.FileInfo] $File) {
    <# .SYNOPSIS Whether the lane runs this file, or counts it as skipped. #>
    $name = $File.Name.Replace('.Tests.ps1', '')
    $File.Directory.Name -eq 'module' -or ($s_serverFiles | Where-Object { $name -like $_ })
}

# A path of this machine as a program under wine sees it.
function ConvertTo-WindowsPath([string] $Path) { 'Z:' + $Path.Replace('/', '\') }

# Counts a file that is left out as one skipped test, and says why.
function Add-SkippedFile([string] $Name, [string] $Because, [string] $TallyPath) {
    $tally = [ordered]@{ Name = "$Name on Windows"; Passed = 0; Failed = 0; Skipped = 1; Seconds = 0; Failures = @() }
    $tally.Reasons = @("on Windows, because under wine $Because")
    $tally | ConvertTo-Json -Compress | Add-Content -LiteralPath $TallyPath
}

function Start-WindowsLane([string] $SettingsPath) {
    <# .SYNOPSIS Writes the paths of a lane's settings and queue as Windows has them, and starts the lane; it lays out its Windows first. #>
    $settings = Get-Content -LiteralPath $SettingsPath -Raw | ConvertFrom-Json -AsHashtable
    $results = $settings.Results
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
    if ($server) {
        foreach ($name in 'CaFile', 'Folder') { $server[$name] = ConvertTo-WindowsPath $server[$name] }
        # Wine does not find an address among the names of a certificate.
        $server.Https = $server.Https.Replace('127.0.0.1', 'localhost')
    }
    $settings | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $SettingsPath

    $start = [Diagnostics.ProcessStartInfo]@{ FileName = Join-Path $PSScriptRoot 'lane.sh' }
    foreach ($argument in $results, (ConvertTo-WindowsPath $SettingsPath)) { $start.ArgumentList.Add($argument) }
    [Diagnostics.Process]::Start($start)
}

Export-ModuleMember -Function Test-WineInstalled, Test-WindowsFile, Start-WindowsLane
