param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $at = @{ EndpointUrl = $Server.Http }
    $upload = New-S3MultipartUpload @to -Key 'some parts'
    foreach ($number in 10, 2, 1) { $null = Add-S3UploadPart $upload -Value (New-TestBytes (100 * $number)) -PartNumber $number }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Get-S3UploadPart on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'lists the parts in the order of their numbers' {
        $parts = $upload | Get-S3UploadPart
        $parts | Should -HaveCount 3
        $parts[0] | Should -BeOfType ([S3Multipart.UploadPart])
        $parts.PartNumber | Should -Be 1, 2, 10
        $parts.Size | Should -Be 100, 200, 1000
        $parts.ETag | Should -BeExactly (100, 200, 1000 | ForEach-Object { Get-ETag (New-TestBytes $_) })
        foreach ($part in $parts) {
            $part.BucketName | Should -BeExactly $bucket
            $part.Key | Should -BeExactly 'some parts'
            $part.UploadId | Should -BeExactly $upload.UploadId
            $part.EndpointUrl | Should -BeExactly $Server.Http
            $part.LastModified.Kind | Should -Be 'Utc'
            $part.LastModified | Should -BeGreaterThan ([DateTime]::UtcNow.AddMinutes(-10))
            $part.PartCount | Should -Be $null
            # As far as the server keeps it.
            $part.ChecksumAlgorithm | Should -BeExactly $(if (-not $Server.Lacks.Checksum) { 'CRC64NVME' })
        }
    }

    It 'tells what the list says of the upload' -Tag NeedsPartOwner {
        $parts = $upload | Get-S3UploadPart
        $parts.StorageClass | Should -BeExactly 'STANDARD', 'STANDARD', 'STANDARD'
        $whole = Get-S3MultipartUpload @to -Key 'some parts' -IncludePart
        $whole.OwnerId | Should -Not -BeNullOrEmpty
        foreach ($name in 'Owner', 'OwnerId', 'Initiator', 'InitiatorId', 'AbortDate', 'AbortRuleId') {
            $parts[2].$name | Should -Be $whole.$name -Because $name
        }
    }

    It 'tells the checksums that were sent' {
        $one = New-S3MultipartUpload @to -Key 'checksum'
        $sent = Add-S3UploadPart $one -Value (New-TestBytes 10) -PartNumber 1
        $sent.Checksum | Should -Not -BeNullOrEmpty
        # As far as the server keeps it.
        ($one | Get-S3UploadPart).Checksum | Should -BeExactly $(if (-not $Server.Lacks.Checksum) { $sent.Checksum })
    }

    It 'takes <Form>' -ForEach @(
        @{ Form = 'an upload found in the bucket'; Get = { Get-S3MultipartUpload @to -Key 'some parts' | Get-S3UploadPart } }
        @{ Form = 'an upload by position'; Get = { Get-S3UploadPart $upload } }
        @{ Form = 'an upload read back from JSON'; Get = { $upload | ConvertTo-Json | ConvertFrom-Json | Get-S3UploadPart } }
        @{
            Form = 'a hashtable'
            Get = { Get-S3UploadPart -Upload @{ BucketName = $bucket; Key = 'some parts'; UploadId = $upload.UploadId } @at }
        }
        @{ Form = 'bucket, key and id by position'; Get = { Get-S3UploadPart $bucket 'some parts' $upload.UploadId @at } }
        @{ Form = 'bucket, key and id by name'; Get = { Get-S3UploadPart @to -Key 'some parts' -UploadId $upload.UploadId } }
    ) {
        (& $Get).PartNumber | Should -Be 1, 2, 10
    }

    It 'says nothing of an upload without parts' {
        $run = Watch-Run { New-S3MultipartUpload @to -Key 'none' | Get-S3UploadPart }
        $run.Output + $run.Errors | Should -BeNullOrEmpty
    }

    It 'fails for an upload that is not there, and resumes the next' {
        $gone = @{ BucketName = $bucket; Key = 'some parts'; UploadId = 'unknown'; EndpointUrl = $Server.Http }
        $run = Watch-Run { $gone, $upload | Get-S3UploadPart }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Output | Should -HaveCount 3
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'NoSuchUpload'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $run.Errors[0].TargetObject | Should -BeExactly "s3://$bucket/some parts"
    }

    It 'lists more than one page, every part once and in order' {
        $many = New-S3MultipartUpload @to -Key 'many'
        $one = [byte[]]@(1)
        # Small parts, made by the second client: their size matters only to a completion.
        foreach ($number in 1..1005) {
            (Send-S3Request -Endpoint $Server.Http -Method PUT -Bucket $bucket -Key many -Query @{
                partNumber = $number
                uploadId = $many.UploadId
            } -Body $one).Dispose()
        }

        $run = Watch-Run { $many | Get-S3UploadPart }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.PartNumber | Should -Be (1..1005)
        $run.Requests | Should -HaveCount 2
        $found = Get-S3MultipartUpload @to -Key many -IncludePart
        $found.PartCount, $found.StoredBytes, $found.Parts.Count | Should -Be 1005, 1005, 1005
        ($many | Stop-S3MultipartUpload -Force -PassThru).FreedBytes | Should -Be 1005
    }
}
