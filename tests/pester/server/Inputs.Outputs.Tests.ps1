param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $at = @{ EndpointUrl = $Server.Http }
    $bytes = New-TestBytes 100
    $versions = '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status>' +
        '</VersioningConfiguration>'
    $lifecycle = '<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>stop old uploads</ID><Filter>' +
        '<Prefix>rule/</Prefix></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload>' +
        '<DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>'
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket } + $at
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Outputs on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'AbortDate and AbortRuleId come from Create and from the list of parts' -Tag NeedsAbortDate {
        Set-BucketSetting $bucket 'lifecycle' $lifecycle
        $upload = New-S3MultipartUpload @to -Key 'rule/k'
        $found = Get-S3MultipartUpload @to -Key 'rule/k' -IncludePart
        foreach ($one in $upload, $found) {
            $one.AbortRuleId | Should -BeExactly 'stop old uploads'
            $one.AbortDate.Kind | Should -Be 'Utc'
            # S3 rounds up to the next midnight.
            ($one.AbortDate - [DateTime]::UtcNow).TotalDays | Should -BeGreaterThan 7
            ($one.AbortDate - [DateTime]::UtcNow).TotalDays | Should -BeLessThan 8.01
        }

        $free = New-S3MultipartUpload @to -Key 'other'
        $free.AbortDate, $free.AbortRuleId | Should -Be $null, $null
        $upload, $free | Stop-S3MultipartUpload -Force
    }

    It 'RequestCharged comes from Create, parts, copies, lists, Complete and Stop' -Tag NeedsPayer {
        $upload = New-S3MultipartUpload @to -Key 'charged' -RequestPayer requester
        $upload.RequestCharged | Should -BeExactly 'requester'
        $part = Add-S3UploadPart $upload -Value $bytes -PartNumber 1
        $part.RequestCharged | Should -BeExactly 'requester'
        (Get-S3MultipartUpload @to -Key 'charged' -IncludePart -RequestPayer requester).RequestCharged | Should -BeExactly 'requester'
        ($part | Complete-S3MultipartUpload).RequestCharged | Should -BeExactly 'requester'
        ($copy = New-S3MultipartUpload @to -Key 'copied') |
            Add-S3UploadPart -SourceBucketName $bucket -SourceKey 'charged' @at -RequestPayer requester |
            ForEach-Object RequestCharged | Should -BeExactly 'requester'
        (Get-S3MultipartUpload @to -Key 'copied' -RequestPayer requester).RequestCharged | Should -BeExactly 'requester'
        ($copy | Stop-S3MultipartUpload -Force -PassThru @at -RequestPayer requester).RequestCharged | Should -BeExactly 'requester'
        (New-S3MultipartUpload @to -Key 'free').RequestCharged | Should -BeNullOrEmpty
    }

    It 'VersionId comes from Complete in a bucket with versioning' -Tag NeedsCompletedVersion {
        $versioned = New-TestBucket $Server.Http
        Set-BucketSetting $versioned 'versioning' $versions
        $done = Add-S3UploadPart (New-S3MultipartUpload -BucketName $versioned -Key 'k' @at) -Value $bytes -PartNumber 1 |
            Complete-S3MultipartUpload
        $done.VersionId | Should -BeExactly (Get-ObjectHeader $versioned 'k').'x-amz-version-id'
        $done.VersionId | Should -Not -BeNullOrEmpty
    }

    # What LocalS3 does not say by itself, a server of these few lines does.
    It 'ExpirationDate and ExpirationRuleId come from Complete' {
        Skip-UnderWine 'HttpListener does not work'
        $listener = [Net.HttpListener]::new()
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $url = "http://127.0.0.1:$($probe.LocalEndpoint.Port)/"
        $probe.Stop()
        $listener.Prefixes.Add($url)
        $listener.Start()
        # The form of an ETag made of one part, so that nothing has to be looked up of the object.
        $etag = '"0123456789abcdef0123456789abcdef-1"'
        $server = Start-ThreadJob {
            param($listener)
            $context = $listener.GetContext()
            $null = [IO.StreamReader]::new($context.Request.InputStream).ReadToEnd()
            $context.Response.AddHeader('x-amz-expiration', 'expiry-date="Fri, 21 Dec 2040 00:00:00 GMT", rule-id="my%20rule"')
            $response = [Text.Encoding]::UTF8.GetBytes('<CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
                "<Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>$using:etag</ETag></CompleteMultipartUploadResult>")
            $context.Response.OutputStream.Write($response, 0, $response.Length)
            $context.Response.Close()
        } -ArgumentList $listener
        try {
            $part = [pscustomobject]@{
                BucketName = 'bucket'
                Key = 'k'
                UploadId = 'id'
                PartNumber = 1
                Size = 10
                ETag = '"e"'
                PartCount = 1
                EndpointUrl = $url.TrimEnd('/')
            }
            $done = $part | Complete-S3MultipartUpload
            $done.ExpirationDate | Should -Be ([DateTime]::new(2040, 12, 21, 0, 0, 0, [DateTimeKind]::Utc))
            $done.ExpirationDate.Kind | Should -Be 'Utc'
            $done.ExpirationRuleId | Should -BeExactly 'my rule'
            $done.ETag | Should -BeExactly $etag
        }
        finally {
            $listener.Stop()
            $server | Remove-Job -Force
        }
    }

    It 'Owner, Initiator, StorageClass and Initiated come from the lists' {
        $upload = New-S3MultipartUpload @to -Key 'listed'
        $found = Get-S3MultipartUpload @to -Key 'listed'
        $found.Owner, $found.Initiator | Should -Not -BeNullOrEmpty
        $list = [xml](Invoke-S3 @{ Endpoint = $Server.Http; Bucket = $bucket; Query = @{ uploads = ''; prefix = 'listed' } })
        $said = $list.SelectSingleNode("//*[local-name()='Upload']")
        $found.OwnerId, $found.InitiatorId | Should -BeExactly $said.Owner.ID, $said.Initiator.ID
        $found.Owner | Should -BeExactly $(if ($said.Owner['DisplayName']) { $said.Owner.DisplayName } else { $said.Owner.ID })
        $found.StorageClass | Should -BeExactly 'STANDARD'
        if (-not $Server.Lacks.Initiated) { [Math]::Abs(($found.Initiated - $upload.Initiated).TotalSeconds) | Should -BeLessThan 5 }
        $upload | Stop-S3MultipartUpload -Force
    }
}
