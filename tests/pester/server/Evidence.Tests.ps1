param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $isCeph = $Server.Name -eq 'Ceph'
    $path = "$TestDrive/evidence.bin"
    New-TestFile $path (10MB + 7)
    $hash = (Get-FileHash $path).Hash

    function Get-Warning($Run) { @($Run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object Message) }
    function Get-Done($Run) { @($Run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] }) }
}

Describe 'The evidence of an object on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll {
        $bucket = New-TestBucket $Server.Http
        $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http; PartSize = 5MB }
    }

    AfterAll { Remove-TestBucket $Server.Http $bucket }

    It 'is the checksum of the whole, or what the parts'' ETags make where the store has none' -Tag NeedsPartChecksum {
        $done = Get-Item $path | New-S3MultipartUpload @to | Add-S3UploadPart | Complete-S3MultipartUpload -Verify
        $done.Evidence | Should -BeExactly $(if ($isCeph) { 'ETag' } else { 'CRC64NVME' })
        (Copy-AsText $done).Evidence | Should -BeExactly $done.Evidence
        $done = Get-Item $path | New-S3MultipartUpload @to -RequestChecksumCalculation WhenRequired | Add-S3UploadPart |
            Complete-S3MultipartUpload -Verify
        $done.Evidence | Should -BeExactly 'ETag'
        $done.ETag | Should -BeLike '"*-3"'
    }

    It 'is named composite where it is a checksum of checksums' -Tag NeedsChecksum {
        $done = Get-Item $path | New-S3MultipartUpload @to -ChecksumAlgorithm SHA256 | Add-S3UploadPart | Complete-S3MultipartUpload
        $done.Evidence | Should -BeExactly 'SHA256 composite'
    }

    It 'shows on each part what the store confirmed, and goes through Clixml' -Tag NeedsPartChecksum {
        $upload = Get-Item $path | New-S3MultipartUpload @to -Key parts
        $parts = @($upload | Add-S3UploadPart)
        @($parts | ForEach-Object { "$($_.Evidence)" }) | Should -Be (@($(if ($isCeph) { '' } else { 'CRC64NVME' })) * 3)
        $done = Copy-AsText $parts | Complete-S3MultipartUpload -MpuObjectSize (10MB + 7)
        $done.Evidence | Should -BeExactly $(if ($isCeph) { 'ETag' } else { 'CRC64NVME' })
        $plain = @{ RequestChecksumCalculation = 'WhenRequired' }
        $parts = @(Get-Item $path | New-S3MultipartUpload @to @plain -Key parts2 | Add-S3UploadPart -ContentMD5)
        $parts.Evidence | Should -Be 'ETag', 'ETag', 'ETag'
    }

    It 'needs no look at the object where the response tells' -Tag NeedsChecksum {
        foreach ($with in @{}, @{ RequestChecksumCalculation = 'WhenRequired' }) {
            $run = Watch-Wire { Get-Item $path | New-S3MultipartUpload @to @with | Add-S3UploadPart | Complete-S3MultipartUpload }
            @($run.Requests | Where-Object operation -EQ 'HeadObject') | Should -BeNullOrEmpty
        }
    }

    It 'lets -NoClobber and -IfMatch replace nothing, on a store that ignores them too' {
        Set-TestObject $Server.Http $bucket there ([byte[]](1, 2, 3))
        $parts = @(Get-Item $path | New-S3MultipartUpload @to -Key there | Add-S3UploadPart)
        foreach ($condition in @{ NoClobber = $true }, @{ IfMatch = Get-ETag ([byte[]](9)) }) {
            $run = Watch-Run { $parts | Complete-S3MultipartUpload @condition }
            Get-ErrorName $run.Errors[0] | Should -BeExactly 'PreconditionFailed'
            $run.Errors[0].Exception | Should -BeOfType ([S3Multipart.PreconditionFailedException])
            Get-ObjectHash $Server.Http $bucket there | Should -BeExactly (Get-ByteHash ([byte[]](1, 2, 3)))
            Get-StoredUpload $bucket there | Should -HaveCount 1
        }

        ($parts | Complete-S3MultipartUpload -IfMatch (Get-ETag ([byte[]](1, 2, 3)))).Size | Should -Be (10MB + 7)
    }

    It 'does not take another''s object for the one that -NoClobber was refused' -Tag NeedsFaults {
        $null = Get-Item $path | New-S3MultipartUpload @to -Key same | Add-S3UploadPart | Complete-S3MultipartUpload
        $parts = @(Get-Item $path | New-S3MultipartUpload @to -Key same | Add-S3UploadPart)
        # The look before Complete is kept from seeing the object, as by a right that is missing.
        Set-LocalS3Fault $Server.Http @{ operation = 'HeadObject'; nth = 1; action = 'error'; code = 'AccessDenied'; status = 403 },
            @{ operation = 'CompleteMultipartUpload'; nth = 1; action = 'error'; code = 'InternalError'; status = 500 }
        try { $run = Watch-Run { $parts | Complete-S3MultipartUpload -NoClobber } } finally { Set-LocalS3Fault $Server.Http }
        Get-Done $run | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'PreconditionFailed'
        Get-StoredUpload $bucket same | Should -HaveCount 1
    }
}

Describe 'A store that confirms nothing, or lies' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    BeforeAll {
        $silent = Start-TestServer LocalS3 -Option '--store', 'unconfirming'
        $at = $silent.Http
        $bucket = New-TestBucket $at
        $to = @{ BucketName = $bucket; EndpointUrl = $at; PartSize = 5MB }

        function Invoke-Lie([hashtable[]] $Fault, [hashtable] $Add = @{}, [hashtable] $Complete = @{}, [hashtable] $New = @{}) {
            Set-LocalS3Fault $at $Fault
            try {
                Watch-Run {
                    Get-Item $path | New-S3MultipartUpload @to @New | Add-S3UploadPart @Add -MaxRetry 2 |
                        Complete-S3MultipartUpload @Complete -MaxRetry 2
                }
            }
            finally { Set-LocalS3Fault $at }
        }
    }

    AfterAll { $silent | Stop-TestServer }

    AfterEach { Get-S3MultipartUpload $bucket -EndpointUrl $at | Stop-S3MultipartUpload -Force -EndpointUrl $at }

    It 'that flips a byte is found out by -Verify, and by -ContentMD5' {
        $flip = @{ operation = 'UploadPart'; partNumber = 2; action = 'flip'; after = 4711 }
        $run = Invoke-Lie $flip -Complete @{ Verify = $true }
        Get-Done $run | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'VerifyDiffers'
        "$($run.Errors[0])" | Should -Match 'part 2'
        $run = Invoke-Lie $flip -Add @{ ContentMD5 = $true }
        Get-Done $run | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ChecksumMismatch'
    }

    It 'is proven by its ETags where it is honest' {
        $run = Invoke-Lie -Complete @{ Verify = $true }
        $run.Errors | Should -BeNullOrEmpty
        (Get-Done $run).Evidence | Should -BeExactly 'ETag'
    }

    It 'cannot be verified where its ETags are no MD5s' {
        $run = Invoke-Lie @{ operation = 'UploadPart'; action = 'opaque-etag' } -Complete @{ Verify = $true }
        Get-Done $run | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'VerifyImpossible'
    }

    It 'that makes an empty object of the parts is not called done' {
        $run = Invoke-Lie @{ operation = 'CompleteMultipartUpload'; action = 'drop-all-parts' }
        Get-Done $run | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ObjectDiffers'
        Get-ErrorText $run.Errors[0] | Should -BeLike '*0 parts*WhenRequired*'
    }

    It 'that leaves a part out is not called done, whether its ETags tell it or only the size' {
        foreach ($also in @(), @{ operation = 'HeadObject'; action = 'opaque-etag' }) {
            $faults = @{ operation = 'CompleteMultipartUpload'; action = 'drop-last-part' }, $also | Where-Object { $_ }
            (Get-ErrorName (Invoke-Lie $faults).Errors[0]) | Should -BeExactly 'ObjectDiffers'
        }
    }

    It 'that answers before it has the part has not stored it' {
        # The sockets hold what is left of a small part, so that only -Verify can tell.
        $run = Invoke-Lie @{ operation = 'UploadPart'; partNumber = 3; action = 'early'; after = 3 } -Complete @{ Verify = $true }
        Get-Done $run | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'VerifyDiffers'
    }

    It 'whose response to Complete tells nothing is looked at once' {
        $run = Invoke-Lie @{ operation = 'CompleteMultipartUpload'; action = 'no-etag' } -Complete @{ Verify = $true; Verbose = $true }
        (Get-Done $run).Evidence | Should -BeExactly 'ETag'
        (Get-Done $run).ETag | Should -BeLike '"*-3"'
        @($run.Requests -match '^HeadObject') | Should -HaveCount 1
        $run = Invoke-Lie @{ operation = 'CompleteMultipartUpload'; action = 'no-etag' },
            @{ operation = 'HeadObject'; action = 'error'; code = 'AccessDenied'; status = 403 }
        Get-Done $run | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'CompletionUnknown'
    }

    It 'that tells the size alone is warned of once, and is no success with -Verify' {
        $opaque = @{ operation = 'CompleteMultipartUpload'; action = 'opaque-etag' }, @{ operation = 'HeadObject'; action = 'opaque-etag' }
        $run = Invoke-Lie $opaque
        (Get-Done $run).Evidence | Should -BeExactly 'Size'
        Get-Warning $run | Should -HaveCount 1
        Get-Warning $run | Should -BeLike "*$at*size*"
        Get-Warning (Invoke-Lie $opaque) | Should -BeNullOrEmpty
        $run = Invoke-Lie $opaque -Complete @{ Verify = $true }
        Get-Done $run | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'VerifyImpossible'
    }

    It 'that ignores conditions replaces nothing' {
        $old = [byte[]](1, 2, 3)
        Set-TestObject $at $bucket evidence.bin $old
        foreach ($condition in @{ NoClobber = $true }, @{ IfMatch = Get-ETag ([byte[]](9)) }) {
            $run = Invoke-Lie -Complete $condition
            Get-Done $run | Should -BeNullOrEmpty
            Get-ErrorName $run.Errors[0] | Should -BeExactly 'PreconditionFailed'
            Get-ObjectHash $at $bucket evidence.bin | Should -BeExactly (Get-ByteHash $old)
        }
    }

    It 'that names no encryption is warned of, and shows none' {
        $run = Invoke-Lie -New @{ SseS3 = $true }
        (Get-Warning $run) -like '*AES256*' | Should -HaveCount 1
        (Get-Done $run).Encryption | Should -BeNullOrEmpty
        $null = Get-Item $path | New-S3MultipartUpload @to | Add-S3UploadPart -PartNumber 1
        $run = Invoke-Lie -New @{ SseS3 = $true; Resume = $true }
        (Get-Warning $run) -like '*encrypted as requested could not be seen*' | Should -HaveCount 1
        Get-ObjectHash $at $bucket evidence.bin | Should -BeExactly $hash
    }
}
