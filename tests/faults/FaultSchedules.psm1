# Random schedules of faults, each made from its seed alone, and what must hold of the uploads that they befall.

Import-Module (Join-Path $PSScriptRoot '../tools/S3Client.psm1')
Import-Module (Join-Path $PSScriptRoot '../servers/TestServers.psm1')

# Below, at and above one part; two and three parts.
$s_sizes = 0, 1, 70000, 5MB, (5MB + 1), 7MB, 10MB, (11MB + 7)
$s_watchdogSeconds = 120

function New-FaultBench {
    <# .SYNOPSIS The files, the bucket, the proxy and the shell that schedules run with. Path 'Amazon' leads Amazon's names to a LocalS3. #>
    param([Parameter(Mandatory)] [string] $ModulePath, [Parameter(Mandatory)] $Server,
        [ValidateSet('Other', 'Amazon')] [string] $Path = 'Other')
    $base = if (Test-Path /dev/shm) { '/dev/shm' } else { [IO.Path]::GetTempPath() }
    $name = "s3multipart-faults-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
    $folder = (New-Item -ItemType Directory (Join-Path $base $name)).FullName
    $files = foreach ($size in $s_sizes) {
        $bytes = [byte[]]::new($size)
        [Random]::new($size).NextBytes($bytes)
        [IO.File]::WriteAllBytes("$folder/$size.bin", $bytes)
        [pscustomobject]@{
            Name = "$size.bin"
            Path = "$folder/$size.bin"
            Hash = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($bytes))
        }
    }

    $lies = $Server.PSObject.Properties['Store'] -and $Server.Store -eq 'unconfirming'
    $proxy = Start-FaultProxy $(if ($Path -eq 'Amazon') { $Server.Proxy } else { $Server.Http })
    if ($Path -eq 'Amazon') { $env:HTTPS_PROXY = $proxy.Http }
    [pscustomobject]@{
        Server = $Server; Path = $Path; Lies = $lies; ModulePath = $ModulePath; Folder = $folder; Files = $files; Proxy = $proxy
        Bucket = New-TestBucket $Server.Http; Runspace = $null
        # Nothing stays silent for longer where nothing is wrong; Ceph is the slower.
        Timeout = $(if ($Server.Name -eq 'Ceph') { 3 } else { 1.5 })
        To = $(if ($Path -eq 'Amazon') { @{ Region = 'us-east-1' } } else { @{ EndpointUrl = $proxy.Http } })
    }
}

function Remove-FaultBench($Bench) {
    Clear-Fault $Bench
    if ($Bench.Runspace) { $Bench.Runspace.Dispose() }
    $Bench.Proxy | Stop-TestServer
    Remove-TestBucket $Bench.Server.Http $Bench.Bucket
    Remove-Item $Bench.Folder -Recurse
}

function New-FaultSchedule {
    <# .SYNOPSIS What a seed means on a server: the files, the settings, and the faults of two runs. #>
    param([Parameter(Mandatory)] [int] $Seed, [Parameter(Mandatory)] $Bench)
    $random = [Random]::new($Seed)
    $pick = { param($from) $from[$random.Next($from.Count)] }
    $files = @($Bench.Files | Sort-Object { $random.Next() } | Select-Object -First 3)
    $schedule = [pscustomobject]@{
        Seed = $Seed; Files = $files; ThrottleLimit = $random.Next(1, 7); MaxRetry = & $pick @(0, 0, 1, 2, 4)
        Verify = $Bench.Lies -or $random.Next(4) -eq 0; StopOnError = $random.Next(8) -eq 0; Runs = @()
        ContentMD5 = $Bench.Lies -and $random.Next(4) -eq 0
    }
    $schedule.Runs = @(foreach ($run in 1, 2) {
        $kind = if ($Bench.Server.Name -eq 'LocalS3') { $random.Next(4) } else { 3 }
        if ($Bench.Lies -and $run -eq 1) { $kind = 0 }
        $ofServer = @(if ($kind -lt 3) {
            foreach ($i in 1..$random.Next(1, 5)) { if ($Bench.Lies) { New-Lie $random $pick } else { New-ServerFault $random $pick } }
        })
        $ofProxy = @(if ($kind -ge 2) { foreach ($i in 1..$random.Next(1, 4)) { New-ConnectionFault $random $pick $Bench.Path } })
        [pscustomobject]@{ Server = $ofServer; Proxy = $ofProxy }
    })
    $schedule
}

# What a store does that confirms nothing and is not to be believed.
function New-Lie([Random] $Random, [scriptblock] $Pick) {
    $operation = & $Pick @(
        'UploadPart', 'UploadPart', 'UploadPart', 'CompleteMultipartUpload', 'CompleteMultipartUpload', 'CompleteMultipartUpload',
        'HeadObject', 'ListParts'
    )
    $rule = @{ operation = $operation; action = & $Pick $(switch ($operation) {
        'UploadPart' { 'flip', 'flip', 'flip', 'early', 'early', 'opaque-etag', 'wrong-etag', 'close' }
        'CompleteMultipartUpload' {
            'no-etag', 'opaque-etag', 'wrong-etag', 'drop-last-part', 'drop-all-parts', 'close', 'close', 'error', 'error-in-200'
        }
        'HeadObject' { 'wrong-etag', 'opaque-etag', 'error' }
        'ListParts' { 'wrong-etag', 'opaque-etag', 'stale-list' }
    }) }
    if ($Random.Next(2)) { $rule.nth = $Random.Next(1, 5) } else { $rule.times = & $Pick @(1, 2, 4, 1000) }
    switch ($rule.action) {
        'flip' { $rule.after = $Random.Next(0, 5MB) }
        'early' { $rule.after = $Random.Next(0, 70000) }
        'error' { $rule.code, $rule.status = if ($operation -eq 'HeadObject') { 'AccessDenied', 403 } else { 'InternalError', 500 } }
    }
    # The response to Complete is lost when it was done, and when it was not.
    if ($rule.action -like 'error*' -and $operation -like 'Complete*') { $rule.performed = [bool]$Random.Next(2) }
    $rule
}

function New-ServerFault([Random] $Random, [scriptblock] $Pick) {
    $operation = & $Pick @(
        'UploadPart', 'UploadPart', 'UploadPart', 'CompleteMultipartUpload', 'CompleteMultipartUpload', 'CreateMultipartUpload',
        'ListParts', 'ListMultipartUploads'
    )
    $list = $operation -like 'List*'
    $actions = @('error', 'error', 'error', 'reset', 'close', 'truncate', 'delay', 'hang') + $(switch -Wildcard ($operation) {
        'UploadPart' { 'wrong-etag', 'wrong-checksum', 'error-in-200' }
        'Complete*' { 'wrong-checksum', 'error-in-200', 'error-in-200' }
        'ListParts' { 'wrong-etag', 'wrong-checksum', 'stale-list', 'stale-list' }
        'ListMultipartUploads' { 'stale-list', 'lagging-list' }
    })
    $rule = @{ operation = $operation; action = & $Pick $actions }
    if ($Random.Next(2)) { $rule.nth = $Random.Next(1, $(if ($list) { 3 } else { 6 })) } else { $rule.times = & $Pick @(1, 2, 3, 4, 1000) }
    switch ($rule.action) {
        'error' {
            $rule.code, $rule.status = (& $Pick @(
                'InternalError 500', 'InternalError 500', 'SlowDown 503', 'SlowDown 503', 'ServiceUnavailable 503',
                'RequestTimeout 400', 'AccessDenied 403'
                'BadDigest 400', 'ExpiredToken 400', 'RequestTimeTooSkewed 403', 'OperationAborted 409', 'ConditionalRequestConflict 409',
                    'PreconditionFailed 412', 'NoSuchUpload 404'
            )) -split ' '
            $rule.status = [int]$rule.status
            $rule.readBody = [bool]$Random.Next(2)
            $rule.performed = $rule.status -ge 500 -and [bool]$Random.Next(2)
        }
        'error-in-200' { $rule.performed = [bool]$Random.Next(2) }
        'reset' { $rule.after = $Random.Next(0, 5MB) }
        'truncate' { $rule.after = $Random.Next(0, 300) }
        'delay' { $rule.ms = $Random.Next(1, 300) }
        'hang' { $rule.performed = [bool]$Random.Next(2); $rule.nth = $Random.Next(1, 4) }
    }
    $rule
}

function New-ConnectionFault([Random] $Random, [scriptblock] $Pick, [string] $Path) {
    $actions = @('reset', 'reset', 'half-close', 'black-hole', 'truncate', 'truncate', 'delay', 'rate', 'refuse') +
        @(if ($Path -eq 'Other') { 'respond' })
    # Some faults continue until the run is over, so that there is something to resume.
    $rule = @{ action = & $Pick $actions; nth = $Random.Next(1, 7); times = & $Pick @(1, 1, 2, 3, 1000) }
    # What is encrypted shows only that a connection begins.
    if ($rule.action -ne 'refuse') {
        $rule.request = if ($Path -eq 'Amazon') { '^CONNECT' } else { & $Pick @('^PUT', '^PUT', '^PUT', '^POST', '^POST', '^GET', '') }
    }
    switch ($rule.action) {
        'truncate' { $rule.after = $Random.Next(0, $(if ($Path -eq 'Amazon') { 8000 } else { 600 })) }
        'delay' { $rule.ms = $Random.Next(1, 300) }
        'rate' { $rule.bytesPerSecond = $Random.Next(4MB, 40MB) }
        'respond' {
            $rule.request = '^P'
            $rule.response = & $Pick @(
                "HTTP/1.1 503 Slow Down`r`nContent-Length: 0`r`n`r`n"
                "HTTP/1.1 502 Bad Gateway`r`nContent-Type: text/html`r`nContent-Length: 40`r`n`r`n<html><body>502 Bad Gateway</body></html>"
                ("HTTP/1.1 500 Internal Server Error`r`nContent-Type: application/xml`r`nContent-Length: 64`r`n`r`n<Error>" +
                    "<Code>InternalError</Code><Message>Oops</Message></Error>")
                "HTTP/1.1 200 OK`r`nContent-Length: 0`r`n`r`n"
            )
        }
        'black-hole' { $rule.times = 1; $rule.after = $Random.Next(0, 5MB) }
        default { $rule.after = $Random.Next(0, 5MB) }
    }
    $rule
}

function Set-Fault($Bench, $Run) {
    Set-ProxyFault $Bench.Proxy $Run.Proxy
    if ($Bench.Server.Name -eq 'LocalS3') { Set-LocalS3Fault $Bench.Server.Http $Run.Server }
}

function Clear-Fault($Bench) { Set-Fault $Bench ([pscustomobject]@{ Server = @(); Proxy = @() }) }

# The line, in a shell of its own so that it can be given up; what is to be known of it comes back, whatever happened.
function Invoke-Line($Bench, [object[]] $Files, [string] $Prefix, [hashtable] $Settings, $Schedule) {
    if (-not $Bench.Runspace) {
        $Bench.Runspace = [runspacefactory]::CreateRunspace()
        $Bench.Runspace.Open()
        $shell = [PowerShell]::Create($Bench.Runspace)
        $null = $shell.AddScript(
            "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$($Bench.ModulePath)/S3Multipart.psd1'").Invoke()
        $shell.Dispose()
    }

    $shell = [PowerShell]::Create($Bench.Runspace).AddScript({
        param($paths, $new, $settings, $throttleLimit, $verify, $stopOnError, $contentMD5)
        $failed = [Collections.ArrayList]::new()
        $sent = [Collections.Generic.List[object]]::new()
        $done = @(Get-Item -LiteralPath $paths |
            New-S3MultipartUpload @new @settings -PartSize 5MB -Resume -ThrottleLimit $throttleLimit -ErrorVariable +failed `
                -ErrorAction SilentlyContinue |
            Add-S3UploadPart @settings -StopOnError:$stopOnError -ContentMD5:$contentMD5 -ThrottleLimit $throttleLimit `
                -ErrorVariable +failed -ErrorAction SilentlyContinue |
            ForEach-Object { $sent.Add($_); $_ } |
            Complete-S3MultipartUpload @settings -Verify:$verify -ThrottleLimit $throttleLimit -ErrorVariable +failed `
                -ErrorAction SilentlyContinue)
        [pscustomobject]@{ Done = $done; Sent = @($sent); Errors = @($failed | Where-Object { $_ }) }
    })
    $new = @{ BucketName = $Bench.Bucket; KeyPrefix = $Prefix } + $Bench.To
    $null = $shell.AddArgument(@($Files.Path)).AddArgument($new).AddArgument($Settings).AddArgument($Schedule.ThrottleLimit).
        AddArgument($Schedule.Verify).AddArgument($Schedule.StopOnError).AddArgument($Schedule.ContentMD5)
    $running = $shell.BeginInvoke()
    if (-not $running.AsyncWaitHandle.WaitOne($s_watchdogSeconds * 1000)) {
        # The shell is left to its fate: nothing that is awaited may wait for what hangs.
        $null = $shell.BeginStop($null, $null)
        $Bench.Runspace = $null
        throw "it hung for $s_watchdogSeconds seconds."
    }

    try { $shell.EndInvoke($running) } finally { $shell.Dispose() }
}

function Assert-That([bool] $Holds, [string] $What) { if (-not $Holds) { throw $What } }

# What must hold after every run, whatever befell it.
function Assert-Run($Bench, $Result, [object[]] $Files, [string] $Prefix) {
    $at = $Bench.Server.Http
    # What fails for all files alike is one error with the number of the others.
    $counted = 0
    foreach ($one in $Result.Errors) { if ("$one" -match '^(\d+) more inputs? for ') { $counted += [int]$Matches[1] } }
    foreach ($file in $Files) {
        $key = $Prefix + $file.Name
        $isDone = @($Result.Done | Where-Object Key -CEQ $key).Count
        $stored = Get-ObjectHash $at $Bench.Bucket $key
        Assert-That ($isDone -le 1) "$key was completed $isDone times."
        if ($isDone) { Assert-That ($stored -eq $file.Hash) "$key was completed and is not identical." }
        else {
            # A completion may have been done and its response lost; then the object is whole. Where the store lies, it is what it is.
            $isRight = $Bench.Lies -or $null -eq $stored -or $stored -eq $file.Hash
            Assert-That $isRight "$key was not completed and is there, not identical."
            $isReported = [bool]@($Result.Errors | Where-Object { "$($_.TargetObject)".EndsWith($file.Name) })
            Assert-That ($isReported -or $counted-- -gt 0) "$key was neither completed nor told of in an error."
        }
    }

    foreach ($failure in $Result.Errors) {
        Assert-That ($failure.CategoryInfo.Category -ne 'NotSpecified') "An error has no category: $failure"
        Assert-That ($failure.FullyQualifiedErrorId -cmatch '^(?!Unexpected)[A-Z][A-Za-z0-9.]*,') ("An error is not the module's own: " +
            "$($failure.FullyQualifiedErrorId): $failure")
    }

    # Get shows every upload that the server holds.
    $list = [xml](Invoke-S3 @{ Endpoint = $at; Bucket = $Bench.Bucket; Query = @{ uploads = ''; prefix = $Prefix } })
    $held = @($list.SelectNodes("//*[local-name()='Upload']") | ForEach-Object UploadId | Sort-Object)
    $to = $Bench.To
    $shown = @(Get-S3MultipartUpload $Bench.Bucket -Prefix $Prefix @to | ForEach-Object UploadId | Sort-Object)
    Assert-That ("$held" -ceq "$shown") "Get shows the uploads '$shown', the server holds '$held'."
}

function Invoke-FaultSchedule {
    <#
    .SYNOPSIS
    Runs a seed's schedule: the line twice among faults, then without; returns its tally, in which Failure tells what did not hold.
    #>
    param([Parameter(Mandatory)] [int] $Seed, [Parameter(Mandatory)] $Bench)
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $schedule = New-FaultSchedule $Seed $Bench
    $prefix = "$Seed/"
    $tally = [ordered]@{
        Seed = $Seed
        Uploads = $schedule.Files.Count
        Applied = 0
        Faults = ''
        Completed = 0
        Failed = 0
        Errors = @()
        Resumed = 0
        PartsKept = 0
        PartsSent = 0
        Seconds = 0.0
        Failure = $null
    }
    $applied = [Collections.Generic.List[string]]::new()
    $left = $schedule.Files
    try {
        Clear-ProxyConnection $Bench.Proxy -Cut
        foreach ($number in 0, 1, 2) {
            if (-not $left) { break }
            $settings = @{ MaxRetry = $schedule.MaxRetry; Timeout = $Bench.Timeout }
            if ($number -lt 2) { Set-Fault $Bench $schedule.Runs[$number] } else { $settings = @{} }
            $result = Invoke-Line $Bench $left $prefix $settings $schedule
            if ($Bench.Server.Name -eq 'LocalS3') {
                Invoke-RestMethod "$($Bench.Server.Http)/_/faults" | ForEach-Object { $_ } | Where-Object applied | ForEach-Object {
                    $applied.Add("$($_.operation) $($_.action)$(if ($_.action -eq 'error') { " $($_.code)" }) x$($_.applied)")
                }
            }
            (Get-ProxyReport $Bench.Proxy).rules | Where-Object applied |
                ForEach-Object { $applied.Add("$($_.PSObject.Properties['request'].Value) $($_.action) x$($_.applied)".Trim()) }
            Clear-Fault $Bench
            Assert-Run $Bench $result $left $prefix
            $tally.Completed += $result.Done.Count
            $tally.Errors += @($result.Errors | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] })
            $tally.PartsSent += @($result.Sent | Where-Object { -not $_.Resumed }).Count
            $tally.PartsKept += @($result.Sent | Where-Object Resumed).Count
            if ($number) { $tally.Resumed += $result.Done.Count }
            $left = @($left | Where-Object { $prefix + $_.Name -cnotin $result.Done.Key })
            if ($number -lt 2) { $tally.Failed += $left.Count }
            if ($number -eq 2) {
                Assert-That (-not $left -and -not $result.Errors) "Without faults, the line ended with: $($result.Errors)"
            }
        }

        # What a response that was lost left behind is shown, and goes.
        $to = $Bench.To
        Get-S3MultipartUpload $Bench.Bucket -Prefix $prefix @to | Stop-S3MultipartUpload -Force @to
    }
    catch { $tally.Failure = "$_".Trim() }
    finally {
        Clear-Fault $Bench
        foreach ($file in $schedule.Files) {
            $null = Invoke-S3 @{ Endpoint = $Bench.Server.Http; Method = 'DELETE'; Bucket = $Bench.Bucket; Key = $prefix + $file.Name }
        }
    }

    $tally.Applied = [int]($applied | ForEach-Object { [int]($_ -replace '^.*x', '') } | Measure-Object -Sum).Sum
    $tally.Faults = $applied -join ', '
    $tally.Seconds = [Math]::Round($clock.Elapsed.TotalSeconds, 1)
    [pscustomobject]$tally
}

Export-ModuleMember -Function New-FaultBench, Remove-FaultBench, New-FaultSchedule, Invoke-FaultSchedule
