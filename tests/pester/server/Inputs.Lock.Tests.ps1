param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $at = @{ EndpointUrl = $Server.Http }
    # Its objects are locked, so that the bucket goes with the server only.
    $bucket = New-TestBucket $Server.Http
    Set-BucketSetting $bucket 'versioning' ('<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        '<Status>Enabled</Status></VersioningConfiguration>')
    Set-BucketSetting $bucket 'object-lock' ('<ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        '<ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>')
    $to = @{ BucketName = $bucket } + $at

    function Get-Setting([string] $Key, [string] $Name) {
        ([xml](Invoke-S3 @{ Endpoint = $Server.Http; Bucket = $bucket; Key = $Key; Query = @{ $Name = '' } })).DocumentElement
    }
}

Describe 'Object lock at CreateMultipartUpload on <Server.Name>' -Tag NeedsRequestLog, NeedsObjectLock -ForEach @{ Server = $Server } {
    It 'sends mode and date for -ObjectLockMode <Mode> with a <Kind> date, and the object is retained until then' -ForEach @(
        @{ Mode = 'GOVERNANCE'; Kind = 'local' }, @{ Mode = 'COMPLIANCE'; Kind = 'UTC' }
    ) {
        $until = [DateTime]::new(2040, 5, 6, 7, 8, 9, [DateTimeKind]::Utc)
        $given = if ($Kind -eq 'local') { $until.ToLocalTime() } else { $until }
        $seen = Watch-Wire {
            $upload = New-S3MultipartUpload @to -Key $Mode -ObjectLockMode $Mode -ObjectLockRetainUntilDate $given
            Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1 | Complete-S3MultipartUpload
        }
        $sent = ($seen.Requests | Where-Object operation -EQ 'CreateMultipartUpload').headers
        $sent.'x-amz-object-lock-mode' | Should -BeExactly $Mode
        ([DateTime]$sent.'x-amz-object-lock-retain-until-date').ToUniversalTime() | Should -Be $until
        $kept = Get-Setting $Mode 'retention'
        $kept.Mode | Should -BeExactly $Mode
        ([DateTime]$kept.RetainUntilDate).ToUniversalTime() | Should -Be $until
    }

    It 'sends x-amz-object-lock-legal-hold for -ObjectLockLegalHoldStatus <_>, and the object has it' -ForEach 'ON', 'OFF' {
        $seen = Watch-Wire {
            $upload = New-S3MultipartUpload @to -Key "hold-$_" -ObjectLockLegalHoldStatus $_
            Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1 | Complete-S3MultipartUpload
        }
        ($seen.Requests | Where-Object operation -EQ 'CreateMultipartUpload').headers.'x-amz-object-lock-legal-hold' | Should -BeExactly $_
        (Get-Setting "hold-$_" 'legal-hold').Status | Should -BeExactly $_
    }

    It 'sends Content-MD5 with every part of <What> where no checksum goes, because S3 demands one or the other' -ForEach @(
        @{ What = 'an upload with a legal hold'; With = @{ ObjectLockLegalHoldStatus = 'ON' }; Tries = 1 }
        @{
            What = 'an upload with a retention'
            With = @{ ObjectLockMode = 'GOVERNANCE'; ObjectLockRetainUntilDate = [DateTime]'2040-01-01' }
            Tries = 1
        }
    ) {
        $plain = @{ RequestChecksumCalculation = 'WhenRequired' }
        $file = Join-Path $TestDrive file.bin
        [IO.File]::WriteAllBytes($file, (New-TestBytes (5MB + 10)))
        $seen = Watch-Wire {
            Get-Item $file | New-S3MultipartUpload @to -Key 'own' -PartSize 5MB @With @plain | Add-S3UploadPart | Complete-S3MultipartUpload
        }
        $seen.Output.Size | Should -Be (5MB + 10)
        $parts = @($seen.Requests | Where-Object operation -EQ 'UploadPart')
        $parts | Should -HaveCount 2
        $parts.headers.'content-md5' | Should -HaveCount 2
    }

    It 'sends Content-MD5 once S3 has asked for it, for a lock that this process knows nothing of' {
        $plain = @{ RequestChecksumCalculation = 'WhenRequired' }
        $upload = New-S3MultipartUpload @to -Key 'others' -ObjectLockLegalHoldStatus ON @plain
        $found = @{ BucketName = $bucket; Key = 'others'; UploadId = $upload.UploadId }
        $seen = Watch-Wire { Add-S3UploadPart $found -Value (New-TestBytes (10MB + 1)) -PartSize 5MB -ThrottleLimit 1 @at @plain }
        $seen.Output.PartNumber | Should -Be 1, 2, 3
        $parts = @($seen.Requests | Where-Object operation -EQ 'UploadPart')
        $parts.status | Should -Be 400, 200, 200, 200
        @($parts.headers.'content-md5' | Where-Object { $_ }) | Should -HaveCount 3
        ($seen.Output | Complete-S3MultipartUpload).Size | Should -Be (10MB + 1)
    }

    It 'sends no Content-MD5 where a checksum goes' {
        $seen = Watch-Wire {
            $upload = New-S3MultipartUpload @to -Key 'checksum' -ObjectLockLegalHoldStatus ON
            Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1 | Complete-S3MultipartUpload
        }
        ($seen.Requests | Where-Object operation -EQ 'UploadPart').headers.psobject.Properties.Name | Should -Not -Contain 'content-md5'
    }

    It 'sends a digest with every part, which a locked object wants, also with -RequestChecksumCalculation WhenRequired and -ContentMD5' {
        $upload = New-S3MultipartUpload @to -Key 'digest' -ObjectLockLegalHoldStatus ON -RequestChecksumCalculation WhenRequired
        (Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1 -ContentMD5 | Complete-S3MultipartUpload).Size | Should -Be 10
    }
}
