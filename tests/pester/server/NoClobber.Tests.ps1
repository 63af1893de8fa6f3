param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $folder = New-TestFolder
    $path = Join-Path $folder file
    New-TestFile $path (5MB + 7)
    $old = [byte[]](1, 2, 3)

    function Get-Completed($Run) { @($Run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] }) }
}

Describe '-NoClobber of New-S3MultipartUpload on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll {
        $bucket = New-TestBucket $Server.Http
        $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http; PartSize = 5MB }
    }

    AfterAll { Remove-TestBucket $Server.Http $bucket }

    It 'begins nothing where an object has the key, and continues with the next file' {
        Set-TestObject $Server.Http $bucket there $old
        Copy-Item $path (Join-Path $folder there)
        Copy-Item $path (Join-Path $folder free)
        $run = Watch-Run {
            Get-Item "$folder/there", "$folder/free" | New-S3MultipartUpload @to -NoClobber -Verbose | Add-S3UploadPart |
                Complete-S3MultipartUpload
        }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ObjectExists'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        $run.Errors[0].TargetObject | Should -BeExactly "s3://$bucket/there"
        (Get-Completed $run).Key | Should -BeExactly 'free'
        @($run.Requests -like '*/there*') | Should -HaveCount 1
        $run.Requests -like '*/there*' | Should -BeLike 'HeadObject*'
        Get-ObjectHash $Server.Http $bucket there | Should -BeExactly (Get-ByteHash $old)
        Get-StoredUpload $bucket there | Should -BeNullOrEmpty
    }

    It 'finds the object before an upload to resume' {
        $null = New-S3MultipartUpload @to -Key resumed
        Set-TestObject $Server.Http $bucket resumed $old
        $run = Watch-Run { New-S3MultipartUpload @to -Key resumed -LiteralPath $path -Resume -NoClobber }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ObjectExists'
        $run.Output | Should -BeNullOrEmpty
        Get-StoredUpload $bucket resumed | Should -HaveCount 1
    }

    It 'is not read out of the word False in the row of a table' {
        $upload = New-S3MultipartUpload @to -Key row -LiteralPath $path
        $null = $upload | Add-S3UploadPart
        Set-TestObject $Server.Http $bucket row $old
        $row = $upload | ConvertTo-Csv | ConvertFrom-Csv
        $row.NoClobber, $row.IsUnchanged | Should -BeExactly 'False', 'False'
        ($row | Complete-S3MultipartUpload).Outcome | Should -BeExactly Uploaded
        Get-ObjectHash $Server.Http $bucket row | Should -Not -BeExactly (Get-ByteHash $old)
    }

    It 'is inherited by the completion, which replaces no object that has come meanwhile' {
        foreach ($how in 'part', 'upload', 'Clixml') {
            $key = "late-$how"
            $upload = New-S3MultipartUpload @to -Key $key -LiteralPath $path -NoClobber
            $upload.NoClobber | Should -BeTrue
            $parts = $upload | Add-S3UploadPart
            Set-TestObject $Server.Http $bucket $key $old
            $run = Watch-Run {
                switch ($how) {
                    'part' { $parts | Complete-S3MultipartUpload }
                    'upload' { $upload | Complete-S3MultipartUpload }
                    default { Copy-AsText $upload | Complete-S3MultipartUpload -EndpointUrl $Server.Http }
                }
            }
            Get-ErrorName $run.Errors[0] | Should -BeExactly 'PreconditionFailed' -Because $how
            Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-ByteHash $old)
            Get-StoredUpload $bucket $key | Should -HaveCount 1
        }
    }

    It 'is taken back by -NoClobber:$false at the completion' {
        $upload = New-S3MultipartUpload @to -Key back -LiteralPath $path -NoClobber
        Set-TestObject $Server.Http $bucket back $old
        ($upload | Add-S3UploadPart | Complete-S3MultipartUpload -NoClobber:$false).Size | Should -Be (5MB + 7)
        Get-ObjectHash $Server.Http $bucket back | Should -BeExactly (Get-FileHash $path SHA256).Hash
    }

    It 'gives way to -IfMatch at the completion' -Tag NeedsIfMatch {
        $upload = New-S3MultipartUpload @to -Key match -LiteralPath $path -NoClobber
        Set-TestObject $Server.Http $bucket match $old
        ($upload | Add-S3UploadPart | Complete-S3MultipartUpload -IfMatch (Get-ETag $old)).Size | Should -Be (5MB + 7)
    }

    It 'is in the line that resumes what failed' -Tag NeedsFaults {
        $file = Join-Path $folder failed
        Copy-Item $path $file
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; action = 'error'; code = 'AccessDenied'; status = 403 }
        try { $run = Watch-Run { Get-Item $file | New-S3MultipartUpload @to -NoClobber | Add-S3UploadPart } }
        finally { Set-LocalS3Fault $Server.Http }
        Get-ErrorText $run.Errors[0] | Should -BeLike '*| Complete-S3MultipartUpload -NoClobber*'
    }

    It 'leaves the last word to the store where the object may not be looked at' -Tag NeedsFaults {
        Set-TestObject $Server.Http $bucket hidden $old
        Set-LocalS3Fault $Server.Http @{ operation = 'HeadObject'; action = 'error'; code = 'AccessDenied'; status = 403 }
        try {
            $run = Watch-Run {
                New-S3MultipartUpload @to -Key hidden -LiteralPath $path -NoClobber | Add-S3UploadPart | Complete-S3MultipartUpload
            }
        }
        finally { Set-LocalS3Fault $Server.Http }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'PreconditionFailed'
        Get-ObjectHash $Server.Http $bucket hidden | Should -BeExactly (Get-ByteHash $old)
    }

    It 'sends nothing with -WhatIf' {
        Get-SentRequest { New-S3MultipartUpload @to -Key what -NoClobber -WhatIf } | Should -BeNullOrEmpty
    }
}
