param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'The keys that New-S3MultipartUpload makes on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach {
        $folder = New-TestFolder
        $prefix = [Guid]::NewGuid().ToString('n') + '/'
        $null = New-Item -ItemType Directory "$folder/a", "$folder/a/b", "$folder/c"
        foreach ($name in 'top.bin', 'a/1.bin', 'a/b/2.bin', 'c/1.bin') { New-TestFile "$folder/$name" 10 }
    }

    It 'are the names of the files' {
        $uploads = Get-Item "$folder/top.bin", "$folder/a/b/2.bin" | New-S3MultipartUpload @to
        $uploads.Key | Should -BeExactly 'top.bin', '2.bin'
    }

    It 'keep the folders below -RelativeTo' {
        $keys = (Get-ChildItem $folder -Recurse -File | New-S3MultipartUpload @to -KeyPrefix $prefix -RelativeTo $folder).Key
        $keys | Sort-Object | Should -BeExactly "${prefix}a/1.bin", "${prefix}a/b/2.bin", "${prefix}c/1.bin", "${prefix}top.bin"
        (Get-Item "$folder/a/b/2.bin" | New-S3MultipartUpload @to -KeyPrefix $prefix -RelativeTo "$folder/a/").Key |
            Should -BeExactly "${prefix}b/2.bin"
    }

    It 'keep the folders below a -RelativeTo that is itself relative' {
        Push-Location $folder
        try { $keys = (Get-ChildItem a -Recurse -File | New-S3MultipartUpload @to -KeyPrefix $prefix -RelativeTo .).Key }
        finally { Pop-Location }
        $keys | Sort-Object | Should -BeExactly "${prefix}a/1.bin", "${prefix}a/b/2.bin"
    }

    It 'are refused for a file that is not under -RelativeTo' {
        $run = Watch-Run {
            Get-Item "$folder/top.bin", "$folder/a/1.bin" | New-S3MultipartUpload @to -KeyPrefix $prefix -RelativeTo "$folder/a"
        }
        $run.Output.Key | Should -BeExactly "${prefix}1.bin"
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'PathNotUnderRelativeTo'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'are the text given, after the prefix' {
        (New-S3MultipartUpload @to -LiteralPath "$folder/top.bin" -Key "${prefix}é +%`[1] 日本").Key |
            Should -BeExactly "${prefix}é +%`[1] 日本"
        (New-S3MultipartUpload @to -LiteralPath "$folder/top.bin" -Key 'name' -KeyPrefix $prefix).Key | Should -BeExactly "${prefix}name"
        $stored = (Get-StoredUpload $bucket $prefix).Key
        $stored | Should -HaveCount 2
        $stored | Should -Contain "${prefix}name"
        $stored | Should -Contain "${prefix}é +%`[1] 日本"
    }

    It 'come from a script block over each input' {
        $uploads = Get-Item "$folder/a/1.bin", "$folder/c/1.bin" |
            New-S3MultipartUpload @to -Key { $_.Directory.Name + '-' + $_.Length } -KeyPrefix $prefix
        $uploads.Key | Should -BeExactly "${prefix}a-10", "${prefix}c-10"
    }

    It 'need no file' {
        $upload = New-S3MultipartUpload $bucket "${prefix}stream" -EndpointUrl $Server.Http
        $upload.Key | Should -BeExactly "${prefix}stream"
        $upload.LiteralPath | Should -BeNullOrEmpty
        $upload.Length | Should -BeNullOrEmpty
        $upload.PartSize | Should -BeNullOrEmpty
    }

    It 'are demanded where there is no file' {
        $run = Watch-Run { New-S3MultipartUpload @to }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'KeyMissing'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'are refused the second time in one pipeline, and the pipeline continues' {
        $run = Watch-Run { Get-Item "$folder/a/1.bin", "$folder/c/1.bin", "$folder/top.bin" | New-S3MultipartUpload @to -KeyPrefix $prefix }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Output.LiteralPath | Should -BeExactly (Join-Path $folder a 1.bin), (Join-Path $folder top.bin)
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'KeyNotUnique'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        $second = Join-Path $folder c 1.bin
        $run.Errors[0].TargetObject | Should -BeExactly $second
        Get-ErrorText $run.Errors[0] | Should -BeLike "*'$second'*'${prefix}1.bin'*-RelativeTo*"
        (Get-StoredUpload $bucket $prefix).Count | Should -Be 2
    }

    It 'are told apart by case, and may come again in another pipeline' {
        $keys = @("${prefix}k", "${prefix}K") | ForEach-Object { [pscustomobject]@{ Key = $_ } }
        ($keys | New-S3MultipartUpload @to).Key | Should -BeExactly "${prefix}k", "${prefix}K"
        (New-S3MultipartUpload @to "${prefix}k").Key | Should -BeExactly "${prefix}k"
        (Get-StoredUpload $bucket "${prefix}k").Count | Should -Be 2
    }

    It 'may have 1,024 bytes of UTF-8 and not one more' {
        $most = $prefix + [string]::new('é', (1024 - $prefix.Length - 1) / 2)
        $most += 'x' * (1024 - [Text.Encoding]::UTF8.GetByteCount($most))
        (New-S3MultipartUpload @to $most).Key | Should -BeExactly $most
        $run = Watch-Run { New-S3MultipartUpload @to ($most + 'x') }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'KeyOutOfRange'
        $run.Requests | Should -BeNullOrEmpty
    }
}
