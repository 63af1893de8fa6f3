param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'The pipeline on <Server.Name>' -ForEach @{ Server = $Server } {
    Describe 'over <Scheme>' -ForEach @(@{ Scheme = 'Http' }, @{ Scheme = 'Https' }) {
        BeforeAll { $at = @{ EndpointUrl = $Server.$Scheme } }

        BeforeEach { if (-not $Server.$Scheme) { Skip-Without Https } }

        It 'uploads files of every awkward size and name, each identical' {
            $folder = New-TestFolder
            New-TestFile (Join-Path $folder 'empty.bin') 0
            New-TestFile (Join-Path $folder 'one byte.bin') 1
            New-TestFile (Join-Path $folder 'a part.bin') 5MB
            New-TestFile (Join-Path $folder 'a part and a byte.bin') (5MB + 1)
            New-TestFile (Join-Path $folder 'three parts.bin') (12MB + 345)
            $names = 'a+b.bin', '100%.bin', 'x[1].bin', "it's.bin", 'üñí-日本.bin', 'dollar$x`y.bin', '%41.bin', 'a&b=c;d,e.bin'
            # Windows allows no such name.
            if (-not $IsWindows) { $names += 'quote".bin' }
            foreach ($name in $names) { New-TestFile (Join-Path $folder $name) 1000 }

            $prefix = "$Scheme/"
            $done = Get-ChildItem $folder -File | New-S3MultipartUpload -BucketName $bucket -KeyPrefix $prefix -PartSize 5MB @at |
                Add-S3UploadPart | Complete-S3MultipartUpload

            $done | Should -HaveCount ($names.Count + 5)
            foreach ($file in Get-ChildItem $folder -File) {
                $one = $done | Where-Object LiteralPath -EQ $file.FullName
                $one.Key | Should -BeExactly ($prefix + $file.Name)
                $one.Size | Should -Be $file.Length
                Get-ObjectHash $Server.Http $bucket $one.Key |
                    Should -Be (Get-FileHash -LiteralPath $file.FullName).Hash -Because $file.Name
            }
            Get-S3MultipartUpload $bucket @at | Should -BeNullOrEmpty
        }
    }
}
