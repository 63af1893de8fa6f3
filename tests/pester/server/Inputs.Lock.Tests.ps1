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

    It 'sends a digest with every part, which a locked object wants, also with -RequestChecksumCalculation WhenRequired and -ContentMD5' {
        $upload = New-S3MultipartUpload @to -Key 'digest' -ObjectLockLegalHoldStatus ON -RequestChecksumCalculation WhenRequired
        (Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1 -ContentMD5 | Complete-S3MultipartUpload).Size | Should -Be 10
    }
}
