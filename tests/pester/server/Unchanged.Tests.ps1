param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $file = Join-Path $TestDrive file.bin
    $kms = $Server.Name -eq 'Ceph' ? 'testkey-1' : '12345678-1234-1234-1234-123456789012'

    # The line of the README: the first time it sends, and then it is what is tested.
    function Invoke-Line([hashtable] $New = @{}, [hashtable] $Complete = @{}, [string] $Url = $Server.Http) {
        $to = @{ BucketName = $bucket; EndpointUrl = $Url }
        Watch-Run {
            New-S3MultipartUpload @to -LiteralPath $file -Resume @New -Verbose | Add-S3UploadPart -Verbose |
                Complete-S3MultipartUpload @Complete -Verbose
        }
    }

    function Get-Outcome($Run) { @($Run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] }) }

    function Get-Warning($Run) { @($Run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object Message) }

    # Nothing was sent, and what is there is proven by something of its bytes.
    function Assert-Unchanged($Run, [string] $Evidence) {
        $Run.Errors | Should -BeNullOrEmpty
        $Run.Thrown | Should -BeNullOrEmpty
        $Run.Requests -notmatch '^(HeadObject|GetObjectAttributes)' | Should -BeNullOrEmpty
        $done = Get-Outcome $Run
        $done | Should -HaveCount 1
        $done.Outcome | Should -BeExactly Unchanged
        $done.BytesSent | Should -Be 0
        $done.BytesReused | Should -Be $done.Size
        $done.Size | Should -Be (Get-Item $file).Length
        $done.UploadId | Should -BeNullOrEmpty
        if ($Evidence) { $done.Evidence | Should -BeExactly $Evidence } else { $done.Evidence | Should -Not -BeIn '', 'Size', 'PartCount' }
    }

    function Assert-Sent($Run) {
        $Run.Errors | Should -BeNullOrEmpty
        (Get-Outcome $Run).Outcome | Should -BeExactly Uploaded
        Get-ObjectHash $Server.Http $bucket 'file.bin' | Should -BeExactly (Get-FileHash $file).Hash
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'The same line over an object that is there, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach {
        New-TestFile $file (12MB + 11) -Seed 7
        Invoke-S3 @{ Endpoint = $Server.Http; Method = 'DELETE'; Bucket = $bucket; Key = 'file.bin' }
    }

    It 'sends once, and then nothing: one request for a file' -Tag Quick {
        $first = Invoke-Line
        Assert-Sent $first
        (Get-Outcome $first).BytesSent | Should -Be (12MB + 11)
        (Get-Outcome $first).BytesReused | Should -Be 0
        $again = Invoke-Line
        Assert-Unchanged $again
        $again.Requests | Should -HaveCount 1
    }

    It 'leaves an empty file, a small one and one of just one part as they are' -ForEach @{ Sizes = 0, 1, 5MB } {
        foreach ($size in $Sizes) {
            New-TestFile $file $size
            Assert-Sent (Invoke-Line)
            Assert-Unchanged (Invoke-Line)
        }
    }

    It 'finds one changed byte under the old date and size' {
        $date = (Get-Item $file).LastWriteTimeUtc
        Assert-Sent (Invoke-Line)
        $bytes = [IO.File]::ReadAllBytes($file)
        $bytes[6MB] = $bytes[6MB] -bxor 1
        [IO.File]::WriteAllBytes($file, $bytes)
        (Get-Item $file).LastWriteTimeUtc = $date
        Assert-Sent (Invoke-Line)
    }

    It 'sends nothing for a date alone' {
        Assert-Sent (Invoke-Line)
        (Get-Item $file).LastWriteTimeUtc = [DateTime]::UtcNow.AddDays(1)
        Assert-Unchanged (Invoke-Line)
    }

    It 'sends a file that has <What>, and asks nothing of its bytes' -ForEach @(
        @{ What = 'grown'; Length = 13MB }
        @{ What = 'shrunk'; Length = 6MB }
    ) {
        Assert-Sent (Invoke-Line)
        New-TestFile $file $Length -Seed 7
        $run = Invoke-Line
        Assert-Sent $run
        $run.Verbose -match 'not left as it is: the object has 12,582,923 bytes and the file' | Should -HaveCount 1
    }

    It 'compares by <Algorithm>, <Type>' -Tag NeedsChecksum -ForEach @(
        foreach ($algorithm in 'CRC64NVME', 'CRC32', 'CRC32C') { @{ Algorithm = $algorithm; Type = 'FULL_OBJECT'; Evidence = $algorithm } }
        foreach ($algorithm in 'CRC32', 'CRC32C', 'SHA1', 'SHA256', 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128') {
            @{ Algorithm = $algorithm; Type = 'COMPOSITE'; Evidence = "$algorithm composite" }
        }
    ) {
        Assert-Sent (Invoke-Line @{ ChecksumAlgorithm = $Algorithm; ChecksumType = $Type; PartSize = 5MB })
        Assert-Unchanged (Invoke-Line @{ PartSize = 5MB }) $Evidence
    }

    It 'compares what is made of parts as the object was cut, by a request more' {
        # A store that knows checksums makes one of every object, so only one of parts is not of the whole.
        $as = if ($Server.Lacks.Checksum) { @{ RequestChecksumCalculation = 'WhenRequired' } } else { @{ ChecksumAlgorithm = 'SHA256' } }
        Assert-Sent (Invoke-Line ($as + @{ PartSize = 5MB }))
        $run = Invoke-Line @{ PartSize = 7MB }
        Assert-Unchanged $run ($Server.Lacks.Checksum ? 'ETag' : 'SHA256 composite')
        # The object itself, and the size of its first part.
        $run.Requests | Should -HaveCount 2
    }

    It 'compares by the ETag of parts that are cut as now, by one request' {
        Assert-Sent (Invoke-Line @{ RequestChecksumCalculation = 'WhenRequired'; PartSize = 5MB })
        $run = Invoke-Line @{ RequestChecksumCalculation = 'WhenRequired'; PartSize = 5MB }
        Assert-Unchanged $run
        $run.Requests | Should -HaveCount 1
    }

    It 'compares by the ETag of an object that was put whole' {
        Set-TestObject $Server.Http $bucket file.bin ([IO.File]::ReadAllBytes($file))
        Assert-Unchanged (Invoke-Line)
    }

    It 'compares parts of two sizes where the store lists them, and sends where it does not' {
        $as = if ($Server.Lacks.Checksum) { @{ RequestChecksumCalculation = 'WhenRequired' } } else { @{ ChecksumAlgorithm = 'SHA256' } }
        $upload = New-S3MultipartUpload @to -Key file.bin @as
        $bytes = [IO.File]::ReadAllBytes($file)
        $null = Add-S3UploadPart -Upload $upload -PartNumber 1 -Value (Get-Slice $bytes 0 7MB)
        $null = Add-S3UploadPart -Upload $upload -PartNumber 2 -Value (Get-Slice $bytes 7MB 5MB)
        $null = Add-S3UploadPart -Upload $upload -PartNumber 3 -Value (Get-Slice $bytes 12MB 11)
        $null = Get-S3UploadPart $upload | Complete-S3MultipartUpload -MpuObjectSize $bytes.Length
        $run = Invoke-Line
        if ($Server.Name -eq 'LocalS3') {
            # As Amazon S3 does for parts that have checksums.
            Assert-Unchanged $run 'SHA256 composite'
            $run.Requests -match '^GetObjectAttributes' | Should -HaveCount 1
            return
        }
        Assert-Sent $run
        $run.Verbose -match 'parts of unknown size' | Should -HaveCount 1
    }

    It 'sends where neither an ETag nor a checksum is of the bytes, and says why' {
        if (-not $Server.Lacks.Checksum) { Set-ItResult -Skipped -Because 'every object there has a checksum' }
        $kms = @{ SseKms = $true; KmsKeyId = 'testkey-1'; RequestChecksumCalculation = 'WhenRequired' }
        Assert-Sent (Invoke-Line $kms)
        $run = Invoke-Line $kms
        Assert-Sent $run
        $run.Verbose -match 'no checksum of the object, and its ETag is no MD5' | Should -HaveCount 1
    }

    It 'goes on to an upload in progress where the object is another' {
        Assert-Sent (Invoke-Line)
        New-TestFile $file (12MB + 11) -Seed 8
        $null = New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB | Add-S3UploadPart -PartNumber 2
        $run = Invoke-Line
        $run.Errors | Should -BeNullOrEmpty
        (Get-Outcome $run).Outcome | Should -BeExactly Resumed
        (Get-Outcome $run).BytesReused | Should -Be 5MB
        (Get-Outcome $run).BytesSent | Should -Be (7MB + 11)
        Get-ObjectHash $Server.Http $bucket 'file.bin' | Should -BeExactly (Get-FileHash $file).Hash
    }

    It 'leaves an upload in progress of an object that is whole alone, parts and all' {
        Assert-Sent (Invoke-Line)
        $other = New-S3MultipartUpload @to -LiteralPath $file
        Assert-Unchanged (Invoke-Line)
        @(Get-StoredUpload $bucket 'file.bin').UploadId | Should -BeExactly $other.UploadId
        $other | Stop-S3MultipartUpload -Force
    }
}

Describe 'An object with the bytes of a file that is otherwise, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach {
        New-TestFile $file 100KB -Seed 9
        Invoke-S3 @{ Endpoint = $Server.Http; Method = 'DELETE'; Bucket = $bucket; Key = 'file.bin' }
    }

    It 'is sent again for another <What>, with a warning' -ForEach @(
        @{ What = 'content type'; New = @{ ContentType = 'text/x-other' }; Text = 'its content type is .*, not text/x-other' }
        @{ What = 'value of metadata'; New = @{ Metadata = @{ shelf = 'two' } }; Text = "metadata 'shelf' is 'one', not 'two'" }
        @{ What = 'name of metadata'; New = @{ Metadata = @{ room = 'one' } }; Text = "metadata 'room' is not there" }
    ) {
        Assert-Sent (Invoke-Line @{ Metadata = @{ shelf = 'one' }; ContentType = 'text/x-one' })
        Assert-Unchanged (Invoke-Line @{ Metadata = @{ shelf = 'one' }; ContentType = 'text/x-one' })
        $run = Invoke-Line $New
        Assert-Sent $run
        Get-Warning $run | Should -Match $Text
        Assert-Unchanged (Invoke-Line $New)
    }

    It 'is left as it is where nothing was requested' {
        Assert-Sent (Invoke-Line @{ Metadata = @{ shelf = 'one' }; ContentType = 'text/x-one' })
        Assert-Unchanged (Invoke-Line)
    }

    It 'is sent again for another encryption' -Tag NeedsSseS3 {
        Assert-Sent (Invoke-Line @{ SseKms = $true; KmsKeyId = $kms })
        Assert-Unchanged (Invoke-Line @{ SseKms = $true; KmsKeyId = $kms })
        Assert-Unchanged (Invoke-Line @{ SseKms = $true })
        Assert-Unchanged (Invoke-Line @{ SseKms = $true; KmsKeyId = 'alias/any' })
        $run = Invoke-Line @{ SseS3 = $true }
        Assert-Sent $run
        Get-Warning $run | Should -Match 'encrypted with aws:kms, not with AES256'
    }

    It 'is left in another storage class, and a warning says so' -Tag NeedsStorageClass {
        Assert-Sent (Invoke-Line @{ StorageClass = 'STANDARD_IA' })
        $run = Invoke-Line @{ StorageClass = 'GLACIER' }
        Assert-Unchanged $run
        Get-Warning $run | Should -Match 'storage class STANDARD_IA, though GLACIER was requested'
    }

    It 'is compared under a customer key by its checksum, and sent without the key' -Tag NeedsHttps, NeedsCustomerKey, NeedsChecksum {
        $key = [byte[]](1..32)
        (Get-Outcome (Invoke-Line @{ SseCustomerKey = $key } @{} $Server.Https)).Outcome | Should -BeExactly Uploaded
        Assert-Unchanged (Invoke-Line @{ SseCustomerKey = $key } @{} $Server.Https) CRC64NVME
        Assert-Sent (Invoke-Line)
    }

    It 'is refused with -NoClobber, and left as it is where it is the same' {
        Assert-Sent (Invoke-Line @{ NoClobber = $true })
        Assert-Unchanged (Invoke-Line @{ NoClobber = $true })
        New-TestFile $file 100KB -Seed 10
        $run = Invoke-Line @{ NoClobber = $true }
        Get-ErrorName $run.Errors[0] | Should -BeExactly ObjectExists
        $run.Requests -notmatch '^HeadObject' | Should -BeNullOrEmpty
    }
}

Describe 'What goes down the pipeline for a file that is unchanged, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll {
        New-TestFile $file (6MB + 1) -Seed 11
        Assert-Sent (Invoke-Line)
    }

    It 'is an upload without an id, with what was compared' {
        $upload = New-S3MultipartUpload @to -LiteralPath $file -Resume
        $upload | Should -BeOfType S3Multipart.MultipartUpload
        $upload.IsUnchanged | Should -BeTrue
        $upload.UploadId | Should -BeNullOrEmpty
        $upload.ETag | Should -Match '^"[0-9a-f]{32}-1"$'
        $upload.Evidence | Should -Not -BeNullOrEmpty
        $upload.Length | Should -Be (6MB + 1)
        $upload | Format-List | Out-String | Should -Match 'IsUnchanged +: True'
    }

    It 'passes Add-S3UploadPart as it came' {
        $upload = New-S3MultipartUpload @to -LiteralPath $file -Resume
        $upload | Add-S3UploadPart | Should -Be $upload
    }

    It 'is not taken by <What>' -ForEach @(
        @{ What = 'Stop-S3MultipartUpload'; Run = { $upload | Stop-S3MultipartUpload -Force } }
        @{ What = 'Get-S3UploadPart'; Run = { $upload | Get-S3UploadPart } }
        @{ What = 'Add-S3UploadPart -PartNumber'; Run = { $upload | Add-S3UploadPart -PartNumber 1 } }
        @{ What = 'Add-S3UploadPart -LiteralPath'; Run = { $upload | Add-S3UploadPart -LiteralPath $file } }
        @{ What = 'Add-S3UploadPart -Value'; Run = { , [byte[]](1, 2), [byte[]](3, 4) | Add-S3UploadPart -Upload $upload } }
        @{ What = 'Add-S3UploadPart -InputStream'; Run = { $upload | Add-S3UploadPart -InputStream ([IO.MemoryStream]::new()) } }
    ) {
        $upload = New-S3MultipartUpload @to -LiteralPath $file -Resume
        $seen = Watch-Run $Run
        $seen.Errors | Should -HaveCount 1
        Get-ErrorName $seen.Errors[0] | Should -BeExactly UploadUnchanged
        $seen.Requests | Should -BeNullOrEmpty
    }

    It 'is completed after a journey through Clixml, and looked at again' {
        $text = Copy-AsText (New-S3MultipartUpload @to -LiteralPath $file -Resume)
        $run = Watch-Run { $text | Add-S3UploadPart -Verbose | Complete-S3MultipartUpload -Verbose }
        Assert-Unchanged $run
        $run.Requests | Should -HaveCount 1
    }

    It 'is an error where the object has become another meanwhile' {
        $text = Copy-AsText (New-S3MultipartUpload @to -LiteralPath $file -Resume)
        Set-TestObject $Server.Http $bucket file.bin ([byte[]](1, 2, 3))
        $run = Watch-Run { $text | Complete-S3MultipartUpload -Verbose }
        Get-ErrorName $run.Errors[0] | Should -BeExactly ObjectNotIdentical
        $run.Output | Should -BeNullOrEmpty
        Assert-Sent (Invoke-Line)
    }

    It 'is refused with another size than -MpuObjectSize' {
        $upload = New-S3MultipartUpload @to -LiteralPath $file -Resume
        $run = Watch-Run { $upload | Complete-S3MultipartUpload -MpuObjectSize 1 -Verbose }
        Get-ErrorName $run.Errors[0] | Should -BeExactly SizeMismatch
        Get-ErrorText $run.Errors[0] | Should -BeLike '*-MpuObjectSize*'
        $run.Output | Should -BeNullOrEmpty
        $run.Requests | Should -BeNullOrEmpty
        ($upload | Complete-S3MultipartUpload -MpuObjectSize $upload.Length).Outcome | Should -Be Unchanged
    }

    It 'is compared once more with -Verify' {
        $run = Invoke-Line @{} @{ Verify = $true }
        Assert-Unchanged $run
        $run.Requests | Should -HaveCount 2
    }

    It 'is the report of a run with those that were sent' {
        $folder = New-TestFolder
        foreach ($i in 1..5) { New-TestFile "$folder/$i.txt" (1KB * $i) -Seed $i }
        $line = { Get-ChildItem $folder -File | New-S3MultipartUpload @to -KeyPrefix run/ -Resume | Add-S3UploadPart |
                Complete-S3MultipartUpload | Group-Object Outcome -NoElement | ForEach-Object { "$($_.Name) $($_.Count)" } }
        & $line | Should -BeExactly 'Uploaded 5'
        New-TestFile "$folder/3.txt" 3KB -Seed 99
        & $line | Sort-Object | Should -BeExactly 'Unchanged 4', 'Uploaded 1'
        & $line | Should -BeExactly 'Unchanged 5'
    }
}

Describe 'A store that keeps from looking, on <Server.Name>' -Tag NeedsFaults -ForEach @{ Server = $Server } {
    AfterAll { Set-LocalS3Fault $Server.Http }

    It 'has every file sent, and is warned of once for its bucket' {
        $folder = New-TestFolder
        foreach ($i in 1..3) { New-TestFile "$folder/$i.txt" 1KB -Seed $i }
        Set-LocalS3Fault $Server.Http @{ operation = 'HeadObject'; action = 'error'; status = 403; code = 'AccessDenied'; times = 1000 }
        $run = Watch-Run {
            Get-ChildItem $folder -File | New-S3MultipartUpload @to -KeyPrefix denied/ -Resume | Add-S3UploadPart |
                Complete-S3MultipartUpload
        }
        $run.Errors | Should -BeNullOrEmpty
        (Get-Outcome $run).Outcome | Should -Be 'Uploaded', 'Uploaded', 'Uploaded'
        @(Get-Warning $run) -match 'properties of objects .* cannot be read' | Should -HaveCount 1
    }
}
