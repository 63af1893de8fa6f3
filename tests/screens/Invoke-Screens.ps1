<#
.SYNOPSIS
    Makes the pictures of docs/screens: lines typed at a prompt in a pseudo terminal, with the module on a LocalS3, drawn as SVG.
.DESCRIPTION
    What the pictures show comes from the module. Arranged are the files, the bandwidth, so that a run can be seen in its middle, and in
    orphans.svg how old and how large the uploads are, which is written into the records of the server before it starts.
.EXAMPLE
    pwsh ./build.ps1 Screens
.EXAMPLE
    tests/screens/Invoke-Screens.ps1 -ModulePath out/modules/S3Multipart/0.1.0 -Name resume
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,

    # Screens to make; patterns.
    [string[]] $Name = '*'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
# From a command line a list comes as one text.
$Name = $Name -split ',\s*'
$Root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
$ModulePath = (Resolve-Path $ModulePath).Path
Import-Module (Join-Path $PSScriptRoot 'Prepare.psm1') -Force
Import-Module (Join-Path $Root 'tests/servers/TestServers.psm1')
Import-Module (Join-Path $Root 'tests/tools/S3Client.psm1')
Import-Module (Join-Path $Root 'tests/tools/Shell.psm1')
Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')

function Get-Python {
    if ($IsWindows) { throw 'The screens are recorded in a pseudo terminal of Linux or macOS.' }
    foreach ($python in 'python3', '/usr/bin/python3') {
        if (-not (Get-Command $python -CommandType Application -ErrorAction Ignore)) { continue }
        & $python -c 'import pyte' 2>$null
        if ($LASTEXITCODE -eq 0) { return $python }
    }
    throw 'The screens need pyte, a terminal emulator for Python: apt-get install python3-pyte, or pip install pyte.'
}

# A line that is typed and run, or several that are one pipeline; with a text, waiting for that instead of the next prompt.
function Line([string[]] $Text, [string] $Wait) {
    $script:prompts++
    foreach ($one in $Text) {
        @{ type = $one }
        @{ key = 'enter' }
        if ($one -ne $Text[-1]) { @{ wait = '\n>>$' } }
    }
    if ($Wait) { @{ wait = $Wait } } else { @{ prompt = $script:prompts } }
}

function Save-Screen([string] $Screen, [string] $Title, [hashtable] $Default, [scriptblock] $Step, [string] $Endpoint = $server.Http) {
    if (-not ($Name | Where-Object { $Screen -like $_ })) { return }
    Write-Host "$Screen.svg"
    $script:prompts = 1
    $setup = @(
        'function prompt { "PS> " }'
        'Set-PSReadLineOption -PredictionSource None -HistorySaveStyle SaveNothing'
        # Loaded here, because the first use of it would show a bar.
        "Import-Module '$ModulePath/S3Multipart.psd1'"
        foreach ($key in $Default.Keys) { "`$PSDefaultParameterValues['$key'] = '$($Default[$key])'" }
        'Clear-Host'
    ) -join "`n"
    $program, $first = Get-ShellCommand
    $job = @{
        command     = @($program) + @($first | Where-Object { $_ -ne '-NonInteractive' }) + '-NoLogo', '-NoExit', '-Command', $setup
        environment = @{
            AWS_ENDPOINT_URL = $Endpoint; AWS_ACCESS_KEY_ID = 'testaccess'; AWS_SECRET_ACCESS_KEY = 'testsecret'; AWS_REGION = 'us-east-1'
            LC_ALL = 'C.UTF-8'; POWERSHELL_UPDATECHECK = 'Off'; AWS_EC2_METADATA_DISABLED = 'true'
        }
        folder      = $files
        columns     = 100
        rows        = 60
        steps       = @(
            @{ prompt = 1 }
            & $Step
            @{ save = (Join-Path $screens "$Screen.svg"); title = $Title }
        )
    }
    $job | ConvertTo-Json -Depth 5 | & $python -B (Join-Path $PSScriptRoot 'record.py')
    if ($LASTEXITCODE) { throw "$Screen.svg was not made." }
}

$python = Get-Python
$screens = (New-Item -ItemType Directory (Join-Path $Root 'docs/screens') -Force).FullName
# Its name is in a picture, so it is the same on each run.
$work = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) 'screens')).FullName
Build-TestProgram LocalS3
$server = Start-TestServer LocalS3
$aged = $null
try {
    $null = New-TestBucket -Endpoint $server.Http -Name backups
    $files = New-ScreenFile $work

    Save-Screen send 'Four disk images on their way to S3, with a progress bar for each' @{ 'Send-S3File:MaxBandwidth' = '20MB' } {
        Line 'Get-ChildItem *.iso | Send-S3File backups' -Wait '\[2 of 4 done, [34]\d\d MiB'
    }
    Save-Screen report 'A folder is sent, and sent again when nothing has changed' @{} {
        Line 'Send-S3File ./images backups images/ -Recurse'
        Line 'Send-S3File ./images backups images/ -Recurse'
    }
    Save-Screen resume 'An upload is interrupted, and the same line sends what is missing' @{ 'Send-S3File:MaxBandwidth' = '20MB' } {
        Line 'Send-S3File vm.vhdx backups' -Wait 'vm.vhdx \[([6-9]|1\d)\d\.?\d? MiB'
        @{ key = 'interrupt' }
        @{ prompt = $script:prompts }
        Line 'Send-S3File vm.vhdx backups'
    }

    Save-Screen error 'An error, with what to do about it' @{} {
        Line 'Get-ChildItem *.iso | Send-S3File backup'
    }

    $orphans = New-OrphanFolder $server $work
    $aged = Start-TestServer LocalS3 -Option '--root', $orphans
    Save-Screen orphans 'What forgotten uploads cost, and an end of them' @{} -Endpoint $aged.Http {
        Line 'Get-S3MultipartUpload * -OlderThan 7d -PricePerGBMonth 0.023 |',
            '    Format-Table BucketName, Key, Initiated, StoredBytes, MonthlyCost'
        # Without being sorted they come as they are gone, and each change of the bucket begins another table.
        Line 'Get-S3MultipartUpload * -OlderThan 7d | Stop-S3MultipartUpload -Force -PassThru |',
            '    Sort-Object BucketName, Key'
    }
}
finally {
    @($server; $aged) | Where-Object { $_ } | Stop-TestServer
    Remove-Item $work -Recurse -Force
}
exit 0
