param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    # A name is enough for the rules. Was one of them not kept, the server would hear of it.
    $directory = 'dir--usw2-az1--x-s3'
    $at = @{ EndpointUrl = $Server.Http; Region = 'us-west-2' }
    $to = @{ BucketName = $directory } + $at
    $upload = @{ BucketName = $directory; Key = 'k'; UploadId = 'id'; EndpointUrl = $Server.Http; Region = 'us-west-2' }
}

Describe 'What a directory bucket does not take, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'refuses <Given> at Create with the rule, and sends nothing' -ForEach @(
        @{ Given = 'CannedACL'; With = @{ CannedACL = 'private' }; Rule = 'access control lists' }
        @{ Given = 'GrantFullControl'; With = @{ GrantFullControl = 'id=0123' }; Rule = 'access control lists' }
        @{ Given = 'GrantRead'; With = @{ GrantRead = 'id=0123' }; Rule = 'access control lists' }
        @{ Given = 'GrantReadACP'; With = @{ GrantReadACP = 'id=0123' }; Rule = 'access control lists' }
        @{ Given = 'GrantWriteACP'; With = @{ GrantWriteACP = 'id=0123' }; Rule = 'access control lists' }
        @{ Given = 'Tag'; With = @{ Tag = @{ a = 'b' } }; Rule = 'no tags' }
        @{
            Given = 'ObjectLockMode'
            With = @{ ObjectLockMode = 'GOVERNANCE'; ObjectLockRetainUntilDate = [DateTime]'2040-01-01' }
            Rule = 'no object lock'
        }
        @{ Given = 'ObjectLockLegalHoldStatus'; With = @{ ObjectLockLegalHoldStatus = 'OFF' }; Rule = 'no object lock' }
        @{ Given = 'WebsiteRedirectLocation'; With = @{ WebsiteRedirectLocation = '/a' }; Rule = 'no websites' }
        @{ Given = 'StorageClass'; With = @{ StorageClass = 'STANDARD' }; Rule = 'EXPRESS_ONEZONE' }
        @{ Given = 'SseCustomerKey'; With = @{ SseCustomerKey = [byte[]]::new(32) }; Rule = 'no customer keys' }
        @{ Given = 'DsseKms'; With = @{ DsseKms = $true }; Rule = 'AES256 or aws:kms only' }
        @{ Given = 'alias'; With = @{ SseKms = $true; KmsKeyId = 'alias/mine' }; Rule = 'not an alias' }
        @{ Given = 'alias'; With = @{ SseKms = $true; KmsKeyId = 'arn:aws:kms:us-west-2:111122223333:alias/mine' }; Rule = 'not an alias' }
        @{
            Given = 'KmsEncryptionContext'
            With = @{ SseKms = $true; KmsKeyId = '12345678-1234-1234-1234-123456789012'; KmsEncryptionContext = @{ a = 'b' } }
            Rule = 'bucket''s ARN'
        }
        @{
            Given = 'BucketKeyEnabled'
            With = @{ SseKms = $true; KmsKeyId = '12345678-1234-1234-1234-123456789012'; BucketKeyEnabled = $false }
            Rule = 'always on'
        }
        @{ Given = 'FULL_OBJECT'; With = @{ ChecksumType = 'FULL_OBJECT' }; Rule = 'COMPOSITE' }
        @{ Given = 'FULL_OBJECT'; With = @{ ChecksumAlgorithm = 'CRC32'; ChecksumType = 'FULL_OBJECT' }; Rule = 'COMPOSITE' }
        @{ Given = 'RequestPayer'; With = @{ RequestPayer = 'requester' }; Rule = 'owner always pays' }
        @{ Given = 'ForcePathStyleAddressing'; With = @{ ForcePathStyleAddressing = $true }; Rule = 'virtual host only' }
    ) {
        Assert-Refused 'NotForDirectoryBuckets' { New-S3MultipartUpload @to -Key 'k' @With }
        $run = Watch-Run { New-S3MultipartUpload @to -Key 'k' @With }
        "$($run.Errors[0])" | Should -BeLike "*$Given*directory bucket*"
        "$($run.Errors[0])" | Should -BeLike "*$Rule*"
    }

    It 'refuses <What>, and sends nothing' -ForEach @(
        @{ What = 'another delimiter than /'; Run = { Get-S3MultipartUpload @to -Delimiter '-' } }
        @{ What = '-UploadIdMarker'; Run = { Get-S3MultipartUpload @to -KeyMarker 'a' -UploadIdMarker 'b' } }
        @{ What = 'a prefix that does not end in /'; Run = { Get-S3MultipartUpload @to -Prefix 'folder' } }
        @{ What = 'a payer with a list of uploads'; Run = { Get-S3MultipartUpload @to -RequestPayer requester } }
        @{ What = 'a payer with a list of parts'; Run = { $upload | Get-S3UploadPart @at -RequestPayer requester } }
        @{
            What = 'a payer with Add'
            Run = { Add-S3UploadPart $upload -Value ([byte[]]::new(5)) -PartNumber 1 @at -RequestPayer requester }
        }
        @{ What = 'a payer with Complete'; Run = { $upload | Complete-S3MultipartUpload @at -RequestPayer requester } }
        @{ What = 'a payer with Stop'; Run = { $upload | Stop-S3MultipartUpload @at -Force -RequestPayer requester } }
        @{ What = 'Content-MD5 with a part'; Run = { Add-S3UploadPart $upload -Value ([byte[]]::new(5)) -PartNumber 1 -ContentMD5 } }
        @{
            What = 'a customer key with a part'
            Run = { Add-S3UploadPart $upload -Value ([byte[]]::new(5)) -PartNumber 1 -SseCustomerKey ([byte[]]::new(32)) }
        }
        @{
            What = 'a customer key for a source that is one'
            Run = { Add-S3UploadPart $upload -SourceBucketName $directory -SourceKey 'k' -CopySourceSseCustomerKey ([byte[]]::new(32)) }
        }
        @{ What = 'a customer key with Complete'; Run = { $upload | Complete-S3MultipartUpload -SseCustomerKey ([byte[]]::new(32)) } }
        @{ What = 'a customer key with a list of parts'; Run = { $upload | Get-S3UploadPart -SseCustomerKey ([byte[]]::new(32)) } }
    ) {
        Assert-Refused 'NotForDirectoryBuckets' $Run
    }

    It 'refuses UseAccelerateEndpoint with the rule' {
        # No endpoint has both a URL and acceleration, so that this asks for Amazon's own.
        $run = Watch-Run { New-S3MultipartUpload $directory 'k' -Region us-west-2 -UseAccelerateEndpoint }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'NotForDirectoryBuckets'
        "$($run.Errors[0])" | Should -BeLike '*UseAccelerateEndpoint*no acceleration*'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'takes the storage class <_>' -ForEach 'EXPRESS_ONEZONE', 'ONEZONE_IA' {
        $run = Watch-Run { New-S3MultipartUpload @to -Key 'k' -StorageClass $_ -WhatIf }
        $run.Errors | Should -BeNullOrEmpty
        $run.Thrown | Should -BeNullOrEmpty
    }

    It 'refuses the Region <Region> for the zone <Zone>, and sends nothing' -ForEach @(
        @{ Region = 'us-east-1'; Zone = 'usw2-az1' },
        @{ Region = 'us-west-2'; Zone = 'use1-az4' },
        @{ Region = 'ap-northeast-1'; Zone = 'aps1-az1' },
        @{ Region = 'eu-north-1'; Zone = 'eun2-az1' }
    ) {
        Assert-Refused 'RegionNotOfZone' { New-S3MultipartUpload "d--$Zone--x-s3" 'k' -EndpointUrl $Server.Http -Region $Region }
    }

    It 'takes the Region <Region> for the zone <Zone>' -ForEach @(
        @{ Region = 'us-west-2'; Zone = 'usw2-az1' },
        @{ Region = 'us-east-1'; Zone = 'use1-az4' },
        @{ Region = 'ap-northeast-1'; Zone = 'apne1-az1' }
        @{ Region = 'ap-south-1'; Zone = 'aps1-az1' },
        @{ Region = 'eu-north-1'; Zone = 'eun1-az1' },
        @{ Region = 'eu-west-1'; Zone = 'euw1-az1' }
        @{ Region = 'us-east-2'; Zone = 'use2-az1' },
        @{ Region = 'us-west-2'; Zone = 'usw2-lax1-az1' },
        @{ Region = 'us-gov-west-1'; Zone = 'usgw1-az1' }
    ) {
        $run = Watch-Run { New-S3MultipartUpload "d--$Zone--x-s3" 'k' -EndpointUrl $Server.Http -Region $Region -WhatIf }
        $run.Errors | Should -BeNullOrEmpty
        $run.Thrown | Should -BeNullOrEmpty
    }

    It 'refuses a name of a directory bucket without a zone, and sends nothing' {
        Assert-Refused 'BucketNameInvalid' { New-S3MultipartUpload 'nozone--x-s3' 'k' @at }
    }
}

# Nothing of Amazon may hear of this.
Describe 'A directory bucket without a Region' -Tag NeedsAmazonNames {
    It 'is refused, and nothing is sent' {
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $region = $env:AWS_REGION
        $env:AWS_REGION = $null
        try {
            $said = Invoke-AtAmazon '
                $run = try { New-S3MultipartUpload "dir--usw2-az1--x-s3" "k" -ErrorAction Stop } catch { $_ }
                [pscustomobject]@{ Id = $run.FullyQualifiedErrorId; Said = "$run" }'
        }
        finally { $env:AWS_REGION = $region }
        $said.Id | Should -BeLike 'RegionMissing,*'
        $said.Said | Should -BeLike '*-Region*'
        Get-LocalS3Request $Server.Http | Should -BeNullOrEmpty
    }
}
