param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $at = @{ EndpointUrl = $Server.Http }
    $to = @{ BucketName = $bucket } + $at
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'New-S3MultipartUpload on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach {
        $folder = New-TestFolder
        $prefix = [Guid]::NewGuid().ToString('n') + '/'
    }

    Describe 'from files' {
        It 'tells all there is to know about the upload of a file' {
            New-TestFile "$folder/a file.bin" 1000
            $upload = Get-Item "$folder/a file.bin" | New-S3MultipartUpload @to -KeyPrefix $prefix

            $upload | Should -BeOfType ([S3Multipart.MultipartUpload])
            $upload.BucketName | Should -BeExactly $bucket
            $upload.Key | Should -BeExactly "${prefix}a file.bin"
            $upload.UploadId | Should -BeExactly (Get-StoredUpload $bucket $prefix).UploadId
            $upload.Region | Should -BeExactly 'us-east-1'
            $upload.EndpointUrl | Should -BeExactly $Server.Http
            $upload.LiteralPath | Should -BeExactly (Get-Item "$folder/a file.bin").FullName
            $upload.Length | Should -Be 1000
            $upload.PartSize | Should -Be 16MB
            $upload.ChecksumAlgorithm | Should -BeExactly 'CRC64NVME'
            $upload.ChecksumType | Should -BeExactly 'FULL_OBJECT'
            $upload.BucketType | Should -Be 'General purpose'
            $upload.Initiated.Kind | Should -Be 'Utc'
            $upload.Initiated | Should -BeGreaterThan ([DateTime]::UtcNow.AddMinutes(-5))
            $upload.Initiated | Should -Not -BeGreaterThan ([DateTime]::UtcNow)
            # Amazon S3 tells the encryption that it applies to everything.
            $upload.Encryption | Should -BeExactly $(if (-not $Server.Lacks.SseS3) { 'AES256' })
            foreach ($name in 'ProfileName', 'AbortDate', 'AbortRuleId', 'StorageClass', 'PartCount', 'StoredBytes', 'Parts') {
                $upload.$name | Should -BeNullOrEmpty -Because $name
            }

            "$upload" | Should -BeExactly "s3://$bucket/${prefix}a file.bin"
        }

        It 'emits the uploads in the order of the input' {
            $names = 1..40 | ForEach-Object { '{0:d2}.bin' -f (($_ * 17) % 41) }
            foreach ($name in $names) { New-TestFile "$folder/$name" 10 }
            $uploads = $names | ForEach-Object { Get-Item "$folder/$_" } | New-S3MultipartUpload @to -KeyPrefix $prefix
            $uploads.Key | Should -BeExactly ($names | ForEach-Object { $prefix + $_ })
            (Get-StoredUpload $bucket $prefix).Count | Should -Be 40
        }

        It 'binds the file from a property <Property> of any object' -ForEach @(
            @{ Property = 'PSPath'; Before = 'Microsoft.PowerShell.Core\FileSystem::' }
            @{ Property = 'FullName'; Before = '' }
            @{ Property = 'LiteralPath'; Before = '' }
        ) {
            New-TestFile "$folder/one.bin" 10
            $upload = [pscustomobject]@{ $Property = "$Before$folder/one.bin" } | New-S3MultipartUpload @to -KeyPrefix $prefix
            $upload.Key | Should -BeExactly "${prefix}one.bin"
            $upload.LiteralPath | Should -BeExactly (Join-Path $folder one.bin)
        }

        It 'takes bucket, key and file from the rows of a table' {
            New-TestFile "$folder/1.bin" 10
            New-TestFile "$folder/2.bin" 20
            $other = New-TestBucket $Server.Http
            try {
                $rows = "BucketName,Key,FullName", "$bucket,${prefix}one,$folder/1.bin", "$other,${prefix}one,$folder/2.bin" |
                    ConvertFrom-Csv
                $uploads = $rows | New-S3MultipartUpload @at
                $uploads.BucketName | Should -BeExactly $bucket, $other
                $uploads.Key | Should -BeExactly "${prefix}one", "${prefix}one"
                $uploads.ForEach('Length') | Should -Be 10, 20
                (Get-StoredUpload $other).Key | Should -BeExactly "${prefix}one"
            }
            finally { Remove-TestBucket $Server.Http $other }
        }

        It 'takes a relative path from the current location of the session' {
            New-TestFile "$folder/here.bin" 10
            Push-Location $folder
            try { $upload = New-S3MultipartUpload @to -KeyPrefix $prefix -LiteralPath here.bin }
            finally { Pop-Location }
            $upload.LiteralPath | Should -BeExactly (Join-Path $folder here.bin)
        }

        It 'takes -LiteralPath as it is, and expands wildcards in -Path' {
            foreach ($name in 'x1.bin', 'x2.bin', 'x[12].bin', 'y.txt') { New-TestFile "$folder/$name" 10 }
            $by = {
                param($how)
                New-S3MultipartUpload @to @how -KeyPrefix $prefix | ForEach-Object { $_.Key.Substring($prefix.Length) } | Sort-Object
            }

            & $by @{ LiteralPath = "$folder/x[12].bin" } | Should -BeExactly 'x[12].bin'
            & $by @{ LiteralPath = "$folder/x1.bin", "$folder/y.txt" } | Should -BeExactly 'x1.bin', 'y.txt'
            & $by @{ Path = "$folder/x[12].bin" } | Should -BeExactly 'x1.bin', 'x2.bin'
            & $by @{ Path = "$folder/*.bin", "$folder/y*" } | Should -BeExactly 'x[12].bin', 'x1.bin', 'x2.bin', 'y.txt'
            & $by @{ Path = [WildcardPattern]::Escape("$folder/x[12].bin") } | Should -BeExactly 'x[12].bin'
        }

        It 'finds nothing by a wildcard without complaint, and complains of a plain name that is not there' {
            $none = Watch-Run { New-S3MultipartUpload @to -KeyPrefix $prefix -Path "$folder/*.bin" }
            $none.Output + $none.Errors | Should -BeNullOrEmpty
            $missing = Watch-Run { New-S3MultipartUpload @to -KeyPrefix $prefix -Path "$folder/a.bin" }
            $missing.Thrown | Should -BeNullOrEmpty
            Get-ErrorName $missing.Errors[0] | Should -BeExactly 'FileNotFound'
        }

        It 'continues after a file that is missing, is a folder, or whose key cannot be made' {
            New-TestFile "$folder/1.bin" 10
            New-TestFile "$folder/2.bin" 10
            New-TestFile "$folder/3.bin" 10
            $null = New-Item -ItemType Directory "$folder/sub"
            $inputs = "$folder/1.bin", "$folder/gone.bin", "$folder/sub", "$folder/2.bin", "$folder/3.bin" |
                ForEach-Object { [pscustomobject]@{ FullName = $_ } }
            $run = Watch-Run {
                $inputs | New-S3MultipartUpload @to -Key { if ($_.FullName -like '*2.bin') { throw 'no key' } $prefix + $_.FullName[-5] }
            }

            $run.Thrown | Should -BeNullOrEmpty
            $run.Output.Key | Should -BeExactly "${prefix}1", "${prefix}3"
            $run.Errors | Should -HaveCount 3
            ($run.Errors | ForEach-Object { Get-ErrorName $_ }) |
                Should -BeExactly 'FileNotFound', 'PathIsFolder', 'ScriptBlockArgumentInvocationFailed'
            $run.Errors[0].TargetObject | Should -BeExactly (Join-Path $folder gone.bin)
            $run.Errors[1].TargetObject | Should -BeExactly (Join-Path $folder sub)
            (Get-StoredUpload $bucket $prefix).Key | Sort-Object | Should -BeExactly "${prefix}1", "${prefix}3"
        }

        It 'takes piped text for paths as they are written' {
            foreach ($name in 'one.bin', '[1].bin') { New-TestFile "$folder/$name" 10 }
            $uploads = "$folder/one.bin", "$folder/[1].bin" | New-S3MultipartUpload @to -KeyPrefix $prefix
            $uploads.Key | Should -BeExactly "${prefix}one.bin", "${prefix}[1].bin"
            $uploads.LiteralPath | Should -BeExactly (Join-Path $folder one.bin), (Join-Path $folder '[1].bin')
            $run = Watch-Run { "$folder/*.bin" | New-S3MultipartUpload @to -KeyPrefix $prefix }
            $run.Output | Should -BeNullOrEmpty
            # To Windows this is no name of a file.
            Get-ErrorName $run.Errors[0] | Should -BeExactly ($IsWindows ? 'PathInvalid' : 'FileNotFound')
        }

        It 'takes the lines of a file for paths, and not the path of that file that each line carries' {
            New-TestFile "$folder/one.bin" 10
            Set-Content "$folder/list.txt" "$folder/one.bin", "$folder/none.bin"
            $run = Watch-Run { Get-Content "$folder/list.txt" | New-S3MultipartUpload @to -Key { $prefix + 'by-script' } }
            $run.Output.LiteralPath | Should -BeExactly (Join-Path $folder one.bin)
            $run.Output.Key | Should -BeExactly "${prefix}by-script"
            $run.Errors.TargetObject | Should -BeExactly (Join-Path $folder none.bin)
        }

        It 'binds no object without a file by accident' {
            $run = Watch-Run {
                7, (Get-Process -Id $PID), @{ a = 1 }, [pscustomobject]@{ Name = 'x'; Directory = $folder } |
                    New-S3MultipartUpload @to -Key "${prefix}k"
            }
            $run.Output | Should -BeNullOrEmpty
            $run.Errors | ForEach-Object { Get-ErrorName $_ } | Should -BeExactly (@('InputObjectNotBound') * 4)
            Get-StoredUpload $bucket $prefix | Should -BeNullOrEmpty
        }
    }

    Describe 'and its part size' {
        It 'chooses <Chosen> for <Length> bytes' -ForEach @(
            @{ Length = 0; Chosen = 16MB }
            @{ Length = 17MB; Chosen = 16MB }
            @{ Length = 160000MB; Chosen = 16MB }
            @{ Length = 160000MB + 1; Chosen = 17MB }
            @{ Length = 200GB; Chosen = 21MB }
        ) {
            $stream = [IO.File]::Create("$folder/sparse.bin")
            try { $stream.SetLength($Length) } finally { $stream.Dispose() }
            $upload = Get-Item "$folder/sparse.bin" | New-S3MultipartUpload @to -KeyPrefix $prefix
            $upload.Length | Should -Be $Length
            $upload.PartSize | Should -Be $Chosen
        }

        It 'takes <Asked> as it is asked' -ForEach @(
            @{ Asked = 5MB; Size = 5MB }
            @{ Asked = 5242881; Size = 5242881 }
            @{ Asked = '64MB'; Size = 64MB }
            @{ Asked = '6 MiB'; Size = 6MB }
            @{ Asked = '1.5gb'; Size = 1.5GB }
            @{ Asked = '5G'; Size = 5GB }
            @{ Asked = '7340032'; Size = 7MB }
        ) {
            (New-S3MultipartUpload @to "${prefix}k" -PartSize $Asked).PartSize | Should -Be $Size
        }

        It 'refuses <Asked>, which is no size' -ForEach @(@{ Asked = '64XB' }, @{ Asked = '6,5MB' }, @{ Asked = '-5MB' }, @{ Asked = '' }) {
            $run = Watch-Run { New-S3MultipartUpload @to "${prefix}k" -PartSize $Asked }
            Get-ErrorName $run.Thrown | Should -BeExactly 'ParameterArgumentTransformationError'
            Get-StoredUpload $bucket $prefix | Should -BeNullOrEmpty
        }
    }

    Describe 'with -WhatIf' {
        It 'sends nothing and emits nothing' {
            New-TestFile "$folder/1.bin" 10
            $run = Watch-Run { Get-ChildItem $folder -File | New-S3MultipartUpload @to -KeyPrefix $prefix -WhatIf }
            $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
            Get-SentRequest { Get-ChildItem $folder -File | New-S3MultipartUpload @to -KeyPrefix $prefix -WhatIf } | Should -BeNullOrEmpty
            Get-SentRequest { Get-ChildItem $folder -File | New-S3MultipartUpload @to -KeyPrefix $prefix } | Should -HaveCount 1
        }

        It 'still refuses what would be refused' {
            $run = Watch-Run { New-S3MultipartUpload @to -LiteralPath "$folder/gone.bin" -WhatIf }
            Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileNotFound'
        }
    }
}
