param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $folder = New-TestFolder
    $path = Join-Path $folder 'three parts.bin'
    New-TestFile $path (11MB + 7)
    $hash = (Get-FileHash $path).Hash
    $bytes = [IO.File]::ReadAllBytes($path)
    $etags = @(0, 5MB), @(5MB, 5MB), @(10MB, (1MB + 7)) | ForEach-Object { Get-ETag (Get-Slice $bytes $_[0] $_[1]) }

    function New-Upload([hashtable] $With = @{ LiteralPath = $path; PartSize = 5MB }) {
        New-S3MultipartUpload @to @With -Key ([Guid]::NewGuid().ToString('n'))
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Add-S3UploadPart on <Server.Name>, from a file' -ForEach @{ Server = $Server } {
    It 'sends every part and emits each as it is stored' {
        $upload = New-Upload
        $parts = $upload | Add-S3UploadPart | Sort-Object PartNumber

        $parts | Should -HaveCount 3
        $parts[0] | Should -BeOfType ([S3Multipart.UploadPart])
        $parts.PartNumber | Should -Be 1, 2, 3
        $parts.Size | Should -Be 5MB, 5MB, (1MB + 7)
        $parts.ETag | Should -BeExactly $etags
        $parts.PartCount | Should -Be 3, 3, 3
        foreach ($part in $parts) {
            $part.BucketName | Should -BeExactly $bucket
            $part.Key | Should -BeExactly $upload.Key
            $part.UploadId | Should -BeExactly $upload.UploadId
            $part.Region | Should -BeExactly 'us-east-1'
            $part.EndpointUrl | Should -BeExactly $Server.Http
            $part.ChecksumAlgorithm | Should -BeExactly 'CRC64NVME'
            [Convert]::FromBase64String($part.Checksum) | Should -HaveCount 8
            "$part" | Should -BeExactly "s3://$bucket/$($upload.Key) part $($part.PartNumber)"
        }

        $stored = Get-StoredPart $upload
        $stored.Size | Should -Be $parts.Size
        $stored.ETag | Should -BeExactly $etags
    }

    It 'sends only the parts of -PartNumber, each once' {
        $upload = New-Upload
        $parts = $upload | Add-S3UploadPart -PartNumber 3, 1, 3
        $parts.PartNumber | Sort-Object | Should -Be 1, 3
        $parts.PartCount | Should -Be 3, 3
        (Get-StoredPart $upload).ETag | Should -BeExactly $etags[0], $etags[2]
        ($upload | Add-S3UploadPart -PartNumber (2..2)).ETag | Should -BeExactly $etags[1]
        ($upload | Complete-S3MultipartUpload).Size | Should -Be $bytes.Length
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash
    }

    It 'refuses each -PartNumber beyond the last part, and sends the others' {
        $upload = New-Upload
        $run = Watch-Run { $upload | Add-S3UploadPart -PartNumber 4, 1, 9 }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Errors | ForEach-Object { Get-ErrorName $_ } | Should -BeExactly 'PartNumberNotInPlan', 'PartNumberNotInPlan'
        "$($run.Errors[0])" | Should -BeLike '*part 4*3 parts*'
        $run.Output.PartNumber | Should -Be 1
        (Get-StoredPart $upload).PartNumber | Should -Be 1
    }

    It 'cuts by its own -PartSize rather than the upload''s' {
        $parts = New-Upload | Add-S3UploadPart -PartSize '6MB' | Sort-Object PartNumber
        $parts.Size | Should -Be 6MB, (5MB + 7)
    }

    It 'sends an empty file as one empty part' {
        New-TestFile "$folder/empty.bin" 0
        $upload = New-Upload @{ LiteralPath = "$folder/empty.bin" }
        $part = $upload | Add-S3UploadPart
        $part.PartNumber, $part.Size, $part.PartCount | Should -Be 1, 0, 1
        (Get-StoredPart $upload).Size | Should -Be 0
    }

    It 'takes the bytes from -LiteralPath, relative to the current location' {
        $upload = New-Upload @{ PartSize = 5MB }
        Push-Location $folder
        try { $parts = Add-S3UploadPart $upload -LiteralPath 'three parts.bin' }
        finally { Pop-Location }
        $parts.PartNumber | Sort-Object | Should -Be 1, 2, 3
        (Get-StoredPart $upload).ETag | Should -BeExactly $etags
    }

    It 'sends the parts of several uploads of one pipeline' {
        $uploads = (New-Upload), (New-Upload @{ LiteralPath = $path; PartSize = 6MB }), (New-Upload)
        $parts = $uploads | Add-S3UploadPart
        @($parts | Group-Object UploadId).ForEach('Count') | Sort-Object | Should -Be 2, 3, 3
        foreach ($upload in $uploads) { (Get-StoredPart $upload | Measure-Object Size -Sum).Sum | Should -Be $bytes.Length }
    }

    It 'takes an upload as <Form>' -ForEach @(
        @{ Form = 'an object of this process'; Make = { $upload } }
        @{
            Form = 'a hashtable'
            Make = {
                @{ BucketName = $upload.BucketName; Key = $upload.Key; UploadId = $upload.UploadId; EndpointUrl = $upload.EndpointUrl }
            }
        }
        @{ Form = 'an object of the user''s own'; Make = { $upload | Select-Object BucketName, Key, UploadId, EndpointUrl } }
        @{ Form = 'an object read back from Clixml'; Make = { Copy-AsText $upload } }
        @{ Form = 'an object read back from JSON'; Make = { $upload | ConvertTo-Json | ConvertFrom-Json } }
        @{ Form = 'a row of a table'; Make = { $upload | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $upload = New-Upload
        $given = & $Make
        (Add-S3UploadPart -Upload $given -LiteralPath $path -PartSize 5MB -PartNumber 1).ETag | Should -BeExactly $etags[0]
        (Add-S3UploadPart $given -LiteralPath $path -PartSize 5MB -PartNumber 2).ETag | Should -BeExactly $etags[1]
        ($given | Add-S3UploadPart -LiteralPath $path -PartSize 5MB -PartNumber 3).ETag | Should -BeExactly $etags[2]
        (Get-StoredPart $upload).ETag | Should -BeExactly $etags
    }

    It 'takes an upload without a file as a row of a table, whose cells are empty' {
        $upload = New-Upload @{}
        $row = $upload | ConvertTo-Csv | ConvertFrom-Csv
        $row.PartSize, $row.Length, $row.LiteralPath | Should -Be '', '', ''
        (Add-S3UploadPart $row -LiteralPath $path -PartNumber 1).Size | Should -Be (11MB + 7)
    }

    It 'refuses <What>, which names no upload' -ForEach @(
        @{ What = 'a hashtable without an id'; Not = @{ BucketName = 'b'; Key = 'k' } }
        @{ What = 'text'; Not = 's3://b/k' }
        @{ What = 'null'; Not = $null }
    ) {
        $run = Watch-Run { Add-S3UploadPart -Upload $Not -LiteralPath $path }
        $run.Thrown.CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'InvalidData'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'asks for the source of an upload that names none' {
        $run = Watch-Run { New-Upload @{} | Add-S3UploadPart }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'PathMissing'
        Get-ErrorText $run.Errors[0] | Should -BeLike '*-LiteralPath*-Value*-InputStream*-SourceBucketName*'
    }

    It 'fails for an upload that was stopped, names the part, and resumes the next upload' -Tag NeedsGoneUpload {
        $gone = New-Upload
        $gone | Stop-S3MultipartUpload -Force
        $next = New-Upload
        $run = Watch-Run { $gone, $next | Add-S3UploadPart -ThrottleLimit 1 }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'NoSuchUpload'
        "$($run.Errors[0])" | Should -BeLike 'Part 1: *'
        $run.Errors[0].TargetObject | Should -BeExactly $path
        $run.Output.UploadId | Select-Object -Unique | Should -BeExactly $next.UploadId
        $run.Output | Should -HaveCount 3
    }

    It 'sends nothing with -WhatIf' {
        $upload = New-Upload
        $run = Watch-Run { $upload | Add-S3UploadPart -WhatIf }
        $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
        Get-SentRequest { $upload | Add-S3UploadPart -WhatIf } | Should -BeNullOrEmpty
        Get-SentRequest { $upload | Add-S3UploadPart } | Should -HaveCount 3
    }
}

Describe 'Add-S3UploadPart on <Server.Name>, when the file is no more what it was at New-S3MultipartUpload' -ForEach @{ Server = $Server } {
    BeforeEach {
        $changing = Join-Path $folder "$([Guid]::NewGuid()).bin"
        New-TestFile $changing (6MB)
        $upload = New-Upload @{ LiteralPath = $changing; PartSize = 5MB }
    }

    It 'fails when it is gone, and resumes the next' {
        Remove-Item $changing
        $next = New-Upload
        $run = Watch-Run { $upload, $next | Add-S3UploadPart }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileNotFound'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $run.Errors[0].TargetObject | Should -BeExactly $changing
        $run.Output | Should -HaveCount 3
    }

    It 'fails when it has <How>, before anything is sent' -ForEach @(
        @{ How = 'grown'; Length = 6MB + 1 }
        @{ How = 'grown by a part'; Length = 11MB }
        @{ How = 'shrunk'; Length = 6MB - 1 }
        @{ How = 'become empty'; Length = 0 }
    ) {
        $stream = [IO.File]::OpenWrite($changing)
        try { $stream.SetLength($Length) } finally { $stream.Dispose() }
        $run = Watch-Run { $upload | Add-S3UploadPart | Complete-S3MultipartUpload }
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeNullOrEmpty
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileChanged'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'fails when it shrinks while it is read, and harms no later request' {
        foreach ($round in 1..4) {
            New-TestFile $changing 20MB
            $upload = New-Upload @{ LiteralPath = $changing; PartSize = 5MB }
            $run = Watch-Run {
                $upload | Add-S3UploadPart -ThrottleLimit 1 | ForEach-Object {
                    $stream = [IO.File]::Open($changing, 'Open', 'Write', 'ReadWrite')
                    $stream.SetLength(5MB + 1)
                    $stream.Dispose()
                    $_
                }
            }
            ($run.Errors | ForEach-Object { Get-ErrorName $_ }) | Should -BeExactly 'FileChanged'
            "$($run.Errors[0])" | Should -BeLike "Part *'$changing'*"
            $keys = 1..16 | ForEach-Object { [pscustomobject]@{ Key = "$($upload.Key)-$_" } }
            $after = Watch-Run { $keys | New-S3MultipartUpload @to -ThrottleLimit 16 }
            $after.Errors | Should -BeNullOrEmpty
            $after.Output | Should -HaveCount 16
        }
    }
}
