param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $other = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $bytes = New-TestBytes (12MB + 5)
    $from = @{
        SourceBucketName = $other
        SourceKey = if ($Server.Lacks.CopyEscape) { 'folder/a+b c ü.bin' } else { 'folder/a+b c%41 ü.bin' }
    }
    Set-TestObject $Server.Http $other $from.SourceKey $bytes

    function New-Upload { New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n')) }
}

AfterAll {
    Remove-TestBucket $Server.Http $bucket
    Remove-TestBucket $Server.Http $other
}

Describe 'Add-S3UploadPart on <Server.Name>, by copy from another object' -ForEach @{ Server = $Server } {
    BeforeEach { $upload = New-Upload }

    It 'copies a small object as one part' {
        $small = New-TestBytes 1000
        Set-TestObject $Server.Http $bucket 'small' $small
        $part = $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey small
        $part.PartNumber, $part.Size, $part.PartCount | Should -Be 1, 1000, 1
        $part.ETag | Should -BeExactly (Get-ETag $small)
        $part.LastModified.Kind | Should -Be 'Utc'
        ($part | Complete-S3MultipartUpload).Size | Should -Be 1000
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $small)
    }

    It 'copies an empty object as one empty part' {
        Set-TestObject $Server.Http $bucket 'empty' @()
        $part = $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey empty
        $part.PartNumber, $part.Size | Should -Be 1, 0
        $null = $part | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash @())
    }

    It 'cuts the object by -PartSize' {
        $parts = $upload | Add-S3UploadPart @from -PartSize 5MB | Sort-Object PartNumber
        $parts.PartNumber | Should -Be 1, 2, 3
        $parts.Size | Should -Be 5MB, 5MB, (2MB + 5)
        $parts.PartCount | Should -Be 3, 3, 3
        $parts[1].ETag | Should -BeExactly (Get-ETag (Get-Slice $bytes 5MB 5MB))
        (Get-StoredPart $upload).Size | Should -Be $parts.Size
        $null = $parts | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'copies only the parts of -PartNumber' {
        $first = $upload | Add-S3UploadPart @from -PartSize 5MB -PartNumber 3, 1, 3
        $first.PartNumber | Sort-Object | Should -Be 1, 3
        (Get-StoredPart $upload).Size | Should -Be 5MB, (2MB + 5)
        $rest = Add-S3UploadPart $upload @from -PartSize 5MB -PartNumber 2
        $null = @($first) + $rest | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'copies the bytes of -Range <Range>' -ForEach @(
        @{ Range = '1048576-7340031'; First = 1MB; Count = 6MB; Sizes = 5MB, 1MB }
        @{ Range = 'bytes=0-0'; First = 0; Count = 1; Sizes = 1 }
        @{ Range = '12582912-12582916'; First = 12MB; Count = 5; Sizes = 5 }
    ) {
        $parts = $upload | Add-S3UploadPart @from -Range $Range -PartSize 5MB | Sort-Object PartNumber
        $parts.Size | Should -Be $Sizes
        @($parts)[0].PartCount | Should -Be @($Sizes).Count
        $null = $parts | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash (Get-Slice $bytes $First $Count))
    }

    It 'numbers the pieces of a -Range from the one -PartNumber on' {
        $head = Add-S3UploadPart $upload -Value (New-TestBytes 5MB) -PartNumber 1
        $rest = $upload | Add-S3UploadPart @from -Range '0-6291455' -PartSize 5MB -PartNumber 2 | Sort-Object PartNumber
        $rest.PartNumber | Should -Be 2, 3
        $rest.Size | Should -Be 5MB, 1MB
        $rest.PartCount | Should -Be $null, $null
        $null = @($head) + $rest | Complete-S3MultipartUpload
        $expected = [IO.MemoryStream]::new()
        $expected.Write((New-TestBytes 5MB), 0, 5MB)
        $expected.Write($bytes, 0, 6MB)
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $expected.ToArray())
    }

    It 'refuses several -PartNumber for a -Range, which has one place to go' {
        $run = Watch-Run { $upload | Add-S3UploadPart @from -Range '0-6291455' -PartSize 5MB -PartNumber 2, 3 }
        @($run.Errors) + @($run.Thrown) | Where-Object { $_ } | Should -HaveCount 1
        Get-StoredPart $upload | Should -BeNullOrEmpty
    }

    It 'refuses the range <Range>' -ForEach @(
        '5-1', '0-12582917', '5-', '-5', 'all', '1-2,4-5' | ForEach-Object { @{ Range = $_ } }
    ) {
        $run = Watch-Run { $upload | Add-S3UploadPart @from -Range $Range }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'CopyRangeInvalid'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $run.Requests -match 'UploadPartCopy' | Should -BeNullOrEmpty
    }

    It 'refuses a range of an object of 5 MiB or less, which S3 does not copy by range' -Tag NeedsCopyRange {
        Set-TestObject $Server.Http $bucket 'small' (New-TestBytes 1000)
        $run = Watch-Run { $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey small -Range '0-9' }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'InvalidRequest'
    }

    It 'refuses a -PartNumber beyond the last part, and copies the others' {
        $run = Watch-Run { $upload | Add-S3UploadPart @from -PartSize 5MB -PartNumber 4, 1 }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'PartNumberNotInPlan'
        (Get-StoredPart $upload).PartNumber | Should -Be 1
    }

    It 'fails for a source <What> that is not there, and copies to no other upload of the pipeline either' -ForEach @(
        @{ What = 'object'; Missing = @{ SourceKey = 'none' } }
        @{ What = 'bucket'; Missing = @{ SourceBucketName = 't-none-such-bucket' } }
    ) {
        $source = $from.Clone()
        foreach ($name in $Missing.Keys) { $source[$name] = $Missing[$name] }
        $run = Watch-Run { $upload, (New-Upload) | Add-S3UploadPart @source | Complete-S3MultipartUpload }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 2
        foreach ($failure in $run.Errors) {
            # The response to HEAD has no body, so that S3 does not tell which of the two is missing.
            Get-ErrorName $failure | Should -BeExactly 'NotFound'
            $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failure.Exception.StatusCode | Should -Be 'NotFound'
            "$failure" | Should -BeLike "*s3://$($source.SourceBucketName)/$($source.SourceKey)*"
        }
    }

    It 'copies the same object to several uploads' {
        $uploads = $upload, (New-Upload)
        $done = $uploads | Add-S3UploadPart @from -PartSize 5MB | Complete-S3MultipartUpload
        $done | Should -HaveCount 2
        foreach ($one in $uploads) { Get-ObjectHash $Server.Http $bucket $one.Key | Should -BeExactly (Get-ByteHash $bytes) }
    }

    It 'sends nothing with -WhatIf' {
        $run = Watch-Run { $upload | Add-S3UploadPart @from -WhatIf }
        $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
        Get-SentRequest { $upload | Add-S3UploadPart @from -WhatIf } | Should -BeNullOrEmpty
    }
}
