param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }

    function New-Upload { New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n')) }

    # A stream that cannot seek and does not know its length.
    function ConvertTo-UnseekableStream([byte[]] $Bytes) {
        [Security.Cryptography.CryptoStream]::new([IO.MemoryStream]::new($Bytes),
            [Security.Cryptography.FromBase64Transform]::new(), 'Read')
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Add-S3UploadPart on <Server.Name>, with -InputStream' -ForEach @{ Server = $Server } {
    BeforeEach { $upload = New-Upload }

    It 'reads <Name> from a stream that can seek' -ForEach @(
        @{ Name = 'nothing'; Length = 0; Sizes = 0 }
        @{ Name = 'a byte'; Length = 1; Sizes = 1 }
        @{ Name = 'exactly two parts'; Length = 10MB; Sizes = 5MB, 5MB }
        @{ Name = 'two parts and a byte'; Length = 10MB + 1; Sizes = 5MB, 5MB, 1 }
    ) {
        $bytes = New-TestBytes $Length
        $parts = Add-S3UploadPart $upload -InputStream ([IO.MemoryStream]::new($bytes)) -PartSize 5MB | Sort-Object PartNumber
        $parts.Size | Should -Be $Sizes
        $parts.PartNumber | Should -Be (1..@($Sizes).Count)
        ($parts | Complete-S3MultipartUpload).Size | Should -Be $Length
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'reads <Name> from a stream that cannot seek' -ForEach @(
        @{ Name = 'nothing'; Length = 0; Sizes = 0 }
        @{ Name = 'a byte'; Length = 1; Sizes = 1 }
        @{ Name = 'exactly a part'; Length = 5MB; Sizes = 5MB }
        @{ Name = 'two parts and a byte'; Length = 10MB + 1; Sizes = 5MB, 5MB, 1 }
    ) {
        $bytes = New-TestBytes $Length
        $stream = ConvertTo-UnseekableStream ([Text.Encoding]::ASCII.GetBytes([Convert]::ToBase64String($bytes)))
        $stream.CanSeek | Should -BeFalse
        $parts = Add-S3UploadPart $upload -InputStream $stream -PartSize 5MB | Sort-Object PartNumber
        $parts.Size | Should -Be $Sizes
        @($parts)[-1].PartCount | Should -Be @($Sizes).Count
        ($parts | Complete-S3MultipartUpload).Size | Should -Be $Length
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'reads a pipe to its end' {
        $bytes = New-TestBytes (6MB)
        $out = [IO.Pipes.AnonymousPipeServerStream]::new('Out')
        $in = [IO.Pipes.AnonymousPipeClientStream]::new('In', $out.ClientSafePipeHandle)
        $writer = [PowerShell]::Create().AddScript({
            param($out, $bytes)
            $out.Write($bytes, 0, $bytes.Length)
            $out.Dispose()
        }).AddParameters(@($out, $bytes))
        try {
            $writing = $writer.BeginInvoke()
            $parts = Add-S3UploadPart $upload -InputStream $in -PartSize 5MB | Sort-Object PartNumber
            $null = $writer.EndInvoke($writing)
        }
        finally { $writer.Dispose(); $in.Dispose(); $out.Dispose() }
        $parts.Size | Should -Be 5MB, 1MB
        $null = $parts | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'goes between New- and Complete-S3MultipartUpload' {
        $bytes = New-TestBytes 1000
        $done = $upload | Add-S3UploadPart -InputStream ([IO.MemoryStream]::new($bytes)) | Complete-S3MultipartUpload
        $done.Key | Should -BeExactly $upload.Key
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'reads a stream for one upload, and refuses the second' {
        $second = New-Upload
        $run = Watch-Run {
            $upload, $second | Add-S3UploadPart -InputStream ([IO.MemoryStream]::new((New-TestBytes 1000))) | Complete-S3MultipartUpload
        }
        $run.Output.Key | Should -BeExactly $upload.Key
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'OneUploadForStream'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        Get-ObjectHash $Server.Http $bucket $second.Key | Should -BeNullOrEmpty
        Get-StoredPart $second | Should -BeNullOrEmpty
    }

    It 'begins where the stream is, and leaves it open at its end' {
        $bytes = New-TestBytes 3000
        $stream = [IO.MemoryStream]::new($bytes)
        $stream.Position = 1000
        $part = Add-S3UploadPart $upload -InputStream $stream
        $part.Size | Should -Be 2000
        $stream.CanRead | Should -BeTrue
        $stream.Position | Should -Be 3000
        $null = $part | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes[1000..2999])
    }

    It 'chooses parts large enough for -ExpectedSize' {
        $stream = ConvertTo-UnseekableStream ([Text.Encoding]::ASCII.GetBytes([Convert]::ToBase64String((New-TestBytes (21MB + 3)))))
        $parts = Add-S3UploadPart $upload -InputStream $stream -ExpectedSize '200GB' | Sort-Object PartNumber
        $parts.Size | Should -Be 21MB, 3
    }

    It 'prefers the length that a stream knows to -ExpectedSize' {
        (Add-S3UploadPart $upload -InputStream ([IO.MemoryStream]::new((New-TestBytes (17MB)))) -ExpectedSize 200GB |
            Sort-Object PartNumber).Size | Should -Be 16MB, 1MB
    }

    It 'refuses more than 10,000 parts before anything is sent, where the length is known' {
        $stream = [IO.File]::Create("$TestDrive/sparse.bin")
        try {
            $stream.SetLength(5MB * 10000 + 1)
            $run = Watch-Run { Add-S3UploadPart $upload -InputStream $stream -PartSize 5MB }
            Get-ErrorName $run.Errors[0] | Should -BeExactly 'TooManyParts'
            $run.Requests | Should -BeNullOrEmpty
        }
        finally { $stream.Dispose() }
    }

    It 'refuses a stream that cannot be read' {
        $stream = [IO.File]::Create("$TestDrive/closed.bin")
        $stream.Dispose()
        $run = Watch-Run { Add-S3UploadPart $upload -InputStream $stream }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'StreamNotReadable'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ReadError'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'fails when <What> in its middle, and the upload is not completed' -ForEach @(
        @{ What = 'compressed data is damaged'; Make = {
            $packed = [IO.MemoryStream]::new()
            $zip = [IO.Compression.GZipStream]::new($packed, [IO.Compression.CompressionLevel]::Fastest, $true)
            $zip.Write((New-TestBytes 12MB), 0, 12MB)
            $zip.Dispose()
            $damaged = $packed.ToArray()
            [Array]::Clear($damaged, 11MB, 1000)
            [IO.Compression.GZipStream]::new([IO.MemoryStream]::new($damaged), [IO.Compression.CompressionMode]::Decompress)
        } }
        @{ What = 'base64 is no base64'; Make = {
            $text = [Text.Encoding]::ASCII.GetBytes([Convert]::ToBase64String((New-TestBytes 12MB)))
            $text[15MB] = [byte][char]'*'
            ConvertTo-UnseekableStream $text
        } }
    ) {
        $stream = & $Make
        $run = Watch-Run { Add-S3UploadPart $upload -InputStream $stream -PartSize 5MB | Complete-S3MultipartUpload }
        $run.Output | Should -BeNullOrEmpty
        $run.Thrown | Should -BeNullOrEmpty
        # There is nothing to complete where the damage is found before the first part's turn to be sent has come.
        $first, $next = $run.Errors | ForEach-Object { Get-ErrorName $_ }
        $first | Should -BeExactly 'StreamNotReadable'
        $next | Should -BeExactly $(if (Get-StoredPart $upload) { 'UploadIncomplete' })
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ReadError'
        $run.Errors[0].TargetObject | Should -BeExactly "s3://$bucket/$($upload.Key)"
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeNullOrEmpty
        Get-StoredUpload $bucket $upload.Key | Should -HaveCount 1
    }

    It 'sends nothing with -WhatIf, and reads nothing' {
        $stream = [IO.MemoryStream]::new((New-TestBytes 10))
        $run = Watch-Run { Add-S3UploadPart $upload -InputStream $stream -WhatIf }
        $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
        $stream.Position | Should -Be 0
    }
}
