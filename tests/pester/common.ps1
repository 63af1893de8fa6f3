# What every test file begins with: the built module and nothing else of it, the second client, and makers of files.
param([Parameter(Mandatory)] [string] $ModulePath, [hashtable] $Server)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')
Import-Module (Join-Path $PSScriptRoot '../tools/S3Client.psm1')
Import-Module (Join-Path $PSScriptRoot '../servers/TestServers.psm1')

function New-TestFolder {
    $path = Join-Path $TestDrive ([Guid]::NewGuid().ToString('n'))
    (New-Item -ItemType Directory $path).FullName
}

function New-TestFile([string] $Path, [long] $Length, [int] $Seed = 1) {
    # Different bytes in every file and part, the same in every run.
    $random = [Random]::new($Seed + [int]($Length % 1000003))
    $stream = [IO.File]::Create($Path)
    try {
        $buffer = [byte[]]::new([int][Math]::Min($Length, 1MB))
        for ($left = $Length; $left -gt 0; $left -= $count) {
            $count = [int][Math]::Min($left, $buffer.Length)
            $random.NextBytes($buffer)
            $stream.Write($buffer, 0, $count)
        }
    }
    finally { $stream.Dispose() }
}
