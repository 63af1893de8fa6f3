param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $bytes = New-TestBytes 100
    # Both servers know the user that the tests are; other ids they refuse.
    Set-TestObject $Server.Http $bucket 'mine'
    $owner = ([xml](Invoke-S3 @{
        Endpoint = $Server.Http
        Bucket = $bucket
        Key = 'mine'
        Query = @{ acl = '' }
    })).AccessControlPolicy.Owner.ID
    $everybody = 'http://acs.amazonaws.com/groups/global/AllUsers'

    # An object made with these parameters: what Create said on the wire, and the key.
    function New-Object([hashtable] $With, [string] $Key = [Guid]::NewGuid().ToString('n')) {
        $seen = Watch-Wire {
            $upload = New-S3MultipartUpload @to -Key $Key @With
            $upload | ForEach-Object { Add-S3UploadPart $_ -Value $bytes -PartNumber 1 } | Complete-S3MultipartUpload
        }
        $seen.Output | Should -HaveCount 1
        Get-ObjectHash $Server.Http $bucket $Key | Should -BeExactly (Get-ByteHash $bytes)
        [pscustomobject]@{ Key = $Key; Sent = ($seen.Requests | Where-Object operation -EQ 'CreateMultipartUpload').headers }
    }

    function Get-Acl([string] $Key) {
        $list = [xml](Invoke-S3 @{ Endpoint = $Server.Http; Bucket = $bucket; Key = $Key; Query = @{ acl = '' } })
        @($list.AccessControlPolicy.AccessControlList.Grant | ForEach-Object { "$($_.Permission) $($_.Grantee.ID)$($_.Grantee.URI)" })
    }

    function Get-Tag([string] $Key) {
        $list = [xml](Invoke-S3 @{ Endpoint = $Server.Http; Bucket = $bucket; Key = $Key; Query = @{ tagging = '' } })
        $tags = @{}
        foreach ($tag in $list.SelectNodes("//*[local-name()='Tag']")) { $tags[$tag.Key] = $tag.Value }
        $tags
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'CreateMultipartUpload on <Server.Name>, inputs' -ForEach @{ Server = $Server } {
    It 'sends <Header> for -<Parameter> <Value>, and the object is served with it' -ForEach @(
        @{ Parameter = 'CacheControl'; Value = 'no-cache, max-age=0'; Header = 'cache-control' }
        @{ Parameter = 'ContentDisposition'; Value = 'attachment; filename="a  b+c.bin"'; Header = 'content-disposition' }
        @{ Parameter = 'ContentEncoding'; Value = 'gzip'; Header = 'content-encoding' }
        @{ Parameter = 'ContentLanguage'; Value = 'de-CH, en'; Header = 'content-language' }
        @{ Parameter = 'ContentType'; Value = 'text/plain; charset=utf-8'; Header = 'content-type' }
        @{ Parameter = 'ContentType'; Value = 'text/plain;charset=utf-8'; Header = 'content-type'; Sent = 'text/plain; charset=utf-8' }
        @{ Parameter = 'ContentType'; Value = 'application/json ;a=b'; Header = 'content-type'; Sent = 'application/json; a=b' }
        @{
            Parameter = 'Expires'
            Value = [DateTime]::new(2031, 2, 3, 4, 5, 6, [DateTimeKind]::Utc)
            Header = 'expires'
            Sent = 'Mon, 03 Feb 2031 04:05:06 GMT'
        }
    ) {
        $made = New-Object @{ $Parameter = $Value }
        $expected = $Sent ?? $Value
        if (-not $Server.Lacks.RequestLog) { $made.Sent.$Header | Should -BeExactly $expected }
        (Get-ObjectHeader $bucket $made.Key).$Header | Should -BeExactly $expected
    }

    It 'sends x-amz-website-redirect-location for -WebsiteRedirectLocation <Value>, and the object has it' -ForEach @(
        @{ Value = '/a  b+c.html' }
        @{ Value = 'https://example.com/?a=1&b=%20+c' }
    ) {
        $made = New-Object @{ WebsiteRedirectLocation = $Value }
        if (-not $Server.Lacks.RequestLog) { $made.Sent.'x-amz-website-redirect-location' | Should -BeExactly $Value }
        (Get-ObjectHeader $bucket $made.Key).'x-amz-website-redirect-location' | Should -BeExactly $Value
    }

    # Ceph takes only the storage classes that it is configured with.
    It 'sends x-amz-storage-class for -StorageClass <_>, and the object has it' -Tag NeedsStorageClass `
        -ForEach 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR' {
        $made = New-Object @{ StorageClass = $_ }
        if (-not $Server.Lacks.RequestLog) { $made.Sent.'x-amz-storage-class' | Should -BeExactly $_ }
        (Get-ObjectHeader $bucket $made.Key).'x-amz-storage-class' | Should -BeExactly $_
    }

    It 'sends a storage class that S3 may have one day' -Tag NeedsStorageClassCheck {
        $seen = $null
        if (-not $Server.Lacks.RequestLog) {
            $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        }

        $seen = Watch-Run { New-S3MultipartUpload @to -Key 'future' -StorageClass 'FUTURE_CLASS' }
        $seen.Errors | Should -HaveCount 1
        # S3 itself, and not the module, refuses the name.
        $seen.Errors[0].Exception | Should -BeOfType ([S3Multipart.S3ServiceException])
        if (-not $Server.Lacks.RequestLog) {
            @(Get-LocalS3Request $Server.Http)[0].headers.'x-amz-storage-class' | Should -BeExactly 'FUTURE_CLASS'
        }
    }

    It 'guesses the media type <Type> for <Name>' -ForEach @(
        @{ Name = 'photo.JPG'; Type = 'image/jpeg' }
        @{ Name = 'folder.d/page.html'; Type = 'text/html' }
        @{ Name = 'data.json'; Type = 'application/json' }
        @{ Name = 'what.unheard-of'; Type = 'application/octet-stream' }
        @{ Name = 'none'; Type = 'application/octet-stream' }
    ) {
        $made = New-Object @{} $Name
        if (-not $Server.Lacks.RequestLog) { $made.Sent.'content-type' | Should -BeExactly $Type }
        (Get-ObjectHeader $bucket $Name).'Content-Type' | Should -BeExactly $Type
    }

    It 'guesses the media type by the extension of the file before that of the key' {
        $file = Join-Path (New-TestFolder) 'page.html'
        New-TestFile $file 10
        $null = Get-Item $file | New-S3MultipartUpload @to -Key 'by-file.json' | Add-S3UploadPart | Complete-S3MultipartUpload
        (Get-ObjectHeader $bucket 'by-file.json').'Content-Type' | Should -BeExactly 'text/html'
    }

    It 'sends x-amz-acl for -CannedACL, and the object has the grants' {
        $made = New-Object @{ CannedACL = 'public-read' }
        if (-not $Server.Lacks.RequestLog) { $made.Sent.'x-amz-acl' | Should -BeExactly 'public-read' }
        Get-Acl $made.Key | Sort-Object | Should -BeExactly "FULL_CONTROL $owner", "READ $everybody"
    }

    It 'sends <Header> for -<Parameter>, and the object has the grants' -Tag NeedsGrant -ForEach @(
        @{ Parameter = 'GrantFullControl'; Header = 'x-amz-grant-full-control'; Permission = 'FULL_CONTROL' }
        @{ Parameter = 'GrantRead'; Header = 'x-amz-grant-read'; Permission = 'READ' }
        @{ Parameter = 'GrantReadACP'; Header = 'x-amz-grant-read-acp'; Permission = 'READ_ACP' }
        @{ Parameter = 'GrantWriteACP'; Header = 'x-amz-grant-write-acp'; Permission = 'WRITE_ACP' }
    ) {
        # The owner keeps full control, so that the object can be read back.
        $with = @{ GrantFullControl = $owner }
        $with[$Parameter] = "id=`"$owner`"", "uri=$everybody"
        $made = New-Object $with
        if (-not $Server.Lacks.RequestLog) {
            $made.Sent.$Header -replace ',\s*', ', ' | Should -BeExactly "id=`"$owner`", uri=`"$everybody`""
        }
        Get-Acl $made.Key | Should -Contain "$Permission $owner"
        Get-Acl $made.Key | Should -Contain "$Permission $everybody"
    }

    It 'sends x-amz-meta-* for -Metadata: <What>' -ForEach @(
        @{ What = 'plain text'; Value = 'value'; Sent = 'value' }
        @{ What = 'two spaces in a row'; Value = 'a  b   c'; Sent = 'a  b   c' }
        @{ What = 'plus, percent and quotes'; Value = 'a+b%20c "d" ''e'''; Sent = 'a+b%20c "d" ''e''' }
        @{ What = 'unicode'; Value = 'Zürich 日本 😀'; Sent = '=?UTF-8?B?WsO8cmljaCDml6XmnKwg8J+YgA==?=' }
        @{ What = 'spaces at both ends'; Value = '  a b '; Sent = '=?UTF-8?B?ICBhIGIg?=' }
        @{ What = 'unicode of more than an encoded word'; Value = 'ä' * 100 }
        @{ What = 'emoji over the border of an encoded word'; Value = 'x' + '😀' * 30 }
        @{ What = 'what looks like an encoded word'; Value = '=?UTF-8?B?YQ==?=' }
    ) {
        $made = New-Object @{ Metadata = @{ 'The-Name-1' = $Value } }
        if (-not $Server.Lacks.RequestLog) {
            $header = $made.Sent.'x-amz-meta-the-name-1'
            if ($Sent) { $header | Should -BeExactly $Sent }
            ConvertFrom-EncodedWord $header | Should -BeExactly $Value
        }

        ConvertFrom-EncodedWord (Get-ObjectHeader $bucket $made.Key).'x-amz-meta-the-name-1' | Should -BeExactly $Value
    }

    It 'sends numbers, dates and booleans in the metadata as text of the invariant culture' {
        $thread = [Threading.Thread]::CurrentThread
        $culture = $thread.CurrentCulture
        $thread.CurrentCulture = 'de-DE'
        try {
            $made = New-Object @{
                Metadata = @{ n = 1.5; i = 1234567; d = [DateTime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc); b = $true }
            }
        }
        finally { $thread.CurrentCulture = $culture }
        $head = Get-ObjectHeader $bucket $made.Key
        $head.'x-amz-meta-n', $head.'x-amz-meta-i', $head.'x-amz-meta-d', $head.'x-amz-meta-b' |
            Should -BeExactly '1.5', '1234567', '2026-01-02T03:04:05.0000000Z', 'True'
    }

    It 'takes every character in the name of metadata that a header takes' -Tag NeedsMetadataName {
        $made = New-Object @{ Metadata = @{ "A!#`$%&'*+-.^_``|~9" = 'v' } }
        (Get-ObjectHeader $bucket $made.Key)["x-amz-meta-a!#`$%&'*+-.^_``|~9"] | Should -BeExactly 'v'
    }

    It 'takes metadata names with the prefix that they get' {
        $made = New-Object @{ Metadata = @{ 'x-amz-meta-name' = 'v' } }
        (Get-ObjectHeader $bucket $made.Key).'x-amz-meta-name' | Should -BeExactly 'v'
    }

    It 'takes exactly 2,048 bytes of metadata' {
        $made = New-Object @{ Metadata = @{ name = 'v' * 2044 } }
        (Get-ObjectHeader $bucket $made.Key).'x-amz-meta-name'.Length | Should -Be 2044
    }

    It 'sends x-amz-tagging for -Tag, and the object has the tags' -Tag NeedsTagging, NeedsRequestLog {
        $tags = @{ plain = 'v'; 'a b' = '  c+d/e=f:g@h_i-j.k  '; 'größe' = '日本'; empty = '' }
        $made = New-Object @{ Tag = $tags }
        $sent = @{}
        foreach ($pair in $made.Sent.'x-amz-tagging' -split '&') {
            $name, $value = $pair -split '=' | ForEach-Object { [Uri]::UnescapeDataString($_) }
            $sent[$name] = $value
        }

        $back = Get-Tag $made.Key
        foreach ($name in $tags.Keys) {
            $sent[$name] | Should -BeExactly $tags[$name] -Because "of the header, $name"
            $back[$name] | Should -BeExactly $tags[$name] -Because "of the object, $name"
        }

        $sent.Count, $back.Count | Should -Be 4, 4
    }

    It 'sends <Header> for -<Parameter> <Value>' -ForEach @(
        @{ Parameter = 'RequestPayer'; Value = 'requester'; Header = 'x-amz-request-payer' }
        @{ Parameter = 'ExpectedBucketOwner'; Value = '111122223333'; Header = 'x-amz-expected-bucket-owner' }
        @{ Parameter = 'ChecksumAlgorithm'; Value = 'SHA256'; Header = 'x-amz-checksum-algorithm' }
        @{ Parameter = 'ChecksumType'; Value = 'COMPOSITE'; Header = 'x-amz-checksum-type' }
    ) {
        $made = New-Object @{ $Parameter = $Value }
        if (-not $Server.Lacks.RequestLog) { $made.Sent.$Header | Should -BeExactly $Value }
    }

    It 'sends none of the inputs that were not given' -Tag NeedsRequestLog {
        $made = New-Object @{}
        # Nothing but what the protocol and the default checksum need.
        $made.Sent.psobject.Properties.Name | Where-Object { $_ -like 'x-amz-*' -and $_ -notlike 'x-amz-checksum-*' } | Sort-Object |
            Should -BeExactly 'x-amz-content-sha256', 'x-amz-date'
        $made.Sent.psobject.Properties.Name | Should -Not -Contain 'expires'
    }
}
