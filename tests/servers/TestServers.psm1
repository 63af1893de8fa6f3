# Starts and stops the S3 servers that the tests and the demo run on. Each is this checkout's own: a free port, a folder, a self-kill limit.

$s_here = $PSScriptRoot
$s_maxSeconds = 3600

function Test-CephInstalled { [bool](Get-Command radosgw, ceph-mon, ceph-osd -ErrorAction Ignore | Select-Object -Skip 2) }

function Start-TestServer {
    <# .SYNOPSIS Starts a server and returns its Name, Http and Https endpoints, CaFile and Folder. #>
    param(
        [Parameter(Mandatory)] [ValidateSet('LocalS3', 'Ceph')] [string] $Name,
        [string[]] $Option = @()
    )

    $base = if (Test-Path /dev/shm) { '/dev/shm' } else { [IO.Path]::GetTempPath() }
    $folder = Join-Path $base "s3multipart-$($Name.ToLowerInvariant())-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
    $null = New-Item -ItemType Directory $folder
    if ($Name -eq 'Ceph') { Start-Ceph $folder } else { Start-LocalS3 $folder $Option }
}

function Start-Ceph([string] $Folder) {
    $env:MAX_S = $s_maxSeconds
    $said = & bash (Join-Path $s_here 'ceph/start.sh') $Folder 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0) { throw "Ceph did not start: $said" }
    $settings = @{}
    foreach ($match in [regex]::Matches($said, '(\w+)=(\S+)')) { $settings[$match.Groups[1].Value] = $match.Groups[2].Value }
    [pscustomobject]@{ Name = 'Ceph'; Http = $settings.S3_HTTP; Https = $settings.S3_HTTPS; Proxy = $null; CaFile = $settings.S3_CA; Folder = $Folder; Process = $null }
}

function Start-LocalS3([string] $Folder, [string[]] $Option) {
    $project = Join-Path $s_here 'LocalS3/LocalS3.csproj'
    $dll = Join-Path $s_here '../../out/build/bin/LocalS3/release/LocalS3.dll'
    $built = & dotnet build $project -c Release --nologo -v quiet 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0) { throw "LocalS3 did not build: $built" }
    $start = [Diagnostics.ProcessStartInfo]@{ FileName = 'dotnet'; RedirectStandardOutput = $true; RedirectStandardInput = $true }
    # Its standard input stays open as long as this process lives, so that it never outlives its tests.
    foreach ($argument in @($dll, '--root', $Folder, '--max-seconds', $s_maxSeconds, '--exit-with-stdin', '--proxy-port', 0) + $Option) { $start.ArgumentList.Add($argument) }
    $process = [Diagnostics.Process]::Start($start)
    $lines = @(while ($null -ne ($line = $process.StandardOutput.ReadLine()) -and $line -ne 'ready') { $line })
    if ($lines.Count -lt 2) { throw "LocalS3 did not start: $lines" }
    $proxy = $lines | Where-Object { $_ -like 'proxy *' } | ForEach-Object { $_.Substring(6) }
    [pscustomobject]@{ Name = 'LocalS3'; Http = $lines[0]; Https = $lines[1]; Proxy = $proxy; CaFile = Join-Path $Folder 'ca.pem'; Folder = $Folder; Process = $process }
}

function Stop-TestServer {
    <# .SYNOPSIS Stops a server and removes its folder. #>
    param([Parameter(Mandatory, ValueFromPipeline)] [psobject] $Server)
    process {
        if ($Server.Process) {
            if (-not $Server.Process.HasExited) { $Server.Process.Kill($true) }
            $Server.Process.WaitForExit()
        }
        else { & bash (Join-Path $s_here 'ceph/stop.sh') $Server.Folder }
        Remove-Item $Server.Folder -Recurse -Force -ErrorAction Ignore
    }
}

function Get-LocalS3Request {
    <# .SYNOPSIS What LocalS3 has been asked, as objects; -After skips what an earlier call has returned. #>
    param([Parameter(Mandatory)] [string] $Endpoint, [long] $After = 0)
    # Invoke-RestMethod emits a JSON array as one object; the requests are to come one by one.
    $requests = Invoke-RestMethod "$Endpoint/_/requests?after=$After"
    $requests
}

function Set-LocalS3Delay {
    param([Parameter(Mandatory)] [string] $Endpoint, [Parameter(Mandatory)] [int] $Milliseconds)
    $null = Invoke-RestMethod -Method Post "$Endpoint/_/delay?ms=$Milliseconds"
}

Export-ModuleMember -Function Test-CephInstalled, Start-TestServer, Stop-TestServer, Get-LocalS3Request, Set-LocalS3Delay
