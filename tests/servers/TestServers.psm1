# Starts and stops the S3 servers of the tests and the demo. Each has a free port, a folder and a time limit of its own.

$s_here = $PSScriptRoot
# More than a whole run takes on a machine that has little time for it.
$s_maxSeconds = 4 * 3600
$s_root = Split-Path (Split-Path $s_here)

# What a server cannot do or show, and why. A test with the tag Needs<Feature> is skipped on it for this reason.
$s_oneWillDo = 'one server will do, because what is tested does not come from it'
$s_noFaults = 'no fault can be set in it'
$s_noLog = 'it keeps no record of requests and their headers'
$s_unsigned = 'it looks at no signature'
$s_noAmazon = 'the host names of Amazon S3 cannot be led to it'
$s_noOwnKeys = 'it takes the keys of the tests alone'
$s_lacks = @{
    LocalS3 = @{ Restart = 'only a gateway that stands apart from its store is killed here' }
    Ceph    = @{
        AbortDate         = 'it tells no date with an upload'
        AmazonNames       = $s_noAmazon
        BlockedEncryption = 'a bucket cannot block a way of encryption'
        BucketKey         = 'it has no bucket keys'
        BucketOwner       = 'it ignores the owner that is expected'
        Checksum          = 'it neither keeps nor verifies checksums'
        CommonPrefix      = 'it answers a delimiter without common prefixes'
        CompletedETag     = 'it answers a completion with an empty ETag'
        CompletedVersion  = 'it tells the version with HEAD only'
        IfMatch           = 'it ignores the conditions of a completion'
        NoClobber         = 'it ignores the conditions of a completion'
        ControlCharacter  = 'it refuses keys with control characters'
        CopiedVersion     = 'it does not tell which version it copied'
        CopyCondition     = 'it ignores the conditions and owners of a copy'
        CopyEscape        = 'it decodes x-amz-copy-source twice, so that it never finds a source with an escape in its key'
        CopyRange         = 'it copies a range of an object of any size'
        DsseKms           = 'it has no encryption in two layers'
        Faults            = $s_noFaults
        FirstServer       = $s_oneWillDo
        UploadEncryption  = 'it has the keys of its configuration only'
        ListedChecksum    = 'its lists tell no checksum'
        ManagedKey        = 'it wants the id of a key'
        MetadataName      = 'it makes dashes of some characters in the names of metadata'
        ObjectLock        = 'it ignores locks when an upload begins'
        OwnCredentials    = $s_noOwnKeys
        PartOwner         = 'its list of parts names no owner'
        PartSubset        = 'it completes no upload that holds other parts than those named'
        Payer             = 'it ignores the payer'
        RequestLog        = $s_noLog
        SseS3             = 'it ignores SSE-S3, and tells nothing of it'
        StorageClass      = 'it takes only the storage classes of its configuration'
        Tagging           = 'it ignores tags when an upload begins'
        Trailer           = 'it takes no checksum behind the bytes'
    }
    moto    = @{
        AbortDate         = 'it tells no date with an upload'
        AmazonNames       = $s_noAmazon
        BlockedEncryption = 'a bucket cannot block a way of encryption'
        BucketKey         = 'it tells nothing of bucket keys'
        BucketOwner       = 'it ignores the owner that is expected'
        Checksum          = 'it keeps no checksum of a part, and tells none of an object'
        CommonPrefix      = 'it answers a delimiter without common prefixes'
        ControlCharacter  = 'its answers for keys with control characters are no XML'
        CopiedVersion     = 'it does not tell which version it copied'
        CopyCondition     = 'it ignores the conditions and owners of a copy'
        CopyRange         = 'it copies a range of an object of any size'
        CustomerKey       = 'it ignores customer keys'
        Faults            = $s_noFaults
        FirstServer       = $s_oneWillDo
        GoneUpload        = 'it answers 500 to a request for an upload that is gone'
        Grant             = 'it keeps one grantee of several'
        Https             = 'it is served over http alone here'
        IfMatch           = 'it heeds If-None-Match alone'
        Initiated         = 'all of its uploads began in 2010'
        KeyMarker         = 'it takes no marker of a list'
        KeyOrder          = 'its lists are in no order'
        MetadataName      = 'it loses some characters in the names of metadata'
        ObjectLock        = 'it does not tell the lock of an object that came in parts'
        PartOwner         = 'its two lists name different owners'
        PartChecksum      = 'it answers a part with a checksum of another algorithm'
        OddKey            = 'it does not say how it writes keys in a list, and cuts them at the end of a line'
        OwnCredentials    = $s_unsigned
        Payer             = 'it ignores the payer'
        RequestLog        = $s_noLog
        Restart           = 'it keeps nothing when it is killed'
        Schedule          = 'the schedules of faults take place on the other servers'
        Signature         = $s_unsigned
        SseS3             = 'it applies no encryption that was not asked for'
        StorageClassCheck = 'it takes any storage class'
        UploadEncryption  = 'it does not tell the encryption of an upload in progress'
        UploadPage        = 'its list of uploads has one page'
        UnversionedHead   = 'it names versions in buckets without, and does not know them afterwards'
        Volume            = 'it is slow with much data'
    }
}

function Test-MotoInstalled {
    $python = Get-Command python3 -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if (-not $python) { return $false }
    $null = & $python -c 'import moto.server, werkzeug' 2>&1
    $LASTEXITCODE -eq 0
}

function Test-CephInstalled { [bool](Get-Command radosgw, ceph-mon, ceph-osd -ErrorAction Ignore | Select-Object -Skip 2) }

function Build-TestProgram {
    <#
    .SYNOPSIS
    Builds the solution: the servers, the proxy, the clients and the .NET tests; and another build of the AWS SDK beside it. With a name,
    one program among the servers alone.
    #>
    param([string] $Name)
    if ($Name) { return Invoke-TestBuild build "tests/servers/$Name/$Name.csproj" }
    Invoke-TestBuild build S3Multipart.sln
    # The second build of the AWS SDK proves that the module bears one in its session.
    Invoke-TestBuild publish tests/fixtures/OtherSdk/OtherSdk.csproj --no-build
}

function Invoke-TestBuild([string] $Verb, [string] $Project, [string[]] $Option = @()) {
    $said = & dotnet $Verb (Join-Path $s_root $Project) @Option -c Release --nologo -v quiet 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0) { throw "$Project did not build: $said" }
}

# The library of a program among the tests, which is built unless an entry point such as Invoke-Tests.ps1 has built it already.
function Get-TestProgram([string] $Name) {
    $dll = Join-Path $s_root "out/build/bin/$Name/release/$Name.dll"
    if (-not (Test-Path -LiteralPath $dll)) { Build-TestProgram $Name }
    $dll
}

function Start-TestServer {
    <# .SYNOPSIS Starts a server and returns its Name, Http and Https endpoints, CaFile, Folder and what it Lacks. #>
    param(
        [Parameter(Mandatory)] [ValidateSet('LocalS3', 'Ceph', 'moto')] [string] $Name,
        [string[]] $Option = @()
    )

    $base = if (Test-Path /dev/shm) { '/dev/shm' } else { [IO.Path]::GetTempPath() }
    $folder = Join-Path $base "s3multipart-$($Name.ToLowerInvariant())-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
    $null = New-Item -ItemType Directory $folder
    $running = try {
        switch ($Name) {
            'Ceph' { Start-Ceph $folder }
            'moto' { Start-Moto $folder }
            default { Start-LocalS3 $folder $Option }
        }
    }
    catch {
        Remove-Item -LiteralPath $folder -Recurse -Force
        throw
    }
    $running | Add-Member -PassThru Lacks $s_lacks[$Name]
}

function Start-Ceph([string] $Folder) {
    $env:MAX_S = $s_maxSeconds
    $said = & bash (Join-Path $s_here 'ceph/start.sh') $Folder 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0) { throw "Ceph did not start: $said" }
    $settings = @{}
    foreach ($match in [regex]::Matches($said, '(\w+)=(\S+)')) { $settings[$match.Groups[1].Value] = $match.Groups[2].Value }
    [pscustomobject]@{
        Name = 'Ceph'
        Http = $settings.S3_HTTP
        Https = $settings.S3_HTTPS
        Proxy = $null
        CaFile = $settings.S3_CA
        Folder = $Folder
        Process = $null
    }
}

function Start-Moto([string] $Folder) {
    $start = [Diagnostics.ProcessStartInfo]@{ FileName = 'python3'; RedirectStandardOutput = $true; RedirectStandardInput = $true }
    $start.ArgumentList.Add((Join-Path $s_here 'moto/serve.py'))
    # Parts go through files of its own, which are to leave with its folder.
    $start.Environment['TMPDIR'] = $Folder
    $process = [Diagnostics.Process]::Start($start)
    $url = $process.StandardOutput.ReadLine()
    if (-not $url) { throw 'moto did not start.' }
    [pscustomobject]@{ Name = 'moto'; Http = $url; Https = $null; Proxy = $null; CaFile = $null; Folder = $Folder; Process = $process }
}

function Start-LocalS3([string] $Folder, [string[]] $Option) {
    $dll = Get-TestProgram LocalS3
    $start = [Diagnostics.ProcessStartInfo]@{ FileName = 'dotnet'; RedirectStandardOutput = $true; RedirectStandardInput = $true }
    # Its standard input stays open as long as this process lives, so that it never outlives its tests.
    foreach ($argument in @($dll, '--root', $Folder, '--max-seconds', $s_maxSeconds, '--exit-with-stdin') + $Option) {
        $start.ArgumentList.Add($argument)
    }
    $process = [Diagnostics.Process]::Start($start)
    $lines = @(while ($null -ne ($line = $process.StandardOutput.ReadLine()) -and $line -ne 'ready') { $line })
    if ($lines.Count -lt 2) { throw "LocalS3 did not start: $lines" }
    $proxy = $lines | Where-Object { $_ -like 'proxy *' } | ForEach-Object { $_.Substring(6) }
    [pscustomobject]@{
        Name = 'LocalS3'
        Http = $lines[0]
        Https = $lines[1]
        Proxy = $proxy
        CaFile = Join-Path $Folder 'ca.pem'
        Folder = $Folder
        Process = $process
    }
}

function Start-FaultProxy {
    <#
    .SYNOPSIS
    Starts a proxy in front of a server's http endpoint (or of LocalS3's proxy to Amazon's host names) and returns its address as Http.
    #>
    param([Parameter(Mandatory)] [uri] $To)
    $start = [Diagnostics.ProcessStartInfo]@{ FileName = 'dotnet'; RedirectStandardOutput = $true; RedirectStandardInput = $true }
    foreach ($argument in (Get-TestProgram FaultProxy), '--to', $To.Port) { $start.ArgumentList.Add($argument) }
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject]@{ Http = $process.StandardOutput.ReadLine(); Process = $process }
}

function Set-ProxyFault {
    <#
    .SYNOPSIS
    Replaces the rules of a proxy; without rules it has none. Its counters start at zero. See FaultProxy/README.md.
    #>
    param([Parameter(Mandatory)] [psobject] $Proxy, [hashtable[]] $Rule = @())
    $null = Send-ProxyCommand $Proxy @{ rules = $Rule }
}

function Get-ProxyReport {
    <#
    .SYNOPSIS
    What happened since the rules were set: connections, open, up and down in bytes, rules with how often each was applied.
    #>
    param([Parameter(Mandatory)] [psobject] $Proxy)
    Send-ProxyCommand $Proxy @{}
}

function Wait-ProxyFault {
    <# .SYNOPSIS Returns as soon as so many faults were applied. #>
    param([Parameter(Mandatory)] [psobject] $Proxy, [int] $Count = 1, [int] $Seconds = 60, [scriptblock] $While = { $true })
    $clock = [Diagnostics.Stopwatch]::StartNew()
    while (((Get-ProxyReport $Proxy).rules | Measure-Object applied -Sum).Sum -lt $Count) {
        if ($clock.Elapsed.TotalSeconds -gt $Seconds) { throw "$Count faults were not applied within $Seconds seconds." }
        if (-not (& $While)) { throw 'What the fault was meant for ended before it was applied.' }
        [Threading.Thread]::Sleep(40)
    }
}

function Clear-ProxyConnection {
    <# .SYNOPSIS Releases the connections on hold, or with -Cut resets every connection. #>
    param([Parameter(Mandatory)] [psobject] $Proxy, [switch] $Cut)
    $null = Send-ProxyCommand $Proxy $(if ($Cut) { @{ cut = $true } } else { @{ release = $true } })
}

function Send-ProxyCommand($Proxy, [hashtable] $Command) {
    $Proxy.Process.StandardInput.WriteLine(($Command | ConvertTo-Json -Compress -Depth 4))
    $report = $Proxy.Process.StandardOutput.ReadLine() | ConvertFrom-Json
    if ($report.PSObject.Properties['error']) { throw $report.error }
    $report
}

function Restart-CephGateway {
    <# .SYNOPSIS Kills radosgw and starts it again on the same ports, with what it had stored; -Between runs while it is down. #>
    param([Parameter(Mandatory)] [string] $Folder, [scriptblock] $Between = {})
    & bash (Join-Path $s_here 'ceph/rgw.sh') kill $Folder
    & $Between
    $said = & bash (Join-Path $s_here 'ceph/rgw.sh') start $Folder 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0) { throw "radosgw did not start again: $said" }
}

function Stop-TestServer {
    <# .SYNOPSIS Stops a server or a proxy and removes its folder. #>
    param([Parameter(Mandatory, ValueFromPipeline)] [psobject] $Server)
    process {
        if ($Server.Process) {
            if (-not $Server.Process.HasExited) { $Server.Process.Kill($true) }
            $Server.Process.WaitForExit()
        }
        else { & bash (Join-Path $s_here 'ceph/stop.sh') $Server.Folder }
        if ($Server.PSObject.Properties['Folder']) { Remove-Item $Server.Folder -Recurse -Force -ErrorAction Ignore }
    }
}

function Get-LocalS3Request {
    <# .SYNOPSIS The requests that LocalS3 has served, as objects. #>
    param([Parameter(Mandatory)] [string] $Endpoint)
    # Invoke-RestMethod emits a JSON array as one object; the requests are to come one by one.
    $requests = Invoke-RestMethod "$Endpoint/_/requests"
    $requests
}

function Set-LocalS3Delay {
    param([Parameter(Mandatory)] [string] $Endpoint, [Parameter(Mandatory)] [int] $Milliseconds)
    $null = Invoke-RestMethod -Method Post "$Endpoint/_/delay?ms=$Milliseconds"
}

function Set-LocalS3Fault {
    <# .SYNOPSIS Replaces the fault rules of LocalS3; without rules it has none. See LocalS3/README.md. #>
    param([Parameter(Mandatory)] [string] $Endpoint, [hashtable[]] $Rule = @())
    $null = Invoke-RestMethod -Method Delete "$Endpoint/_/faults"
    if ($Rule) {
        $null = Invoke-RestMethod -Method Post "$Endpoint/_/faults" -Body (ConvertTo-Json -InputObject $Rule -Compress -Depth 4) `
            -ContentType application/json
    }
}

Export-ModuleMember -Function Build-TestProgram, Test-CephInstalled, Test-MotoInstalled, Start-TestServer, Stop-TestServer,
    Get-LocalS3Request, Set-LocalS3Delay, Set-LocalS3Fault,
    Start-FaultProxy, Set-ProxyFault, Get-ProxyReport, Wait-ProxyFault, Clear-ProxyConnection, Restart-CephGateway
