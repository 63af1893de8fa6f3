param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $proxy = Start-FaultProxy $Server.Http
    $at = @{ EndpointUrl = $proxy.Http; MaxRetry = 0; Timeout = 5 }
    $upload = New-S3MultipartUpload $bucket hostile -EndpointUrl $proxy.Http
    $esc = [char]27

    function New-Response([string] $Body, [string] $Status = '200 OK', [string] $Headers = '') {
        $length = [Text.Encoding]::UTF8.GetByteCount($Body)
        "HTTP/1.1 $Status`r`nContent-Type: application/xml`r`n${Headers}Content-Length: $length`r`n`r`n$Body"
    }

    function Set-Response([string] $Request, [string] $Response, [switch] $HangUp) {
        Set-ProxyFault $proxy @{ request = $Request; action = 'respond'; times = 1000; response = $Response; hangUp = [bool]$HangUp }
    }

    # Everything that anybody may see of an error, that of Get-Error included.
    function Get-AllText($Seen) {
        $errors = $Seen.Errors | ForEach-Object {
            Get-ErrorText $_; $_.FullyQualifiedErrorId; "$($_.TargetObject)"; "$($_.Exception)"; $_ | Out-String; Get-Error $_ | Out-String
        }
        @($errors) + $Seen.Verbose -join "`n"
    }

    function Test-Plain([string] $Text) {
        ($Text -replace "$esc\[[0-9;]*m") -notmatch '[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]'
    }
}

AfterAll {
    $proxy | Stop-TestServer
    Remove-TestBucket $Server.Http $bucket
}

Describe 'XML that costs more than its length' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    AfterEach { Set-ProxyFault $proxy }

    # Made where they are needed, because the tests are found on every server.
    It 'refuses <Name> in little time' -ForEach @(
        @{ Name = '120,000 nested elements'; Body = { '<ListPartsResult>' + '<a>' * 120000 + '</a>' * 120000 + '</ListPartsResult>' } }
        @{ Name = '120,000 nested elements that declare namespaces'; Body = { '<ListPartsResult>' + '<a xmlns="b">' * 120000 } }
        @{ Name = 'a million elements'; Body = { '<ListPartsResult>' + '<Part/>' * 1000000 + '</ListPartsResult>' } }
        @{
            Name = 'a text in a million pieces'
            Body = { '<ListPartsResult><IsTruncated>' + 'x<!---->' * 1000000 + '</IsTruncated></ListPartsResult>' }
        }
        @{
            Name = 'half a million attributes'
            Body = { '<ListPartsResult ' + (-join (1..500000 | ForEach-Object { "a$_='' " })) + '></ListPartsResult>' }
        }
    ) {
        Set-Response '^GET .*uploadId=' (New-Response (& $Body))
        $before = [GC]::GetTotalAllocatedBytes()
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $seen = Watch-Run { Get-S3UploadPart -Upload $upload @at }
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
        [GC]::GetTotalAllocatedBytes() - $before | Should -BeLessThan 256MB
        if ($Name -eq 'a text in a million pieces') { $seen.Output | Should -BeNullOrEmpty }
        else { Get-ErrorName $seen.Errors[0] | Should -BeExactly 'ResponseInvalid' }
    }
}

Describe 'A list that goes round' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    AfterEach { Set-ProxyFault $proxy }

    It 'ends with ResponseInvalid where its markers are a, b, a, b' {
        $page = {
            New-Response ("<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>$args</NextKeyMarker>" +
                '<NextUploadIdMarker>u</NextUploadIdMarker></ListMultipartUploadsResult>')
        }
        Set-ProxyFault $proxy @(
            @{ request = '^GET .*key-marker=a&'; action = 'respond'; times = 1000; response = & $page b }
            @{ request = '^GET .*[?&]uploads'; action = 'respond'; times = 1000; response = & $page a }
        )
        $shell = [PowerShell]::Create()
        $null = $shell.AddScript("Import-Module '$ModulePath/S3Multipart.psd1'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddScript('param($Bucket, $At) Get-S3MultipartUpload $Bucket @At').AddParameters(@{ Bucket = $bucket; At = $at })
        $running = $shell.BeginInvoke()
        $running.AsyncWaitHandle.WaitOne(20000) | Should -BeTrue
        $shell.Streams.Error | Should -HaveCount 1
        Get-ErrorName $shell.Streams.Error[0] | Should -BeExactly 'ResponseInvalid'
    }
}

Describe 'What a terminal would obey' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    AfterEach { Set-ProxyFault $proxy }

    It 'reaches neither tables nor lists, verbose lines or properties' {
        # As they are, XML does not let them in.
        $bad = '&#27;]0;evil&#7;&#x9b;2J&#x202e;x'
        Set-Response '^GET .*uploadId=' (New-Response ('<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber>' +
                "<ETag>$bad</ETag><Size>5</Size><ChecksumCRC32>$bad</ChecksumCRC32></Part></ListPartsResult>"))
        $seen = Watch-Run { Get-S3UploadPart -Upload $upload @at }
        $part = $seen.Output[0]
        $part.PartNumber | Should -Be 1
        Test-Plain "$($part.ETag) $($part.Checksum) $($seen.Verbose)" | Should -BeTrue
        $rendering = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            Test-Plain (($part | Out-String) + ($part | Format-List | Out-String) + ($part | Format-List * | Out-String)) | Should -BeTrue
        }
        finally { $PSStyle.OutputRendering = $rendering }
    }

    It 'reaches no error by <Name>' -ForEach @(
        @{
            Name   = 'a message'
            Response = "HTTP/1.1 403 Forbidden`r`nx-amz-request-id: r`e[2J`r`nContent-Length: 72`r`n`r`n" +
                "<Error><Code>AccessDenied</Code><Message>a`e]0;b`a$([char]0x202e)</Message></Error>"
        }
        @{ Name = 'a status line'; Response = "HTTP/1.1 `e[2Jx`r`n`r`n" }
        @{ Name = 'the name of a header'; Response = "HTTP/1.1 200 OK`r`n`e[2J`e]0;x`a: v`r`n`r`n" }
    ) {
        Set-ProxyFault $proxy @{ request = '^GET .*uploadId='; action = 'respond'; times = 1000; response = $Response; close = $true }
        $seen = Watch-Run { Get-S3UploadPart -Upload $upload @at }
        $seen.Errors | Should -HaveCount 1
        Test-Plain (Get-AllText $seen) | Should -BeTrue
    }
}

Describe 'What a server repeats' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    AfterEach { Set-ProxyFault $proxy }

    It 'shows no secret of the request by <Name>' -ForEach @(
        @{
            Name   = 'the message of an error'
            Response = {
                New-Response "<Error><Code>AccessDenied</Code><Message>$args</Message><RequestId>$args</RequestId></Error>" '403 Forbidden'
            }
        }
        @{
            Name   = 'the message of a wrong signature'
            Response = { New-Response "<Error><Code>SignatureDoesNotMatch</Code><Message>$args</Message></Error>" '403 Forbidden' }
        }
        @{ Name = 'a header'; Response = { New-Response '' '403 Forbidden' "x-amz-request-id: $args`r`n" } }
        @{ Name = 'a status line'; Response = { "HTTP/1.1 $args`r`n`r`n" } }
        @{ Name = 'the code'; Response = { New-Response "<Error><Code>$($args[0])</Code><Message>m</Message></Error>" '403 Forbidden' } }
    ) {
        $key = [Text.Encoding]::ASCII.GetBytes('raw-customer-key-of-32-bytes-abc')
        $secrets = 'SecretKeyOfTheTest0123456789', 'SessionTokenOfTheTest/+==0123456789', [Convert]::ToBase64String($key),
            'raw-customer-key-of-32-bytes-abc'
        $keys = @{ AccessKey = 'access'; SecretKey = $secrets[0]; SessionToken = $secrets[1]; SseCustomerKey = $key }
        Set-Response '^GET .*uploadId=' (& $Response @secrets)
        $seen = Watch-Run { Get-S3UploadPart $bucket hostile $upload.UploadId @at @keys }
        $seen.Errors | Should -HaveCount 1
        $text = Get-AllText $seen
        foreach ($secret in $secrets) { $text | Should -Not -BeLike "*$secret*" }
    }

    It 'refuses an endpoint with a password in it, wherever it comes from, and does not repeat it' -ForEach 'parameter', 'environment' {
        $url = 'http://someone:hunter2secret@127.0.0.1:1'
        if ($_ -eq 'environment') { $env:AWS_ENDPOINT_URL = $url }
        $place = if ($_ -eq 'parameter') { @{ EndpointUrl = $url } } else { @{} }
        try { $seen = Watch-Run { New-S3MultipartUpload $bucket k -MaxRetry 0 @place } }
        finally { Remove-Item Env:AWS_ENDPOINT_URL -ErrorAction Ignore }
        $seen.Errors = @(@($seen.Errors) + @($seen.Thrown) | Where-Object { $_ })
        $seen.Errors | Should -HaveCount 1
        Get-ErrorName $seen.Errors[0] | Should -BeExactly 'EndpointHasCredentials'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        "$($seen.Errors[0]) $($seen.Errors[0].Exception) $($seen.Errors[0].TargetObject)" | Should -Not -BeLike '*hunter2secret*'
    }

    It 'does not repeat a password of an endpoint that is none' {
        $seen = Watch-Run { New-S3MultipartUpload $bucket k -EndpointUrl 'ftp://someone:hunter2secret@host' }
        $failure = @($seen.Errors) + @($seen.Thrown) | Where-Object { $_ } | Select-Object -First 1
        Get-ErrorName $failure | Should -BeExactly 'EndpointHasCredentials'
        "$failure $($failure.Exception)" | Should -Not -BeLike '*hunter2secret*'
    }
}

Describe 'A refusal before the body was read' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    AfterEach { Set-ProxyFault $proxy }

    It '<Status> <Code> of <Request> is told as it is, at once and after one try' -ForEach @(
        @{ Status = 403; Code = 'AccessDenied'; Request = 'a part'; Line = '^PUT .*partNumber='; Id = 'AccessDenied' }
        @{ Status = 413; Code = ''; Request = 'a part'; Line = '^PUT .*partNumber='; Id = 'Http413' }
    ) {
        $body = if ($Code) { "<Error><Code>$Code</Code><Message>m</Message></Error>" } else { '<html>too large</html>' }
        Set-Response $Line (New-Response $body "$Status X" "Connection: close`r`n") -HangUp
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $seen = Watch-Run { Add-S3UploadPart $upload -Value (New-TestBytes 64MB) -PartNumber 3 -EndpointUrl $proxy.Http -Verbose }
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
        $seen.Output | Should -BeNullOrEmpty
        $seen.Errors | Should -HaveCount 1
        Get-ErrorName $seen.Errors[0] | Should -BeExactly $Id
        @($seen.Verbose -match '^Retry ') | Should -HaveCount 0
    }

    It 'a success before the body was read is none' {
        Set-Response '^PUT .*partNumber=' (New-Response '' '200 OK' "ETag: `"e`"`r`nConnection: close`r`n") -HangUp
        $seen = Watch-Run { Add-S3UploadPart $upload -Value (New-TestBytes 64MB) -PartNumber 3 @at }
        $seen.Output | Should -BeNullOrEmpty
        $seen.Errors | Should -HaveCount 1
        Get-ErrorName $seen.Errors[0] | Should -BeExactly 'ConnectionLost'
    }

    It 'a connection that breaks without a response is lost' {
        Set-Response '^PUT .*partNumber=' '' -HangUp
        $seen = Watch-Run { Add-S3UploadPart $upload -Value (New-TestBytes 64MB) -PartNumber 3 @at }
        $seen.Output | Should -BeNullOrEmpty
        Get-ErrorName $seen.Errors[0] | Should -BeExactly 'ConnectionLost'
    }
}

Describe 'A time that a server tells' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    AfterEach { Set-ProxyFault $proxy }

    It 'of <_> changes nothing for later requests, to it or to others' -ForEach @(
        'Fri, 31 Dec 9999 23:59:59 GMT', 'Sat, 01 Jan 2000 00:00:00 GMT'
    ) {
        $body = '<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>'
        Set-Response '^GET .*uploadId=' (New-Response $body '403 Forbidden' "Date: $_`r`n")
        $seen = Watch-Run { Get-S3UploadPart -Upload $upload @at }
        Get-ErrorName $seen.Errors[0] | Should -BeExactly 'RequestTimeTooSkewed'
        Set-ProxyFault $proxy
        (New-S3MultipartUpload $bucket later @at).UploadId | Should -Not -BeNullOrEmpty
        (New-S3MultipartUpload $bucket later -EndpointUrl $Server.Http).UploadId | Should -Not -BeNullOrEmpty
    }

    It 'of an hour ahead holds for it alone' {
        $date = [DateTime]::UtcNow.AddHours(1).ToString('R')
        $response = New-Response '<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>' '403 Forbidden' "Date: $date`r`n"
        Set-ProxyFault $proxy @{ request = '^GET .*uploadId='; action = 'respond'; times = 1; response = $response }
        # LocalS3, whose clock is this machine's, then refuses what is signed an hour ahead, and its response sets the time right.
        $null = Watch-Run { Get-S3UploadPart -Upload $upload @at }
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $null = Get-S3MultipartUpload $bucket -EndpointUrl $Server.Http
        (Get-LocalS3Request $Server.Http).status | Should -Be 200
    }
}
