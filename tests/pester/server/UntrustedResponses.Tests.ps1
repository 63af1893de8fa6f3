param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery {
    $esc = [char]27

    # A response that ends as it says.
    function New-Response([string] $Body, [string] $Status = '200 OK', [string] $Headers = '') {
        @{
            response = "HTTP/1.1 $Status`r`nContent-Type: application/xml`r`n${Headers}Content-Length: " +
                "$([Text.Encoding]::UTF8.GetByteCount($Body))`r`n`r`n$Body"
        }
    }

    $xml = '<?xml version="1.0" encoding="UTF-8"?>'
    $laughs = '<!DOCTYPE x [<!ENTITY a "ha">' +
        -join (1..20 | ForEach-Object { "<!ENTITY $([char](97 + $_)) `"$("&$([char](96 + $_));" * 10)`">" }) + ']>'
    $endless = @(
        @{ Name = 'an endless body'; Rule = @{ response = "HTTP/1.1 200 OK`r`nContent-Type: application/xml`r`n`r`n"; endless = 'A' } }
        @{ Name = 'an endless text in its XML'; Rule = @{ response = "HTTP/1.1 200 OK`r`n`r`n$xml<a><b>"; endless = 'text ' } }
        @{ Name = 'endless elements'; Rule = @{ response = "HTTP/1.1 200 OK`r`n`r`n$xml<a>"; endless = '<b>' } }
        @{
            Name = 'an endless body in chunks'
            Rule = @{ response = "HTTP/1.1 200 OK`r`nTransfer-Encoding: chunked`r`n`r`n"; endless = "40`r`n$("ABCD" * 16)`r`n" }
        }
        @{ Name = 'endless white space'; Rule = @{ response = "HTTP/1.1 200 OK`r`n`r`n"; endless = ' ' } }
        @{ Name = 'an endless error'; Rule = @{ response = "HTTP/1.1 403 Forbidden`r`n`r`n<Error><Code>"; endless = 'A' } }
        @{ Name = 'an endless header'; Rule = @{ response = "HTTP/1.1 200 OK`r`nX-Endless: "; endless = 'A' } }
        @{ Name = 'endless headers'; Rule = @{ response = "HTTP/1.1 200 OK`r`n"; endless = "X-Endless: A`r`n" } }
        @{ Name = 'an endless first line'; Rule = @{ response = 'HTTP/1.1 200 '; endless = 'A' } }
        @{ Name = 'endless interim answers'; Rule = @{ response = ''; endless = "HTTP/1.1 100 Continue`r`n`r`n" } }
    )
    $wrong = @(
        @{ Name = 'a length below zero'; Rule = @{ response = "HTTP/1.1 200 OK`r`nContent-Length: -5`r`n`r`nhello"; close = $true } }
        @{
            Name = 'more than it sends'
            Rule = @{ response = "HTTP/1.1 200 OK`r`nContent-Length: 9000000000000000000`r`n`r`nhello"; close = $true }
        }
        @{ Name = 'no HTTP'; Rule = @{ response = "SSH-2.0-OpenSSH_9.9`r`n"; close = $true } }
        @{ Name = 'nothing'; Rule = @{ response = ''; close = $true } }
        @{
            Name = 'a redirect elsewhere'
            Rule = @{ response = "HTTP/1.1 307 Temporary Redirect`r`nLocation: http://127.0.0.1:1/`r`nContent-Length: 0`r`n`r`n" }
        }
        @{ Name = 'an error that is no XML'; Rule = New-Response '<html>oops' '500 Oops' }
        @{
            Name = 'an error with an entity'
            Rule = New-Response ("$xml<!DOCTYPE x [<!ENTITY a SYSTEM `"file:///etc/hostname`">]>" +
                "<Error><Code>A</Code><Message>&a;</Message>" +
                "</Error>") '403 Forbidden'
        }
        @{
            Name = 'an error with control sequences'
            Rule = New-Response ("<Error><Code>Evil${esc}[2J</Code><Message>${esc}]0;evil$([char]7) ${esc}[31m red`r`nnew line</Message>" +
                "<RequestId>$esc[5m</RequestId></Error>") '403 Forbidden'
        }
        @{
            Name = 'a billion laughs'
            Rule = New-Response "$xml$laughs<InitiateMultipartUploadResult><UploadId>&u;</UploadId></InitiateMultipartUploadResult>"
        }
    )
    # Of these an empty response is right for UploadPart and AbortMultipartUpload, and theirs are not read.
    $noDocument = @(
        @{ Name = 'an empty body'; Rule = New-Response '' }
        @{ Name = 'no XML'; Rule = New-Response 'hello' }
        @{ Name = 'another document'; Rule = New-Response "$xml<Other><a/></Other>" }
        @{ Name = 'a web page'; Rule = New-Response '<html><body><p>Log in<br></body></html>' }
        @{ Name = 'half a document'; Rule = New-Response "$xml<InitiateMultipartUploadResult><UploadId>abc" }
        @{ Name = 'an error with status 200'; Rule = New-Response "$xml<Error><Code>InternalError</Code><Message>m</Message></Error>" }
    )
    # What a document of another name must repeat, and does not: its likes would be empty lists.
    $noRepetition = @(
        @{ Command = 'Complete'; Name = 'another document without a key'; Rule = New-Response "$xml<Other><ETag>`"e`"</ETag></Other>" }
        @{
            Command = 'Complete'
            Name = 'another document about another key'
            Rule = New-Response "$xml<Other><Key>k</Key><ETag>`"e`"</ETag></Other>"
        }
        @{ Command = 'Complete'; Name = 'another document without an ETag'; Rule = New-Response "$xml<Other><Key>untrusted</Key></Other>" }
        @{
            Command = 'Parts'
            Name = 'another document about another upload'
            Rule = New-Response "$xml<Other><UploadId>u</UploadId></Other>"
        }
        @{
            Command = 'Get'
            Name = 'another document about another bucket'
            Rule = New-Response "$xml<Other><Bucket>b</Bucket><MaxUploads>1000</MaxUploads></Other>"
        }
    )
    $entity = {
        param($root, $inner)
        New-Response ("$xml<!DOCTYPE $root [<!ENTITY e SYSTEM `"file:///etc/hostname`"><!ENTITY i `"inner`">]><$root " +
            "xmlns=`"http://s3.amazonaws.com/doc/2006-03-01/`">$inner</$root>")
    }
    $cases = @(
        foreach ($one in $endless + $wrong + $noDocument) {
            foreach ($command in 'New', 'Get', 'Parts', 'Complete') { $one + @{ Command = $command } }
        }
        foreach ($one in $endless + $wrong) { foreach ($command in 'Add', 'Stop') { $one + @{ Command = $command } } }
        $noRepetition
        @{
            Command = 'New'
            Name = 'an internal entity as the upload''s id'
            Rule = & $entity InitiateMultipartUploadResult '<UploadId>&i;</UploadId>'
        }
        @{
            Command = 'New'
            Name = 'a file of this machine as the upload''s id'
            Rule = & $entity InitiateMultipartUploadResult '<UploadId>&e;</UploadId>'
        }
        @{
            Command = 'New'
            Name = 'no id'
            Rule = New-Response "$xml<InitiateMultipartUploadResult><Bucket>b</Bucket></InitiateMultipartUploadResult>"
        }
        @{
            Command = 'New'
            Name = 'an empty id'
            Rule = New-Response "$xml<InitiateMultipartUploadResult><UploadId></UploadId></InitiateMultipartUploadResult>"
        }
        @{
            Command = 'Get'
            Name = 'a file of this machine as a key'
            Rule = & $entity ListMultipartUploadsResult ('<Upload><Key>&e;</Key><UploadId>u</UploadId>' +
                '<Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload>')
        }
        @{
            Command = 'Get'
            Name = 'an upload without a key'
            Rule = New-Response ("$xml<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><UploadId>u</UploadId>" +
                "<Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>")
        }
        @{
            Command = 'Get'
            Name = 'an upload without an id'
            Rule = New-Response ("$xml<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><Key>k</Key>" +
                "<Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>")
        }
        @{
            Command = 'Get'
            Name = 'a time that is none'
            Rule = New-Response ("$xml<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><Key>k</Key>" +
                "<UploadId>u</UploadId><Initiated>yesterday</Initiated></Upload></ListMultipartUploadsResult>")
        }
        @{
            Command = 'Get'
            Name = 'the same page again and again'
            Rule = New-Response ("$xml<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker>" +
                "<NextUploadIdMarker>u</NextUploadIdMarker></ListMultipartUploadsResult>")
        }
        @{
            Command = 'Get'
            Name = 'more pages without telling where'
            Rule = New-Response "$xml<ListMultipartUploadsResult><IsTruncated>true</IsTruncated></ListMultipartUploadsResult>"
        }
        foreach ($part in @(
                @{ Name = 'a size below zero'; Xml = '<PartNumber>1</PartNumber><ETag>"e"</ETag><Size>-1</Size>' }
                @{ Name = 'a size beyond all numbers'; Xml = '<PartNumber>1</PartNumber><ETag>"e"</ETag><Size>99999999999999999999</Size>' }
                @{ Name = 'a part number below one'; Xml = '<PartNumber>0</PartNumber><ETag>"e"</ETag><Size>1</Size>' }
                @{ Name = 'a part number beyond 10,000'; Xml = '<PartNumber>10001</PartNumber><ETag>"e"</ETag><Size>1</Size>' }
                @{ Name = 'a part number that is none'; Xml = '<PartNumber>one</PartNumber><ETag>"e"</ETag><Size>1</Size>' }
                @{ Name = 'a part without a number'; Xml = '<ETag>"e"</ETag><Size>1</Size>' }
                @{ Name = 'a part without a size'; Xml = '<PartNumber>1</PartNumber><ETag>"e"</ETag>' }
                @{ Name = 'a part without an ETag'; Xml = '<PartNumber>1</PartNumber><Size>1</Size>' }
            )) {
                @{
                    Command = 'Parts'
                    Name = $part.Name
                    Rule = New-Response "$xml<ListPartsResult><IsTruncated>false</IsTruncated><Part>$($part.Xml)</Part></ListPartsResult>"
                }
            }
        @{
            Command = 'Parts'
            Name = 'the same page again and again'
            Rule = New-Response ("$xml<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>0</NextPartNumberMarker>" +
                "</ListPartsResult>")
        }
        @{ Command = 'Add'; Name = 'no ETag'; Rule = New-Response '' }
        @{
            Command = 'Complete'
            Name = 'no ETag'
            Rule = New-Response "$xml<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key></CompleteMultipartUploadResult>"
        }
    )
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $proxy = Start-FaultProxy $Server.Http
    $at = @{ EndpointUrl = $proxy.Http; MaxRetry = 1; Timeout = 5 }
    $upload = New-S3MultipartUpload $bucket untrusted -EndpointUrl $proxy.Http
    # The upload of a part that failed is not completed, whatever the response would be.
    $failing = New-S3MultipartUpload $bucket failing -EndpointUrl $proxy.Http
    $part = Add-S3UploadPart $upload -Value (New-TestBytes 100) -PartNumber 1
    $hostName = (Get-Content /etc/hostname -Raw -ErrorAction Ignore)?.Trim()

    $commands = @{
        New      = @{ Request = '^POST .*\?uploads'; Run = { New-S3MultipartUpload $bucket other @at } }
        Get      = @{ Request = '^GET .*[?&]uploads'; Run = { Get-S3MultipartUpload $bucket @at } }
        Parts    = @{ Request = '^GET .*uploadId='; Run = { Get-S3UploadPart -Upload $upload @at } }
        Add      = @{ Request = '^PUT .*partNumber='; Run = { Add-S3UploadPart $failing -Value (New-TestBytes 200) -PartNumber 2 @at } }
        Complete = @{ Request = '^POST .*uploadId='; Run = { $part | Complete-S3MultipartUpload @at } }
        Stop     = @{ Request = '^DELETE .*uploadId='; Run = { $upload | Stop-S3MultipartUpload -Force -PassThru @at } }
    }

    function Test-Plain([string] $Text) { $Text -notmatch '[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]' }
}

AfterAll {
    $proxy | Stop-TestServer
    Remove-TestBucket $Server.Http $bucket
}

Describe 'A response that cannot be trusted' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    It '<Command> is answered with <Name>: a clear error, soon, in little memory' -ForEach $cases {
        $doing = $commands[$Command]
        Set-ProxyFault $proxy ($Rule + @{ request = $doing.Request; action = 'respond'; times = 1000 })
        $before = [GC]::GetTotalAllocatedBytes()
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $seen = Watch-Run $doing.Run
        $clock.Stop()
        $allocated = [GC]::GetTotalAllocatedBytes() - $before
        # The connections of the endless are gone.
        if ($Rule.endless) {
            $deadline = [Diagnostics.Stopwatch]::StartNew()
            do {
                [Threading.Thread]::Sleep(20)
                $open = (Get-ProxyReport $proxy).open
            } while ($open -gt 2 -and $deadline.Elapsed.TotalSeconds -lt 10)
            $open | Should -BeLessOrEqual 2
        }

        $applied = (Get-ProxyReport $proxy).rules[0].applied
        Set-ProxyFault $proxy
        $applied | Should -BeGreaterThan 0 -Because 'the response was requested'
        $seen.Thrown | Should -BeNullOrEmpty
        $seen.Output | Should -BeNullOrEmpty
        $seen.Errors | Should -HaveCount 1
        $failure = $seen.Errors[0]
        $failure.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        Get-ErrorName $failure | Should -MatchExactly '^(?!Unexpected)[A-Z][A-Za-z0-9.]*$'
        $text = "$(Get-ErrorText $failure) $($seen.Verbose) $($failure | Out-String)"
        Test-Plain "$(Get-ErrorText $failure) $($failure.FullyQualifiedErrorId) $($failure.TargetObject) $($seen.Verbose)" |
            Should -BeTrue -Because 'no text of the module holds control sequences'
        $text.Length | Should -BeLessThan 20000
        Test-Plain ($text -replace "$([char]27)\[[0-9;]*m") | Should -BeTrue -Because 'what is shown has only the colours of the shell'
        # As a word of its own, because a short name may be within an upload id.
        if ($hostName) { $text | Should -Not -MatchExactly "(?<![\w.-])$([regex]::Escape($hostName))(?![\w.-])" }
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 20
        $allocated | Should -BeLessThan 256MB
    }

    It '<Command> reads a document that S3 calls otherwise, if it repeats what was requested' -ForEach @(
        @{ Command = 'Complete'; Property = 'ETag'; Expected = '{2}'; Text = '<Key>untrusted</Key><ETag>{2}</ETag>' }
        @{
            Command = 'Parts'
            Property = 'PartNumber'
            Expected = 7
            Text = '<UploadId>{0}</UploadId><Part><PartNumber>7</PartNumber><Size>9</Size><ETag>"e"</ETag></Part>'
        }
        @{
            Command = 'Get'
            Property = 'UploadId'
            Expected = 'u'
            Text = '<Bucket>{1}</Bucket><MaxUploads>9</MaxUploads><Upload><Key>k</Key><UploadId>u</UploadId></Upload>'
        }
    ) {
        # Only the ETag that the part makes tells that the object is the one.
        $md5 = [Security.Cryptography.MD5]::HashData([Convert]::FromHexString($part.ETag.Trim('"')))
        $whole = "`"$([Convert]::ToHexString($md5).ToLowerInvariant())-1`""
        $body = "<Renamed>$($Text -f $upload.UploadId, $bucket, $whole)</Renamed>"
        $response = "HTTP/1.1 200 OK`r`nContent-Length: $($body.Length)`r`n`r`n$body"
        Set-ProxyFault $proxy @{ request = $commands[$Command].Request; action = 'respond'; times = 1000; response = $response }
        $seen = Watch-Run $commands[$Command].Run
        Set-ProxyFault $proxy
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Output.$Property | Should -BeExactly $(if ($Expected -eq '{2}') { $whole } else { $Expected })
    }

    It 'names a key that is a path or a control sequence: it is only a name' {
        $keys = '../../../../etc/hostname', '/etc/hostname', 'C:\Windows\win.ini', "a$([char]27)]0;evil$([char]7)b",
            "a$([char]27)[2Jb", "line`r`nbreak"
        $list = -join ($keys | ForEach-Object {
            ("<Upload><Key>$([uri]::EscapeDataString($_))</Key><UploadId>u</UploadId><Initiated>2026-01-01T00:00:00.000Z</Initiated>" +
                "</Upload>")
        })
        $body = "<ListMultipartUploadsResult><EncodingType>url</EncodingType>" +
            "<IsTruncated>false</IsTruncated>$list</ListMultipartUploadsResult>"
        Set-ProxyFault $proxy @{
            request = '^GET .*[?&]uploads'
            action = 'respond'
            times = 1000
            response = "HTTP/1.1 200 OK`r`nContent-Length: $($body.Length)`r`n`r`n$body"
        }
        $uploads = @(Get-S3MultipartUpload $bucket @at)
        Set-ProxyFault $proxy
        $uploads.Key | Should -BeExactly $keys
        $rendering = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            $shown = ($uploads | Out-String) + ($uploads | Format-List | Out-String)
            Test-Plain ($shown -replace "$([char]27)\[[0-9;]*m") | Should -BeTrue
        }
        finally { $PSStyle.OutputRendering = $rendering }

        # No file is found by a key: without a path there is nothing to send.
        $seen = Watch-Run { $uploads | Add-S3UploadPart @at -PartSize 5MB }
        $seen.Output | Should -BeNullOrEmpty
        $seen.Errors | Should -HaveCount $keys.Count
        foreach ($failure in $seen.Errors) {
            Get-ErrorName $failure | Should -BeExactly 'PathMissing'
            Test-Plain (Get-ErrorText $failure) | Should -BeTrue
        }
        $seen.Requests | Should -BeNullOrEmpty
    }
}
