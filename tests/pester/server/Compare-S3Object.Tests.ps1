param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $folder = New-TestFolder
    $file = "$folder/file.bin"
    New-TestFile $file (12MB + 7) -Seed 21

    function Send-File([string] $Key, [hashtable] $With = @{}) {
        New-S3MultipartUpload @to -Key $Key -LiteralPath $file @With | Add-S3UploadPart | Complete-S3MultipartUpload
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Compare-S3Object on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll { $sent = Send-File whole.bin }

    It 'finds that an object holds the bytes of a file, and says by what' {
        $result = Compare-S3Object @to -LiteralPath $file -Key whole.bin
        $result | Should -BeOfType S3Multipart.ComparedObject
        $result.IsIdentical | Should -BeTrue
        $result.Evidence | Should -BeIn 'CRC64NVME', 'ETag'
        $result.Reason | Should -BeNullOrEmpty
        $result.Size, $result.ObjectSize | Should -Be (12MB + 7), (12MB + 7)
        $result.LiteralPath, $result.BucketName, $result.Key | Should -BeExactly (Get-Item $file).FullName, $bucket, 'whole.bin'
        ([DateTime]::UtcNow - $result.LastModified).TotalMinutes | Should -BeLessThan 10
    }

    It 'asks once and downloads nothing' {
        $requests = Get-SentRequest { Compare-S3Object @to -LiteralPath $file -Key whole.bin -Verbose }
        @($requests) | Should -HaveCount 1
    }

    It 'finds another byte, another size and no object at all' {
        $bytes = [IO.File]::ReadAllBytes($file)
        $bytes[9MB] = $bytes[9MB] -bxor 1
        [IO.File]::WriteAllBytes("$folder/other.bin", $bytes)
        $other = Compare-S3Object @to -LiteralPath "$folder/other.bin" -Key whole.bin
        $other.IsIdentical | Should -BeFalse
        $other.IsIdentical | Should -Not -BeNullOrEmpty
        $other.Reason | Should -Match 'of the object is .*, that of the file '
        New-TestFile "$folder/small.bin" 1KB
        $small = Compare-S3Object @to -LiteralPath "$folder/small.bin" -Key whole.bin
        "$($small.IsIdentical) $($small.Evidence)" | Should -BeExactly 'False Size'
        $none = Compare-S3Object @to -LiteralPath $file -Key none.bin
        "$($none.IsIdentical) $($none.Evidence) $($none.ObjectSize)" | Should -BeExactly 'False  '
        $none.Reason | Should -BeExactly 'there is no such object'
    }

    It 'takes what Complete-S3MultipartUpload emits, with its connection' -Tag NeedsUnversionedHead {
        $result = Send-File piped.bin | Compare-S3Object
        $result.IsIdentical | Should -BeTrue
        $result.Key | Should -BeExactly piped.bin
    }

    It 'takes it after a journey through Clixml too, by its properties' -Tag NeedsUnversionedHead {
        $result = Copy-AsText $sent | Compare-S3Object -EndpointUrl $Server.Http
        $result.IsIdentical | Should -BeTrue
        $result.Key | Should -BeExactly whole.bin
    }

    It 'compares a folder in the order of its files, with keys as New-S3MultipartUpload makes them' {
        $tree = New-TestFolder
        $null = New-Item -ItemType Directory "$tree/sub"
        foreach ($i in 1..12) { [IO.File]::WriteAllText("$tree/$(if ($i % 2) { 'sub/' })$i.txt", "file $i") }
        $null = Get-ChildItem $tree -Recurse -File | New-S3MultipartUpload @to -KeyPrefix tree/ -RelativeTo $tree | Add-S3UploadPart |
            Complete-S3MultipartUpload
        [IO.File]::WriteAllText("$tree/sub/3.txt", 'file X')
        [IO.File]::WriteAllText("$tree/13.txt", 'new')
        $files = @(Get-ChildItem $tree -Recurse -File)
        $results = $files | Compare-S3Object @to -KeyPrefix tree/ -RelativeTo $tree
        $results.LiteralPath | Should -BeExactly $files.FullName
        ($results | Where-Object IsIdentical -NE $true).Key | Sort-Object | Should -BeExactly 'tree/13.txt', 'tree/sub/3.txt'
        $files | Compare-S3Object @to -KeyPrefix tree/ -RelativeTo $tree -Quiet | Should -Be @($results.IsIdentical)
    }

    It 'compares objects that came in parts of another size, and those that came whole' {
        $null = Send-File cut.bin @{ PartSize = 5MB; RequestChecksumCalculation = 'WhenRequired' }
        (Compare-S3Object @to -LiteralPath $file -Key cut.bin -PartSize 8MB).IsIdentical | Should -BeTrue
        Set-TestObject $Server.Http $bucket put.bin ([IO.File]::ReadAllBytes($file))
        (Compare-S3Object @to -LiteralPath $file -Key put.bin).IsIdentical | Should -BeTrue
    }

    It 'says that it cannot tell where nothing can be compared' {
        if (-not $Server.Lacks.Checksum) { Set-ItResult -Skipped -Because 'every object there has a checksum' }
        $null = Send-File secret.bin @{ SseKms = $true; KmsKeyId = 'testkey-1'; RequestChecksumCalculation = 'WhenRequired' }
        $result = Compare-S3Object @to -LiteralPath $file -Key secret.bin
        $null -eq $result.IsIdentical | Should -BeTrue
        $result.Reason | Should -Match 'no checksum of the object, and its ETag is no MD5'
        Compare-S3Object @to -LiteralPath $file -Key secret.bin -Quiet | Should -BeFalse
    }

    It 'compares the version that is named' -Tag NeedsCompletedVersion {
        $versioned = New-TestBucket $Server.Http
        Set-BucketSetting $versioned versioning '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'
        $at = @{ BucketName = $versioned; EndpointUrl = $Server.Http }
        $first = New-S3MultipartUpload @at -Key v -LiteralPath $file | Add-S3UploadPart | Complete-S3MultipartUpload
        Set-TestObject $Server.Http $versioned v ([byte[]](1, 2))
        Compare-S3Object @at -LiteralPath $file -Key v -Quiet | Should -BeFalse
        $named = Compare-S3Object @at -LiteralPath $file -Key v -VersionId $first.VersionId
        $named.IsIdentical | Should -BeTrue
        $named.VersionId | Should -BeExactly $first.VersionId
        $first | Compare-S3Object -Quiet | Should -BeTrue
    }

    It 'is an error for a file that is not there, and goes on with the next' {
        $run = Watch-Run { "$folder/nothing.bin", $file | Compare-S3Object @to -Key whole.bin }
        Get-ErrorName $run.Errors[0] | Should -BeExactly FileNotFound
        $run.Output | Should -HaveCount 1
    }

    It 'is one error for all files where there is no such bucket' {
        $run = Watch-Run { $file, $file, $file | Compare-S3Object no-such-bucket-here -EndpointUrl $Server.Http -Key whole.bin }
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | ForEach-Object { Get-ErrorName $_ } | Should -BeExactly NoSuchBucket, InputsNotTried
    }

    It 'is an error where the object may not be looked at' -Tag NeedsFaults {
        Set-LocalS3Fault $Server.Http @{ operation = 'HeadObject'; action = 'error'; code = 'AccessDenied'; status = 403 }
        $run = Watch-Run { Compare-S3Object @to -LiteralPath $file -Key whole.bin }
        Set-LocalS3Fault $Server.Http
        $run.Errors | Should -HaveCount 1
        $run.Errors[0].CategoryInfo.Category | Should -Be PermissionDenied
        $run.Output | Should -BeNullOrEmpty
    }

    It 'wants the customer key of an object that has one, and finds it with what was just completed' -Tag NeedsHttps, NeedsChecksum {
        $key = [byte[]](1..32)
        $done = New-S3MultipartUpload $bucket keyed -EndpointUrl $Server.Https -LiteralPath $file -SseCustomerKey $key | Add-S3UploadPart |
            Complete-S3MultipartUpload
        ($done | Compare-S3Object).Evidence | Should -BeExactly CRC64NVME
        $at = @{ BucketName = $bucket; Key = 'keyed'; LiteralPath = $file; EndpointUrl = $Server.Https }
        (Compare-S3Object @at -SseCustomerKey $key).IsIdentical | Should -BeTrue
        (Watch-Run { Compare-S3Object @at }).Errors | Should -HaveCount 1
    }
}
