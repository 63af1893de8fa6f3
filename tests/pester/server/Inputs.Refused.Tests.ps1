param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'CreateMultipartUpload on <Server.Name>, inputs that cannot be right' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    It 'refuses -<Parameter> with <What>, and sends nothing' -ForEach @(
        foreach ($name in 'CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType',
        'WebsiteRedirectLocation', 'CannedACL', 'StorageClass') {
            foreach ($bad in @{ What = 'a line break'; Value = "/a`r`nx-amz-acl: public-read" },
                @{ What = 'a tab'; Value = "/a`tb" },
                @{ What = 'a control character'; Value = "/a$([char]1)b" },
                @{ What = 'a character outside ASCII'; Value = '/ä' }) {
                @{ Parameter = $name; What = $bad.What; Value = $bad.Value }
            }
        }
        foreach ($name in 'CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'WebsiteRedirectLocation') {
            @{ Parameter = $name; What = 'a space at its end'; Value = '/a ' }
            @{ Parameter = $name; What = 'a space at its beginning'; Value = ' /a' }
            @{ Parameter = $name; What = 'nothing in it'; Value = '' }
        }
        @{ Parameter = 'ContentType'; What = 'what is no media type'; Value = 'not a type' }
        @{ Parameter = 'ContentType'; What = 'half a media type'; Value = 'text/' }
    ) {
        $with = @{ $Parameter = $Value }
        Assert-Refused 'HeaderValueInvalid' { New-S3MultipartUpload @to -Key 'k' @with }
    }

    It 'refuses <What> with <Id>, and sends nothing' -ForEach @(
        @{ What = 'a redirect to a key without a slash'; Id = 'RedirectInvalid'; With = @{ WebsiteRedirectLocation = 'key' } }
        @{ What = 'a redirect to another scheme'; Id = 'RedirectInvalid'; With = @{ WebsiteRedirectLocation = 'ftp://example.com/' } }
        @{ What = 'a metadata name with a space'; Id = 'MetadataNameInvalid'; With = @{ Metadata = @{ 'a b' = 'v' } } }
        @{ What = 'a metadata name with a colon'; Id = 'MetadataNameInvalid'; With = @{ Metadata = @{ 'a:b' = 'v' } } }
        @{ What = 'a metadata name with a line break'; Id = 'MetadataNameInvalid'; With = @{ Metadata = @{ "a`nb" = 'v' } } }
        @{ What = 'a metadata name outside ASCII'; Id = 'MetadataNameInvalid'; With = @{ Metadata = @{ 'größe' = 'v' } } }
        @{ What = 'an empty metadata name'; Id = 'MetadataNameInvalid'; With = @{ Metadata = @{ '' = 'v' } } }
        @{ What = 'a metadata name of the prefix alone'; Id = 'MetadataNameInvalid'; With = @{ Metadata = @{ 'x-amz-meta-' = 'v' } } }
        @{ What = 'a newline in metadata'; Id = 'MetadataValueInvalid'; With = @{ Metadata = @{ a = "v`nx-amz-acl: public-read" } } }
        @{ What = 'a carriage return in metadata'; Id = 'MetadataValueInvalid'; With = @{ Metadata = @{ a = "v`rw" } } }
        @{ What = 'a newline in metadata beyond ASCII'; Id = 'MetadataValueInvalid'; With = @{ Metadata = @{ a = "ä`nw" } } }
        @{ What = 'a tab in metadata'; Id = 'MetadataValueInvalid'; With = @{ Metadata = @{ a = "v`tw" } } }
        @{ What = 'a control character in metadata'; Id = 'MetadataValueInvalid'; With = @{ Metadata = @{ a = "v$([char]127)w" } } }
        @{ What = '2,049 bytes of metadata'; Id = 'MetadataTooLarge'; With = @{ Metadata = @{ name = 'v' * 2045 } } }
        @{ What = '2,050 bytes of metadata beyond ASCII'; Id = 'MetadataTooLarge'; With = @{ Metadata = @{ name = 'ä' * 1023 } } }
        @{
            What = 'metadata of two names that differ in case'
            Id = 'MetadataNameInvalid'
            With = @{ Metadata = [Collections.Specialized.OrderedDictionary]::new([StringComparer]::Ordinal) }
            Names = 'Aa', 'aA'
        }
        @{
            What = '11 tags'
            Id = 'TagInvalid'
            With = @{ Tag = @{ 1 = 1; 2 = 2; 3 = 3; 4 = 4; 5 = 5; 6 = 6; 7 = 7; 8 = 8; 9 = 9; 10 = 10; 11 = 11 } }
        }
        @{ What = 'a tag without a name'; Id = 'TagInvalid'; With = @{ Tag = @{ '' = 'v' } } }
        @{ What = 'a tag name of 129 characters'; Id = 'TagInvalid'; With = @{ Tag = @{ ('n' * 129) = 'v' } } }
        @{ What = 'a tag value of 257 characters'; Id = 'TagInvalid'; With = @{ Tag = @{ n = 'v' * 257 } } }
        @{ What = 'a tag of AWS''s own'; Id = 'TagInvalid'; With = @{ Tag = @{ 'aws:n' = 'v' } } }
        @{ What = 'a tag with an ampersand'; Id = 'TagInvalid'; With = @{ Tag = @{ n = 'a&b' } } }
        @{ What = 'a tag with a newline'; Id = 'TagInvalid'; With = @{ Tag = @{ n = "a`nb" } } }
        @{ What = 'a grant to an e-mail address'; Id = 'EmailGranteeRetired'; With = @{ GrantRead = 'emailAddress="a@example.com"' } }
        @{ What = 'a grant to a bare e-mail address'; Id = 'EmailGranteeRetired'; With = @{ GrantFullControl = 'a@example.com' } }
        @{ What = 'a grant to a newline'; Id = 'GranteeInvalid'; With = @{ GrantReadACP = "id=`"a`r`nb`"" } }
        @{ What = 'a grant to nobody'; Id = 'GranteeInvalid'; With = @{ GrantWriteACP = 'some body' } }
        @{ What = 'an ACL with grants'; Id = 'AclAndGrants'; With = @{ CannedACL = 'private'; GrantRead = 'id=0123' } }
        @{ What = 'the storage class SNOW'; Id = 'StorageClassNotForClients'; With = @{ StorageClass = 'SNOW' } }
        @{ What = 'the storage class FSX_OPENZFS'; Id = 'StorageClassNotForClients'; With = @{ StorageClass = 'FSX_OPENZFS' } }
        @{ What = 'the storage class FSX_ONTAP'; Id = 'StorageClassNotForClients'; With = @{ StorageClass = 'FSX_ONTAP' } }
        @{ What = 'a storage class FSX_NEW'; Id = 'StorageClassNotForClients'; With = @{ StorageClass = 'FSX_NEW' } }
        @{ What = 'the storage class AWS_BACKUP_WARM'; Id = 'StorageClassNotForClients'; With = @{ StorageClass = 'AWS_BACKUP_WARM' } }
        @{
            What = 'the storage class AWS_BACKUP_LOW_COST_WARM'
            Id = 'StorageClassNotForClients'
            With = @{ StorageClass = 'aws_backup_low_cost_warm' }
        }
        @{ What = 'the storage class of directory buckets'; Id = 'StorageClassNotForClients'; With = @{ StorageClass = 'EXPRESS_ONEZONE' } }
        @{ What = 'a lock mode without a date'; Id = 'ObjectLockIncomplete'; With = @{ ObjectLockMode = 'GOVERNANCE' } }
        @{
            What = 'a lock date without a mode'
            Id = 'ObjectLockIncomplete'
            With = @{ ObjectLockRetainUntilDate = [DateTime]'2040-01-01' }
        }
        @{
            What = 'a lock date in the past'
            Id = 'RetainUntilDateInPast'
            With = @{ ObjectLockMode = 'GOVERNANCE'; ObjectLockRetainUntilDate = [DateTime]'2020-01-01' }
        }
        @{ What = 'a legal hold of another word'; Id = 'ParameterArgumentValidationError'; With = @{ ObjectLockLegalHoldStatus = 'MAYBE' } }
        @{ What = 'another payer'; Id = 'ParameterArgumentValidationError'; With = @{ RequestPayer = 'owner' } }
        @{
            What = 'an owner that is no header'
            Id = 'HeaderValueInvalid'
            With = @{ ExpectedBucketOwner = "1111`r`nx-amz-acl: public-read" }
        }
        @{
            What = 'a lock mode that is no header'
            Id = 'HeaderValueInvalid'
            With = @{ ObjectLockMode = "GOVERNANCE`nx"; ObjectLockRetainUntilDate = [DateTime]'2040-01-01' }
        }
        @{ What = 'a KMS key that is no header'; Id = 'HeaderValueInvalid'; With = @{ SseKms = $true; KmsKeyId = "a`r`nb" } }
        @{ What = 'a checksum of another name'; Id = 'ParameterArgumentValidationError'; With = @{ ChecksumAlgorithm = 'MD4' } }
        @{
            What = 'CRC64NVME over the parts'
            Id = 'ChecksumCombinationInvalid'
            With = @{ ChecksumAlgorithm = 'CRC64NVME'; ChecksumType = 'COMPOSITE' }
        }
    ) {
        foreach ($name in $Names) { $With.Metadata.Add($name, 'v') }
        Assert-Refused $Id { New-S3MultipartUpload @to -Key 'k' @With }
    }

    It 'tells why a grant to an e-mail address is refused, and what to do' {
        $run = Watch-Run { New-S3MultipartUpload @to -Key 'k' -GrantRead 'emailAddress=a@example.com' }
        "$($run.Thrown)" | Should -BeLike "*'a@example.com'*October 1, 2025*405*"
        Get-ErrorText $run.Thrown | Should -BeLike '*id=*'
        $run.Thrown.CategoryInfo.Category | Should -Be 'NotImplemented'
    }

    It 'completes the values of -<Parameter>, and <Value> is among them' -ForEach @(
        @{ Parameter = 'StorageClass'; Value = 'INTELLIGENT_TIERING' }
        @{ Parameter = 'CannedACL'; Value = 'bucket-owner-full-control' }
        @{ Parameter = 'ChecksumAlgorithm'; Value = 'CRC64NVME' }
        @{ Parameter = 'ObjectLockMode'; Value = 'COMPLIANCE' }
        @{ Parameter = 'ChecksumType'; Value = 'COMPOSITE' }
        @{ Parameter = 'ObjectLockLegalHoldStatus'; Value = 'ON' }
    ) {
        $line = "New-S3MultipartUpload -$Parameter $($Value[0])"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain $Value
    }
}

Describe 'The other operations on <Server.Name>, inputs that cannot be right' -ForEach @{ Server = $Server } {
    BeforeEach {
        $upload = New-S3MultipartUpload @to -Key 'other'
        $part = Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1
        $bad = "1111`r`nx-amz-acl: public-read"
    }

    It 'refuses a line break in <What>, and sends nothing' -ForEach @(
        @{ What = 'the ETag of -IfMatch'; Run = { $part | Complete-S3MultipartUpload -IfMatch $bad } }
        @{
            What = 'the version of the source'
            Run = { $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 'k' -SourceVersionId $bad }
        }
        @{
            What = 'the owner of Add'
            Run = { Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1 -EndpointUrl $Server.Http -ExpectedBucketOwner $bad }
        }
        @{
            What = 'the owner of Complete'
            Run = { $part | Complete-S3MultipartUpload -EndpointUrl $Server.Http -ExpectedBucketOwner $bad }
        }
        @{
            What = 'the owner of Stop'
            Run = { $upload | Stop-S3MultipartUpload -Force -EndpointUrl $Server.Http -ExpectedBucketOwner $bad }
        }
        @{
            What = 'the owner of the list of parts'
            Run = { $upload | Get-S3UploadPart -EndpointUrl $Server.Http -ExpectedBucketOwner $bad }
        }
        @{ What = 'the owner of the list of uploads'; Run = { Get-S3MultipartUpload @to -ExpectedBucketOwner $bad } }
        @{
            What = 'the ETag of -CopySourceIfMatch'
            Run = { $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 'k' -CopySourceIfMatch $bad }
        }
        @{
            What = 'the ETag of -CopySourceIfNoneMatch'
            Run = { $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 'k' -CopySourceIfNoneMatch $bad }
        }
        @{
            What = 'the owner of the source'
            Run = { $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 'k' -ExpectedSourceBucketOwner $bad }
        }
    ) {
        Assert-Refused 'HeaderValueInvalid' $Run
    }

    It 'refuses an access point of Object Lambda as <What>, and sends nothing' -ForEach @(
        @{ What = 'the bucket of an upload'; Run = { New-S3MultipartUpload $lambda 'k' -EndpointUrl $Server.Http } }
        @{ What = 'the bucket of a list'; Run = { Get-S3MultipartUpload $lambda -EndpointUrl $Server.Http } }
        @{ What = 'the source of a copy'; Run = { $upload | Add-S3UploadPart -SourceBucketName $lambda -SourceKey 'k' } }
    ) {
        $lambda = 'arn:aws:s3-object-lambda:us-west-2:111122223333:accesspoint/banner'
        Assert-Refused 'BucketNameInvalid' $Run
    }

    It 'refuses -IfMatchInitiatedTime for a general purpose bucket, and sends nothing' {
        Assert-Refused 'OnlyForDirectoryBuckets' { $upload | Stop-S3MultipartUpload -Force -IfMatchInitiatedTime ([DateTime]::UtcNow) }
    }

    It 'refuses -NoClobber with -IfMatch, and sends nothing' {
        Assert-Refused 'NoClobberAndIfMatch' { $part | Complete-S3MultipartUpload -NoClobber -IfMatch '"x"' }
    }
}
