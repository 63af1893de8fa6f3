param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $at = @{ EndpointUrl = $Server.Http }
    $to = @{ BucketName = $bucket } + $at
    $bytes = New-TestBytes 1000

    function New-Upload([hashtable] $With = @{}) { New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n')) @With }

    # The headers of the requests of one operation, in the order of their parts.
    function Get-Sent($Seen, [string] $Operation) {
        @(
            $Seen.Requests | Where-Object operation -EQ $Operation |
                Sort-Object { [int]($_.target -replace '.*partNumber=(\d+).*', '$1') } | ForEach-Object headers
        )
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'UploadPart on <Server.Name>, inputs' -ForEach @{ Server = $Server } {
    It 'sends x-amz-checksum-<Header> with every part, for -ChecksumAlgorithm <Algorithm> at Create' -ForEach @(
        @{ Algorithm = 'CRC64NVME'; Header = 'crc64nvme' },
        @{ Algorithm = 'CRC32'; Header = 'crc32' },
        @{ Algorithm = 'CRC32C'; Header = 'crc32c' }
        @{ Algorithm = 'SHA1'; Header = 'sha1' }, @{ Algorithm = 'SHA256'; Header = 'sha256' }
        @{ Algorithm = 'SHA512'; Header = 'sha512' }, @{ Algorithm = 'MD5'; Header = 'md5' }
        @{ Algorithm = 'XXHASH64'; Header = 'xxhash64' }, @{ Algorithm = 'XXHASH3'; Header = 'xxhash3' }
        @{ Algorithm = 'XXHASH128'; Header = 'xxhash128' }
    ) {
        $upload = New-Upload @{ ChecksumAlgorithm = $Algorithm; PartSize = 5MB }
        $value = New-TestBytes (5MB + 10)
        $seen = Watch-Wire { Add-S3UploadPart $upload -Value $value }
        $parts = $seen.Output | Sort-Object PartNumber
        $parts | Should -HaveCount 2
        $parts.ChecksumAlgorithm | Should -BeExactly $Algorithm, $Algorithm
        if ($Algorithm -eq 'SHA256') {
            $parts[1].Checksum |
                Should -BeExactly ([Convert]::ToBase64String([Convert]::FromHexString((Get-ByteHash (Get-Slice $value 5MB 10)))))
        }

        if (-not $Server.Lacks.RequestLog) { (Get-Sent $seen 'UploadPart')."x-amz-checksum-$Header" | Should -BeExactly $parts.Checksum }
        $null = $parts | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $value)
    }

    It 'sends content-md5 for -ContentMD5' {
        $upload = New-Upload
        $seen = Watch-Wire { Add-S3UploadPart $upload -Value $bytes -PartNumber 1 -ContentMD5 }
        if (-not $Server.Lacks.RequestLog) {
            (Get-Sent $seen 'UploadPart').'content-md5' |
                Should -BeExactly ([Convert]::ToBase64String([Security.Cryptography.MD5]::HashData($bytes)))
        }
        (Get-StoredPart $upload).ETag | Should -BeExactly (Get-ETag $bytes)
    }

    It 'sends no content-md5 without it' -Tag NeedsRequestLog {
        $upload = New-Upload
        (Get-Sent (Watch-Wire { Add-S3UploadPart $upload -Value $bytes -PartNumber 1 }) 'UploadPart').psobject.Properties.Name |
            Should -Not -Contain 'content-md5'
    }

    It 'sends <Header> for -<Parameter>, given to Add or with the upload by New' -ForEach @(
        @{ Parameter = 'RequestPayer'; Value = 'requester'; Header = 'x-amz-request-payer' }
        @{ Parameter = 'ExpectedBucketOwner'; Value = '111122223333'; Header = 'x-amz-expected-bucket-owner' }
    ) {
        $with = @{ $Parameter = $Value }
        $upload = New-Upload
        $seen = Watch-Wire { Add-S3UploadPart $upload -Value $bytes -PartNumber 1 @at @with }
        $seen.Output.Size | Should -Be 1000
        if (-not $Server.Lacks.RequestLog) { (Get-Sent $seen 'UploadPart').$Header | Should -BeExactly $Value }

        $upload = New-Upload $with
        $seen = Watch-Wire { Add-S3UploadPart $upload -Value $bytes -PartNumber 1 }
        if (-not $Server.Lacks.RequestLog) { (Get-Sent $seen 'UploadPart').$Header | Should -BeExactly $Value }
    }

    It 'fails with AccessDenied where another owns the bucket' -Tag NeedsBucketOwner {
        $run = Watch-Run { Add-S3UploadPart (New-Upload) -Value $bytes -PartNumber 1 @at -ExpectedBucketOwner 999999999999 }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'AccessDenied'
    }
}

Describe 'UploadPartCopy on <Server.Name>, inputs' -ForEach @{ Server = $Server } {
    BeforeAll {
        $source = New-TestBytes (5MB + 100)
        Set-TestObject $Server.Http $bucket 'source' $source
        $etag = (Get-ObjectHeader $bucket 'source').ETag
        $from = @{ SourceBucketName = $bucket; SourceKey = 'source' }
    }

    BeforeEach { $upload = New-Upload }

    It 'sends x-amz-copy-source for -SourceKey <Key>, and that object is copied' -ForEach @(
        @{ Key = 'plain/key.bin' },
        @{ Key = 'two  spaces ' },
        @{ Key = 'a+b&c=d' },
        @{ Key = 'Zürich/日本 😀' },
        @{ Key = "quote'`"(x)[1]{2}" }
        @{ Key = 'double//slash' }, @{ Key = 'folder/../other' }
        @{ Key = '100%.bin' }, @{ Key = '%41%2F' }, @{ Key = 'question?versionId=x#y' }
    ) {
        if ($Key -match '[%?]') { Skip-Without CopyEscape }
        $content = New-TestBytes 50 ($Key.Length)
        Set-TestObject $Server.Http $bucket $Key $content
        $seen = Watch-Wire { $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey $Key }
        if (-not $Server.Lacks.RequestLog) {
            [Uri]::UnescapeDataString((Get-Sent $seen 'UploadPartCopy').'x-amz-copy-source').TrimStart('/') |
                Should -BeExactly "$bucket/$Key"
        }
        $null = $seen.Output | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $content)
    }

    It 'sends x-amz-copy-source with versionId for -SourceVersionId, and that version is copied' {
        $versioned = New-TestBucket $Server.Http
        Set-BucketSetting $versioned 'versioning' ('<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
            '<Status>Enabled</Status></VersioningConfiguration>')
        Set-TestObject $Server.Http $versioned 'v' $bytes
        $first = (Get-ObjectHeader $versioned 'v').'x-amz-version-id'
        Set-TestObject $Server.Http $versioned 'v' (New-TestBytes 20)
        $seen = Watch-Wire { $upload | Add-S3UploadPart -SourceBucketName $versioned -SourceKey 'v' -SourceVersionId $first }
        if (-not $Server.Lacks.RequestLog) {
            (Get-Sent $seen 'UploadPartCopy').'x-amz-copy-source' | Should -BeLike "*v?versionId=$([Uri]::EscapeDataString($first))"
        }
        $seen.Output.Size | Should -Be 1000
        $seen.Output.CopySourceVersionId | Should -BeExactly $(if (-not $Server.Lacks.CopiedVersion) { $first })
        $null = $seen.Output | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'sends x-amz-copy-source-range for -Range, one range for each part, and copies those bytes' {
        $seen = Watch-Wire { $upload | Add-S3UploadPart @from -Range '50-5242979' -PartSize 5MB }
        if (-not $Server.Lacks.RequestLog) {
            (Get-Sent $seen 'UploadPartCopy').'x-amz-copy-source-range' | Should -BeExactly 'bytes=50-5242929', 'bytes=5242930-5242979'
        }
        $null = $seen.Output | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash (Get-Slice $source 50 (5MB + 50)))
    }

    It 'sends no range for the whole of an object in one part, which may have any size' -Tag NeedsRequestLog {
        $seen = Watch-Wire { $upload | Add-S3UploadPart @from }
        (Get-Sent $seen 'UploadPartCopy').psobject.Properties.Name | Should -Not -Contain 'x-amz-copy-source-range'
    }

    It 'sends <Header> for -<Parameter> that holds, and copies' -ForEach @(
        @{ Parameter = 'CopySourceIfMatch'; Header = 'x-amz-copy-source-if-match'; Given = { $etag }; Sent = { $etag } }
        @{ Parameter = 'CopySourceIfNoneMatch'; Header = 'x-amz-copy-source-if-none-match'; Given = { '"0123"' }; Sent = { '"0123"' } }
        @{
            Parameter = 'CopySourceIfModifiedSince'
            Header = 'x-amz-copy-source-if-modified-since'
            Given = { [DateTimeOffset]::new(2020, 1, 2, 3, 4, 5, [TimeSpan]::Zero).LocalDateTime }
            Sent = { 'Thu, 02 Jan 2020 03:04:05 GMT' }
        }
        @{
            Parameter = 'CopySourceIfUnmodifiedSince'
            Header = 'x-amz-copy-source-if-unmodified-since'
            Given = { [DateTimeOffset]::new(2040, 1, 2, 3, 4, 5, [TimeSpan]::Zero).UtcDateTime }
            Sent = { 'Mon, 02 Jan 2040 03:04:05 GMT' }
        }
        @{
            Parameter = 'ExpectedSourceBucketOwner'
            Header = 'x-amz-source-expected-bucket-owner'
            Given = { '111122223333' }
            Sent = { '111122223333' }
        }
        @{
            Parameter = 'ExpectedBucketOwner'
            Header = 'x-amz-expected-bucket-owner'
            Given = { '111122223333' }
            Sent = { '111122223333' }
        }
        @{ Parameter = 'RequestPayer'; Header = 'x-amz-request-payer'; Given = { 'requester' }; Sent = { 'requester' } }
    ) {
        $with = @{ $Parameter = & $Given }
        $seen = Watch-Wire { $upload | Add-S3UploadPart @from @with @at }
        if (-not $Server.Lacks.RequestLog) { (Get-Sent $seen 'UploadPartCopy').$Header | Should -BeExactly (& $Sent) }
        $seen.Output.Size | Should -Be $source.Length
    }

    It 'demands the ETag that the source had at the beginning where no condition is given' -Tag NeedsRequestLog {
        (Get-Sent (Watch-Wire { $upload | Add-S3UploadPart @from }) 'UploadPartCopy').'x-amz-copy-source-if-match' | Should -BeExactly $etag
    }

    It 'copies nothing where -<Parameter> does not hold' -Tag NeedsCopyCondition -ForEach @(
        @{ Parameter = 'CopySourceIfMatch'; Given = { '"0123"' }; Id = 'PreconditionFailed' }
        @{ Parameter = 'CopySourceIfNoneMatch'; Given = { $etag }; Id = 'PreconditionFailed' }
        @{ Parameter = 'CopySourceIfModifiedSince'; Given = { [DateTime]::UtcNow.AddDays(-1) }; Id = $null }
        @{
            Parameter = 'CopySourceIfModifiedSince'
            Given = { (Get-ObjectHeader $bucket 'source').'Last-Modified' | Get-Date }
            Id = 'PreconditionFailed'
        }
        @{ Parameter = 'CopySourceIfUnmodifiedSince'; Given = { [DateTime]'2020-01-01' }; Id = 'PreconditionFailed' }
        @{ Parameter = 'ExpectedSourceBucketOwner'; Given = { '999999999999' }; Id = 'AccessDenied' }
    ) {
        $with = @{ $Parameter = & $Given }
        $run = Watch-Run { $upload | Add-S3UploadPart @from @with }
        if ($Id) {
            Get-ErrorName $run.Errors[0] | Should -BeExactly $Id
            Get-StoredPart $upload | Should -BeNullOrEmpty
        }
        else { $run.Output.Size | Should -Be $source.Length }
    }
}
