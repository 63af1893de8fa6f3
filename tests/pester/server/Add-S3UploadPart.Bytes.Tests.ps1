param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }

    function New-Upload { New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n')) }

    # Hands the bytes over in pieces, whose ends are not those of the parts.
    function Split-Byte([byte[]] $Bytes, [int] $Size = 1MB + 3) {
        if (-not $Bytes.Length) { , [byte[]]@() }
        for ($start = 0; $start -lt $Bytes.Length; $start += $Size) {
            , (Get-Slice $Bytes $start ([Math]::Min($Size, $Bytes.Length - $start)))
        }
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Add-S3UploadPart on <Server.Name>, with -Value' -ForEach @{ Server = $Server } {
    BeforeEach { $upload = New-Upload }

    It 'makes <Length> bytes the part of the given number' -ForEach @{ Length = 0 }, @{ Length = 1 }, @{ Length = 6MB } {
        $bytes = New-TestBytes $Length
        $part = Add-S3UploadPart $upload -Value $bytes -PartNumber 7
        $part.PartNumber, $part.Size | Should -Be 7, $Length
        $part.PartCount | Should -BeNullOrEmpty
        $stored = Get-StoredPart $upload
        $stored.PartNumber, $stored.Size | Should -Be 7, $Length
        $stored.ETag | Should -BeExactly (Get-ETag $bytes)
    }

    It 'does not cut what is to be one part, whatever -PartSize says' {
        (Add-S3UploadPart $upload -Value (New-TestBytes 11MB) -PartNumber 1 -PartSize 5MB).Size | Should -Be 11MB
    }

    It 'replaces a part that is there' {
        $null = Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1
        $part = Add-S3UploadPart $upload -Value (New-TestBytes 20) -PartNumber 1
        $stored = Get-StoredPart $upload
        $stored.Size | Should -Be 20
        $stored.ETag | Should -BeExactly $part.ETag
    }

    It 'cuts bytes given without a number' {
        $bytes = New-TestBytes (5MB + 1)
        $parts = Add-S3UploadPart $upload -Value $bytes -PartSize 5MB | Sort-Object PartNumber
        $parts.Size | Should -Be 5MB, 1
        $null = $parts | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'takes one number only, and refuses more before anything is sent' {
        $run = Watch-Run { Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1, 2 }
        Get-ErrorName $run.Thrown | Should -BeExactly 'OneNumberForValue'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'refuses several values for one number, and the upload is not completed' {
        $run = Watch-Run { (New-TestBytes 10), (New-TestBytes 20) | Add-S3UploadPart $upload -PartNumber 1 | Complete-S3MultipartUpload }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'OneNumberForValue'
        $run.Output | Should -BeNullOrEmpty
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeNullOrEmpty
    }

    It 'sends nothing with -WhatIf' {
        $run = Watch-Run { , (New-TestBytes 10) | Add-S3UploadPart $upload -WhatIf }
        $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
        Get-SentRequest { Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1 -WhatIf } | Should -BeNullOrEmpty
        Get-StoredPart $upload | Should -BeNullOrEmpty
    }
}

Describe 'Add-S3UploadPart on <Server.Name>, with bytes from the pipeline' -ForEach @{ Server = $Server } {
    BeforeEach { $upload = New-Upload }

    It 'cuts <Name> into <Sizes>' -ForEach @(
        @{ Name = 'no bytes'; Length = 0; Sizes = 0 }
        @{ Name = 'less than a part'; Length = 1000; Sizes = 1000 }
        @{ Name = 'exactly a part'; Length = 5MB; Sizes = 5MB }
        @{ Name = 'a part and a byte'; Length = 5MB + 1; Sizes = 5MB, 1 }
        @{ Name = 'exactly two parts'; Length = 10MB; Sizes = 5MB, 5MB }
    ) {
        $bytes = New-TestBytes $Length
        $parts = Split-Byte $bytes | Add-S3UploadPart $upload -PartSize 5MB | Sort-Object PartNumber
        $parts.PartNumber | Should -Be (1..@($Sizes).Count)
        $parts.Size | Should -Be $Sizes
        @($parts)[-1].PartCount | Should -Be @($Sizes).Count
        ($parts | Complete-S3MultipartUpload).Size | Should -Be $Length
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'sends nothing when nothing comes' {
        $run = Watch-Run { @() | Add-S3UploadPart $upload }
        $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
    }

    It 'takes single bytes' {
        $bytes = New-TestBytes 3000
        $parts = $bytes | Add-S3UploadPart $upload
        $parts.Size | Should -Be 3000
        $null = $parts | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'takes what Get-Content <How> reads' -ForEach @(
        @{ How = '-AsByteStream -Raw'; With = @{ Raw = $true } }
        @{ How = '-AsByteStream -ReadCount'; With = @{ ReadCount = 64KB } }
    ) {
        $file = Join-Path $TestDrive content.bin
        New-TestFile $file 300000
        $parts = Get-Content $file -AsByteStream @With | Add-S3UploadPart $upload
        $parts.Size | Should -Be 300000
        $null = $parts | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-FileHash $file).Hash
    }

    It 'chooses parts large enough for -ExpectedSize' {
        $parts = , (New-TestBytes (21MB + 1)) | Add-S3UploadPart $upload -ExpectedSize 200GB | Sort-Object PartNumber
        $parts.Size | Should -Be 21MB, 1
    }

    It 'refuses <What>, for which no bytes are certain' -ForEach @(
        @{ What = 'text'; Values = { 'text' } }
        @{ What = 'text of digits'; Values = { '17' } }
        @{ What = 'lines of text'; Values = { , @('17', '18') } }
        @{ What = 'lines of text as [string[]]'; Values = { , [string[]]('17', '18') } }
        @{ What = 'a number over 255'; Values = { 256 } }
    ) {
        $run = Watch-Run { & $Values | Add-S3UploadPart $upload }
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ValueNotBytes'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $run.Requests | Should -BeNullOrEmpty
        Get-StoredPart $upload | Should -BeNullOrEmpty
    }

    It 'says of text what to do instead' {
        $run = Watch-Run { Add-S3UploadPart $upload -Value 'text' }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ValueNotBytes'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        Get-ErrorText $run.Errors[0] | Should -BeLike '*Get-Content -AsByteStream*GetBytes*'
    }

    It 'completes nothing when some of what was piped was refused' {
        $run = Watch-Run { (New-TestBytes 10), 'text', (New-TestBytes 20) | Add-S3UploadPart $upload | Complete-S3MultipartUpload }
        $run.Errors | Should -Not -BeNullOrEmpty
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeNullOrEmpty
    }

    It 'tells one failure of a stream once, however many values come' {
        $bad = @{ BucketName = $bucket; Key = 'k'; UploadId = 'unknown'; EndpointUrl = $Server.Http }
        $run = Watch-Run { 1..30 | ForEach-Object { , (New-TestBytes 1MB) } | Add-S3UploadPart $bad -PartSize 5MB }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'NoSuchUpload'
        $run.Requests.Count | Should -BeLessThan 6
    }
}
