param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server

    # The bucket is made at the local address, and used at its own.
    function New-DirectoryBucket([string] $Endpoint = $Server.Http) {
        New-TestBucket $Endpoint "d$([Guid]::NewGuid().ToString('n').Substring(0, 8))--usw2-az1--x-s3"
    }

    function Get-Request([string] $Endpoint = $Server.Http) {
        Get-LocalS3Request $Endpoint | ForEach-Object { $_ } | Where-Object bucket -Like '*--x-s3'
    }

    # The body of a script in which $d is the bucket and its Region.
    function Invoke-InBucket([string] $Script, [hashtable] $With = @{}, $At = $Server) {
        $null = Invoke-RestMethod -Method Delete "$($At.Http)/_/requests"
        Invoke-AtAmazon "`$d = @{ BucketName = `$a.bucket; Region = 'us-west-2' }; `$ErrorActionPreference = 'Stop'`n$Script" $With $At
    }
}

Describe 'A directory bucket on <Server.Name>' -Tag NeedsAmazonNames -ForEach @{ Server = $Server } {
    BeforeEach {
        $bucket = New-DirectoryBucket
        $name = "$bucket.s3express-usw2-az1.us-west-2.amazonaws.com"
    }

    It 'takes 20 files while its sessions expire, with one CreateSession for each refresh and no failure' {
        $own = Start-TestServer LocalS3 -Option '--session-seconds', '5', '--delay-ms', '150'
        try {
            $bucket = New-DirectoryBucket $own.Http
            $name = "$bucket.s3express-usw2-az1.us-west-2.amazonaws.com"
            $folder = New-TestFolder
            foreach ($number in 1..20) { New-TestFile "$folder/$number.bin" (5MB + $number) $number }
            $said = Invoke-InBucket '
                $done = @(
                    Get-ChildItem $a.folder -File | New-S3MultipartUpload @d -PartSize 5MB -ThrottleLimit 1 |
                        Add-S3UploadPart -ThrottleLimit 1 | Complete-S3MultipartUpload -ThrottleLimit 1
                )
                [pscustomobject]@{ Keys = $done.Key; Sizes = $done.Size }' @{ bucket = $bucket; folder = $folder } $own
            $said.Keys | Should -HaveCount 20
            $said.Sizes | Sort-Object | Should -Be (1..20 | ForEach-Object { 5MB + $_ })

            $seen = @(Get-Request $own.Http)
            $sessions = @($seen | Where-Object operation -EQ 'CreateSession')
            $work = @($seen | Where-Object operation -NE 'CreateSession')
            @($work | Where-Object operation -EQ 'CompleteMultipartUpload') | Should -HaveCount 20
            $seen.host | Select-Object -Unique | Should -BeExactly $name
            $seen.tls | Select-Object -Unique | Should -BeTrue
            # Signed as the seed has it: the session for the work, the user's own keys for the session.
            foreach ($one in $work) { $one.headers.'x-amz-s3session-token' | Should -BeExactly '***' }
            foreach ($one in $sessions) {
                $one.headers.authorization | Should -BeLike '*Credential=testaccess/*/us-west-2/s3express/aws4_request*'
            }
            foreach ($one in $work) {
                $one.headers.authorization | Should -BeLike '*/us-west-2/s3express/aws4_request*'
                $one.headers.authorization | Should -Not -BeLike '*Credential=testaccess/*'
            }
            # The work outlived several sessions; a session that lives 5 seconds is made about every 5 seconds, and not for each request.
            $seconds = (([DateTime]$seen[-1].start) - ([DateTime]$seen[0].start)).TotalSeconds
            $seconds | Should -BeGreaterThan 6
            $sessions.Count | Should -BeGreaterOrEqual ([Math]::Floor($seconds / 5))
            $sessions.Count | Should -BeLessOrEqual ([Math]::Ceiling($seconds / 2.5) + 1)
            # Whatever was answered with an expired session was done again.
            @($work | Where-Object { $_.status -ge 400 -and $_.errorCode -ne 'ExpiredToken' }) | Should -BeNullOrEmpty
        }
        finally { $own | Stop-TestServer }
    }

    It 'shares one session among the cmdlets of a process' {
        $said = Invoke-InBucket '
            $upload = New-S3MultipartUpload @d -Key one
            $null = Add-S3UploadPart $upload -Value ([byte[]]::new(10)) -PartNumber 1
            $null = $upload | Get-S3UploadPart
            $upload | Stop-S3MultipartUpload -Force
            "done"' @{ bucket = $bucket }
        $said | Should -BeExactly 'done'
        @(Get-Request | Where-Object operation -EQ 'CreateSession') | Should -HaveCount 1
        (Get-Request).host | Select-Object -Unique | Should -BeExactly $name
    }

    It 'tells of its uploads what there is to know: no lifecycle, composite checksums' {
        $said = Invoke-InBucket '
            $upload = New-S3MultipartUpload @d -Key folder/one
            $found = Get-S3MultipartUpload @d -Key folder/one -IncludePart
            $done = Add-S3UploadPart $upload -Value ([byte[]]::new(10)) -PartNumber 1 | Complete-S3MultipartUpload
            [pscustomobject]@{
                Type = $upload.BucketType
                Abort = "$($upload.AbortDate)$($found.AbortDate)"
                Algorithm = $upload.ChecksumAlgorithm
                ChecksumType = $done.ChecksumType
                Region = $upload.Region
                Found = $found.UploadId -eq $upload.UploadId
                ETag = $done.ETag
            }' @{
            bucket = $bucket
        }
        $said.Type, $said.Abort, $said.Algorithm, $said.ChecksumType, $said.Region, $said.Found | Should -Be 'Directory', '', 'CRC32C',
            'COMPOSITE', 'us-west-2', $true
    }

    It 'takes CRC64NVME where it is requested, and the checksum is that of the whole object' {
        $said = Invoke-InBucket '
            $upload = New-S3MultipartUpload @d -Key k -ChecksumAlgorithm CRC64NVME
            $done = Add-S3UploadPart $upload -Value ([byte[]]::new(10)) -PartNumber 1 | Complete-S3MultipartUpload
            [pscustomobject]@{
                Algorithm = $done.ChecksumAlgorithm
                Type = $done.ChecksumType
                Checksum = $done.Checksum
            }' @{ bucket = $bucket }
        $said.Algorithm, $said.Type, $said.Checksum | Should -BeExactly 'CRC64NVME', 'FULL_OBJECT', 'unLSVP1nHn0='
    }

    It 'is reached through an access point by the same rules' {
        $point = New-TestBucket $Server.Http "p$([Guid]::NewGuid().ToString('n').Substring(0, 8))--usw2-az1--xa-s3"
        $said = Invoke-InBucket '
            $upload = New-S3MultipartUpload @d -Key folder/one
            $found = Get-S3MultipartUpload @d -Key folder/one
            $refused = try { New-S3MultipartUpload @d -Key two -CannedACL private } catch { $_.FullyQualifiedErrorId }
            $done = Add-S3UploadPart $upload -Value ([byte[]]::new(10)) -PartNumber 1 | Complete-S3MultipartUpload
            [pscustomobject]@{ Type = $upload.BucketType; Checksum = $upload.ChecksumAlgorithm; Found = $found.UploadId -eq $upload.UploadId
                Refused = $refused; Size = $done.Size }' @{ bucket = $point }
        $said.Type, $said.Checksum, $said.Found, $said.Size | Should -Be 'Directory', 'CRC32C', $true, 10
        $said.Refused | Should -BeLike 'NotForDirectoryBuckets,*'
        $hosts = Get-LocalS3Request $Server.Http | ForEach-Object { $_ } | Where-Object bucket -EQ $point |
            ForEach-Object host | Select-Object -Unique
        $hosts | Should -BeExactly "$point.s3express-usw2-az1.us-west-2.amazonaws.com"
    }

    It 'sends every input of Create that such a bucket takes' {
        $null = Invoke-InBucket '
            $upload = New-S3MultipartUpload @d -Key k -CacheControl no-cache -ContentDisposition inline -ContentEncoding gzip `
                -ContentLanguage de -ContentType text/css -Expires "2031-02-03T04:05:06Z" `
                -Metadata @{ a = "b  c" } -StorageClass EXPRESS_ONEZONE -ExpectedBucketOwner 111122223333 -ChecksumAlgorithm SHA256
            "$upload"' @{ bucket = $bucket }
        $sent = (Get-Request | Where-Object operation -EQ 'CreateMultipartUpload').headers
        $expected = [ordered]@{
            'cache-control' = 'no-cache'
            'content-disposition' = 'inline'
            'content-encoding' = 'gzip'
            'content-language' = 'de'
            'content-type' = 'text/css'
            'expires' = 'Mon, 03 Feb 2031 04:05:06 GMT'; 'x-amz-meta-a' = 'b  c'; 'x-amz-storage-class' = 'EXPRESS_ONEZONE'
            'x-amz-expected-bucket-owner' = '111122223333'; 'x-amz-checksum-algorithm' = 'SHA256'
        }
        foreach ($header in $expected.Keys) { $sent.$header | Should -BeExactly $expected[$header] -Because $header }
    }

    It 'takes -SseS3, which is its default, and explains why S3 refuses -SseKms, which is not' {
        $said = Invoke-InBucket '
            $upload = New-S3MultipartUpload @d -Key k -SseS3
            $failure = try { New-S3MultipartUpload @d -Key l -SseKms -KmsKeyId 12345678-1234-1234-1234-123456789012 } catch { $_ }
            [pscustomobject]@{
                Encryption = $upload.Encryption
                Id = $failure.FullyQualifiedErrorId
                Advice = $failure.ErrorDetails.RecommendedAction
            }' @{
            bucket = $bucket
        }
        $said.Encryption | Should -BeExactly 'AES256'
        $said.Id | Should -BeLike 'InvalidRequest,*'
        $said.Advice | Should -BeLike "*encryption*bucket's default*"
    }

    It 'takes the KMS key that is its default, named by id or ARN' {
        Set-BucketSetting $bucket 'encryption' ('<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
            '<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm>' +
            '<KMSMasterKeyID>12345678-1234-1234-1234-123456789012</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule>' +
            '</ServerSideEncryptionConfiguration>')
        $said = Invoke-InBucket '
            $default = New-S3MultipartUpload @d -Key k
            $named = New-S3MultipartUpload @d -Key l -SseKms -KmsKeyId 12345678-1234-1234-1234-123456789012
            $context = @{ "aws:s3express:arn" = "arn:aws:s3express:us-west-2:111122223333:bucket/$($a.bucket)" }
            $plain = New-S3MultipartUpload @d -Key m -SseKms -KmsEncryptionContext $context
            [pscustomobject]@{
                Default = $default.Encryption
                Named = $named.Encryption
                Key = $named.KmsKeyId
                Plain = $plain.Encryption
            }' @{
            bucket = $bucket
        }
        $said.Default, $said.Named, $said.Plain | Should -BeExactly 'aws:kms', 'aws:kms', 'aws:kms'
        $said.Key | Should -BeLike '*12345678-1234-1234-1234-123456789012'
    }

    It 'copies parts, signed with the user''s own keys and not the session''s' {
        $plain = New-TestBucket $Server.Http
        Set-TestObject $Server.Http $plain 'source' (New-TestBytes (5MB + 10))
        $said = Invoke-InBucket '
            $done = New-S3MultipartUpload @d -Key k |
                Add-S3UploadPart -SourceBucketName $a.plain -SourceKey source -PartSize 5MB | Complete-S3MultipartUpload
            [pscustomobject]@{ Size = $done.Size; Count = $done.PartCount }' @{ bucket = $bucket; plain = $plain }
        $said.Size, $said.Count | Should -Be (5MB + 10), 2
        foreach ($one in Get-Request | Where-Object operation -EQ 'UploadPartCopy') {
            $one.headers.authorization | Should -BeLike '*Credential=testaccess/*'
            $one.headers.psobject.Properties.Name | Should -Not -Contain 'x-amz-s3session-token'
        }

        Remove-TestBucket $Server.Http $plain
    }

    It 'completes with -NoClobber and -IfMatch only where they hold' {
        $said = Invoke-InBucket '
            function New-Part { Add-S3UploadPart (New-S3MultipartUpload @d -Key k) -Value ([byte[]]::new(10)) -PartNumber 1 }
            $first = New-Part | Complete-S3MultipartUpload -NoClobber
            $second = New-Part | Complete-S3MultipartUpload -IfMatch $first.ETag
            $clobber = try { New-Part | Complete-S3MultipartUpload -NoClobber } catch { $_ }
            $stale = try { New-Part | Complete-S3MultipartUpload -IfMatch $first.ETag } catch { $_ }
            [pscustomobject]@{
                Sizes = @($first.Size, $second.Size)
                ETag = $first.ETag
                Ids = @($clobber, $stale | ForEach-Object { ($_.FullyQualifiedErrorId -split ",")[0] })
            }' @{
            bucket = $bucket
        }
        $said.Sizes | Should -Be 10, 10
        $said.Ids | Should -BeExactly 'PreconditionFailed', 'PreconditionFailed'
        $sent = @((Get-Request | Where-Object operation -EQ 'CompleteMultipartUpload').headers)
        $sent[0].'if-none-match', $sent[1].'if-match' | Should -BeExactly '*', $said.ETag
    }

    It 'finds uploads by -Key in and outside folders, and by -Prefix' {
        $said = Invoke-InBucket '
            foreach ($key in "top", "folder/one", "folder/two", "folder/deep/three", "other/four") {
                $null = New-S3MultipartUpload @d -Key $key
            }
            [pscustomobject]@{
                Top = @((Get-S3MultipartUpload @d -Key top).Key)
                One = @((Get-S3MultipartUpload @d -Key folder/one).Key)
                Deep = @((Get-S3MultipartUpload @d -Key folder/deep/three).Key)
                Folder = @((Get-S3MultipartUpload @d -Prefix folder/).Key | Sort-Object)
                All = @((Get-S3MultipartUpload @d).Key | Sort-Object)
                Common = @(
                    Get-S3MultipartUpload @d -Delimiter / | ForEach-Object { if ($_.Prefix) { $_.Prefix } else { $_.Key } } | Sort-Object
                )
            }' @{ bucket = $bucket }
        $said.Top, $said.One, $said.Deep | Should -BeExactly 'top', 'folder/one', 'folder/deep/three'
        $said.Folder | Should -BeExactly 'folder/deep/three', 'folder/one', 'folder/two'
        $said.All | Should -BeExactly 'folder/deep/three', 'folder/one', 'folder/two', 'other/four', 'top'
        $said.Common | Should -BeExactly 'folder/', 'other/', 'top'
    }

    It 'stops an upload with -IfMatchInitiatedTime only if it began then' {
        $said = Invoke-InBucket '
            $null = New-S3MultipartUpload @d -Key k
            $found = Get-S3MultipartUpload @d -Key k
            $failure = try { $found | Stop-S3MultipartUpload -Force -IfMatchInitiatedTime $found.Initiated.AddDays(-1) } catch { $_ }
            $left = @(Get-S3MultipartUpload @d).Count
            $found | Stop-S3MultipartUpload -Force -IfMatchInitiatedTime $found.Initiated
            [pscustomobject]@{
                Id = $failure.FullyQualifiedErrorId
                Left = $left
                Then = @(Get-S3MultipartUpload @d).Count
                Initiated = $found.Initiated.ToString("R")
            }' @{
            bucket = $bucket
        }
        $said.Id | Should -BeLike 'PreconditionFailed,*'
        $said.Left, $said.Then | Should -Be 1, 0
        $sent = @(Get-Request | Where-Object operation -EQ 'AbortMultipartUpload')
        $sent[-1].headers.'x-amz-if-match-initiated-time' | Should -BeExactly $said.Initiated
    }
}
