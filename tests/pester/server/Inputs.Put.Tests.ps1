param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $at = @{ EndpointUrl = $Server.Http; InformationAction = 'Ignore' }
    $file = Join-Path (New-TestFolder) page.html
    New-TestFile $file 10
    $meant = '^(cache-control|content-(disposition|encoding|language|type)|expires|x-amz-(acl|grant-.+|meta-.+|tagging|storage-class|' +
        'website-redirect-location|object-lock-.+|server-side-encryption.*|request-payer|expected-bucket-owner))$'

    # The headers that say what the object shall be, for whom, and where.
    function Get-Meant($Request) {
        $Request.headers.PSObject.Properties | Where-Object Name -Match $meant | Sort-Object Name |
            ForEach-Object { "$($_.Name): $($_.Value)" }
    }

    function Send-Both([string] $Bucket, [hashtable] $With) {
        # A key of its own, under which no object is that could be left as it is.
        $key = [Guid]::NewGuid().ToString('n')
        $to = $at + $With
        # Customer keys go over https only.
        if ($With.SseCustomerKey) { $to.EndpointUrl = $Server.Https }
        $seen = Watch-Wire {
            Send-S3File $file $Bucket -Key $key @to
            $null = New-S3MultipartUpload $Bucket $key -LiteralPath $file @to
        }
        $seen.Output | Should -HaveCount 1
        [pscustomobject]@{
            Put = $seen.Requests | Where-Object operation -EQ PutObject
            Create = $seen.Requests | Where-Object operation -EQ CreateMultipartUpload
        }
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'PutObject on <Server.Name>, inputs' -Tag NeedsRequestLog -ForEach @{ Server = $Server } {
    It 'has the headers that CreateMultipartUpload has for <What>' -ForEach @(
        @{ What = 'no parameter'; Names = @('content-type'); With = @{} }
        @{
            What = 'the headers that the object is served with'
            Names = 'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires',
                'x-amz-website-redirect-location'
            With = @{
                CacheControl = 'no-cache'
                ContentDisposition = 'attachment; filename="a  b.bin"'
                ContentEncoding = 'gzip'
                ContentLanguage = 'de-CH, en'
                ContentType = 'text/plain;charset=utf-8'
                Expires = [DateTime]::new(2031, 2, 3, 4, 5, 6, [DateTimeKind]::Utc)
                WebsiteRedirectLocation = '/a  b+c.html'
            }
        }
        @{
            What = 'metadata, tags and storage class'
            Names = 'content-type', 'x-amz-meta-author', 'x-amz-meta-year', 'x-amz-storage-class', 'x-amz-tagging'
            With = @{ Metadata = @{ author = 'J. Müller'; year = 2026 }; Tag = @{ 'a b' = 'c+d' }; StorageClass = 'STANDARD_IA' }
        }
        @{ What = 'a canned ACL'; Names = 'content-type', 'x-amz-acl'; With = @{ CannedACL = 'bucket-owner-full-control' } }
        @{
            What = 'grants'
            Names = 'content-type', 'x-amz-grant-full-control', 'x-amz-grant-read', 'x-amz-grant-read-acp', 'x-amz-grant-write-acp'
            With = @{
                GrantFullControl = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
                GrantRead = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
                GrantReadACP = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
                GrantWriteACP = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
            }
        }
        @{
            What = 'who pays and who owns the bucket'
            Names = 'content-type', 'x-amz-expected-bucket-owner', 'x-amz-request-payer'
            With = @{ RequestPayer = 'requester'; ExpectedBucketOwner = '111122223333' }
        }
        @{ What = 'keys of S3'; Names = 'content-type', 'x-amz-server-side-encryption'; With = @{ SseS3 = $true } }
        @{
            What = 'a key of KMS'
            Names = 'content-type', 'x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id',
                'x-amz-server-side-encryption-bucket-key-enabled', 'x-amz-server-side-encryption-context'
            With = @{
                SseKms = $true
                KmsKeyId = '1234abcd-12ab-34cd-56ef-1234567890ab'
                KmsEncryptionContext = @{ team = 'finance' }
                BucketKeyEnabled = $true
            }
        }
        @{
            What = 'two keys of KMS'
            Names = 'content-type', 'x-amz-server-side-encryption'
            With = @{ DsseKms = $true }
        }
        @{
            What = 'a customer key'
            Names = 'content-type', 'x-amz-server-side-encryption-customer-algorithm', 'x-amz-server-side-encryption-customer-key',
                'x-amz-server-side-encryption-customer-key-md5'
            With = @{ SseCustomerKey = [byte[]](1..32) }
        }
    ) {
        $sent = Send-Both $bucket $With
        $put = @(Get-Meant $sent.Put)
        $put -replace ': .*' | Should -BeExactly $Names
        $put | Should -BeExactly (Get-Meant $sent.Create)
    }

    It 'has the headers that CreateMultipartUpload has for an object lock' -Tag NeedsObjectLock {
        # Its objects are locked, so that the bucket goes with the server only.
        $locked = New-TestBucket $Server.Http
        Set-BucketSetting $locked 'versioning' ('<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
            '<Status>Enabled</Status></VersioningConfiguration>')
        Set-BucketSetting $locked 'object-lock' ('<ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
            '<ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>')
        $sent = Send-Both $locked @{
            ObjectLockMode = 'GOVERNANCE'
            ObjectLockRetainUntilDate = [DateTime]::new(2040, 5, 6, 7, 8, 9, [DateTimeKind]::Utc)
            ObjectLockLegalHoldStatus = 'ON'
        }
        $put = @(Get-Meant $sent.Put)
        $put -replace ': .*' | Should -BeExactly 'content-type', 'x-amz-object-lock-legal-hold', 'x-amz-object-lock-mode',
            'x-amz-object-lock-retain-until-date'
        $put | Should -BeExactly (Get-Meant $sent.Create)
    }

    It 'carries the checksum <Algorithm> in a header, and content-md5 for -ContentMD5' -ForEach @(
        @{ Algorithm = 'CRC64NVME'; With = @{} }
        @{ Algorithm = 'SHA256'; With = @{ ChecksumAlgorithm = 'SHA256' } }
        @{ Algorithm = 'CRC32C'; With = @{ ChecksumAlgorithm = 'CRC32C'; ContentMD5 = $true } }
    ) {
        $seen = Watch-Wire { Send-S3File $file $bucket -Key "sum/$Algorithm" @With @at }
        $headers = ($seen.Requests | Where-Object operation -EQ PutObject).headers
        $headers."x-amz-checksum-$($Algorithm.ToLowerInvariant())" | Should -BeExactly $seen.Output.Checksum
        $seen.Output.ChecksumAlgorithm, $seen.Output.Evidence | Should -BeExactly $Algorithm, $Algorithm
        [bool]$headers.'content-md5' | Should -Be ([bool]$With.ContentMD5)
    }

    It 'has if-none-match for -NoClobber, and else not' {
        $seen = Watch-Wire {
            Send-S3File $file $bucket -Key guarded -NoClobber @at
            Send-S3File $file $bucket -Key unguarded @at
        }
        ($seen.Requests | Where-Object operation -EQ PutObject).headers.'if-none-match' | Should -BeExactly '*', $null
    }
}

Describe 'ListObjectsV2 on <Server.Name>, inputs' -Tag NeedsRequestLog -ForEach @{ Server = $Server } {
    It 'has the prefix, the encoding, the payer and the owner' {
        $folder = New-TestFolder
        1..20 | ForEach-Object { New-TestFile "$folder/$_.txt" 3 -Seed $_ }
        $seen = Watch-Wire { Send-S3File $folder $bucket 'a b+ä/' -Recurse -RequestPayer requester -ExpectedBucketOwner 111122223333 @at }
        $list = @($seen.Requests | Where-Object operation -EQ ListObjectsV2)
        $list | Should -HaveCount 1
        $list[0].target | Should -BeLike '*list-type=2*'
        $list[0].target | Should -BeLike '*encoding-type=url*'
        $list[0].target | Should -BeLike '*prefix=a%20b%2B%C3%A4%2F*'
        $list[0].headers.'x-amz-request-payer', $list[0].headers.'x-amz-expected-bucket-owner' | Should -Be 'requester', '111122223333'
    }
}
