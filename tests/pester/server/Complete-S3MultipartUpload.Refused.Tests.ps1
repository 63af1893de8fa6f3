param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $at = @{ EndpointUrl = $Server.Http }
    $path = Join-Path $TestDrive 'three parts.bin'
    New-TestFile $path (10MB + 7)
    $even = "$TestDrive/three equal parts.bin"
    New-TestFile $even 15MB

    function New-Upload([hashtable] $With = @{ LiteralPath = $path; PartSize = 5MB }) {
        New-S3MultipartUpload @to @With -Key ([Guid]::NewGuid().ToString('n'))
    }

    function Find-Upload($Upload) { Get-S3MultipartUpload @to -Key $Upload.Key -UploadId $Upload.UploadId }

    function Assert-Refused($Run, $Upload, [string] $ErrorName, [string] $Category) {
        $Run.Thrown | Should -BeNullOrEmpty
        $Run.Output | Should -BeNullOrEmpty
        $Run.Errors | Should -HaveCount 1
        Get-ErrorName $Run.Errors[0] | Should -BeExactly $ErrorName
        $Run.Errors[0].CategoryInfo.Category | Should -Be $Category
        $Run.Errors[0].TargetObject | Should -BeExactly "s3://$bucket/$($Upload.Key)"
        Get-ObjectHash $Server.Http $bucket $Upload.Key | Should -BeNullOrEmpty
        (Get-StoredUpload $bucket $Upload.Key).UploadId | Should -BeExactly $Upload.UploadId
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Complete-S3MultipartUpload on <Server.Name> refuses' -ForEach @{ Server = $Server } {
    It 'an upload of which part <Missing> is missing, and names it' -ForEach @{ Missing = 1 }, @{ Missing = 2 }, @{ Missing = 3 } {
        $upload = New-Upload
        $parts = $upload | Add-S3UploadPart -PartNumber (1..3 -ne $Missing)
        $run = Watch-Run { $parts | Complete-S3MultipartUpload }
        Assert-Refused $run $upload 'UploadIncomplete' 'InvalidOperation'
        "$($run.Errors[0])" | Should -BeLike "*part $Missing of 3 is missing*"
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'the rest of the parts when one is missing among those found in the bucket' {
        $upload = New-Upload
        $null = $upload | Add-S3UploadPart -PartNumber 1, 3
        $run = Watch-Run { Find-Upload $upload | Complete-S3MultipartUpload }
        Assert-Refused $run $upload 'UploadIncomplete' 'InvalidOperation'
        "$($run.Errors[0])" | Should -BeLike '*part 2 is missing*'
    }

    It 'parts with a number of their plan that come without the last one, read back from a file' {
        $upload = New-Upload
        $parts = $upload | Add-S3UploadPart -PartNumber 1, 2 | ConvertTo-Csv | ConvertFrom-Csv
        $run = Watch-Run { $parts | Complete-S3MultipartUpload }
        Assert-Refused $run $upload 'UploadIncomplete' 'InvalidOperation'
        "$($run.Errors[0])" | Should -BeLike '*part 3 of 3 is missing*'
    }

    It 'an upload of this process that holds none of its parts, some, or those of another size' {
        $upload = New-Upload
        Assert-Refused (Watch-Run { $upload | Complete-S3MultipartUpload }) $upload 'UploadIncomplete' 'InvalidOperation'
        $null = $upload | Add-S3UploadPart -PartNumber 1
        Assert-Refused (Watch-Run { $upload | Complete-S3MultipartUpload }) $upload 'UploadIncomplete' 'InvalidOperation'
    }

    It 'an upload without parts, found in the bucket or named by its id' {
        $upload = New-Upload
        $run = Watch-Run { Find-Upload $upload | Complete-S3MultipartUpload }
        Assert-Refused $run $upload 'UploadIncomplete' 'InvalidOperation'
        "$($run.Errors[0])" | Should -BeLike '*no parts*'
        Assert-Refused (Watch-Run {
            Complete-S3MultipartUpload $bucket $upload.Key $upload.UploadId @at
        }) $upload 'UploadIncomplete' 'InvalidOperation'
    }

    It 'a file of which a part failed' {
        # The file shrinks once the first part is stored, so that a later one fails.
        Copy-Item $path "$path.copy"
        $upload = New-Upload @{ LiteralPath = "$path.copy"; PartSize = 5MB }
        $run = Watch-Run {
            $upload | Add-S3UploadPart -ThrottleLimit 1 | ForEach-Object {
                $stream = [IO.File]::Open("$path.copy", 'Open', 'Write', 'ReadWrite')
                $stream.SetLength(6MB)
                $stream.Dispose()
                $_
            } | Complete-S3MultipartUpload
        }
        $run.Output | Should -BeNullOrEmpty
        ($run.Errors | ForEach-Object { Get-ErrorName $_ }) | Should -BeExactly 'FileChanged', 'UploadIncomplete'
        "$($run.Errors[1])" | Should -BeLike '*a part of it failed*'
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeNullOrEmpty
    }

    It 'a stream of which a part failed' -Tag NeedsGoneUpload {
        $upload = New-Upload @{}
        $bytes = New-TestBytes 5MB
        # Another session stops the upload once the first part is stored, so that the rest of the stream fails.
        $stop = @{
            Endpoint = $Server.Http
            Method = 'DELETE'
            Bucket = $bucket
            Key = $upload.Key
            Query = @{ uploadId = $upload.UploadId }
        }
        $run = Watch-Run {
            1..4 | ForEach-Object { , $bytes } | Add-S3UploadPart $upload -PartSize 5MB -ThrottleLimit 1 | ForEach-Object {
                if ($_.PartNumber -eq 1) { $null = Invoke-S3 $stop }
                $_
            } | Complete-S3MultipartUpload
        }
        $run.Output | Should -BeNullOrEmpty
        ($run.Errors | ForEach-Object { Get-ErrorName $_ }) | Should -BeExactly 'NoSuchUpload', 'UploadIncomplete'
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeNullOrEmpty
    }

    It 'a stream that is still open, from an upload of the same process' {
        $upload = New-Upload @{}
        $out = [IO.Pipes.AnonymousPipeServerStream]::new('Out')
        $in = [IO.Pipes.AnonymousPipeClientStream]::new('In', $out.ClientSafePipeHandle)
        $sender = [PowerShell]::Create().AddScript({
            param($module, $upload, $in)
            Import-Module $module
            Add-S3UploadPart $upload -InputStream $in -PartSize 5MB
        })
        $sender = $sender.AddArgument((Join-Path $ModulePath 'S3Multipart.psd1')).AddArgument($upload).AddArgument($in)
        try {
            $sending = $sender.BeginInvoke()
            # More than a part, so that the first is stored while the stream continues.
            $out.Write((New-TestBytes 6MB), 0, 6MB)
            $clock = [Diagnostics.Stopwatch]::StartNew()
            while (-not (Get-StoredPart $upload) -and $clock.Elapsed.TotalSeconds -lt 20) { [Threading.Thread]::Sleep(20) }
            Get-StoredPart $upload | Should -HaveCount 1
            Assert-Refused (Watch-Run {
                $upload | Complete-S3MultipartUpload -MpuObjectSize 5MB
            }) $upload 'UploadIncomplete' 'InvalidOperation'
            $out.Dispose()
            $parts = $sender.EndInvoke($sending)
        }
        finally { $out.Dispose(); $in.Dispose(); $sender.Dispose() }
        ($parts | Complete-S3MultipartUpload).Size | Should -Be 6MB
    }

    It 'equal parts found in the bucket, until it is told the size of the object' {
        $upload = New-Upload @{ LiteralPath = $even; PartSize = 5MB }
        $null = $upload | Add-S3UploadPart -PartNumber 1, 2
        $run = Watch-Run { Find-Upload $upload | Complete-S3MultipartUpload }
        Assert-Refused $run $upload 'UploadSizeUnknown' 'InvalidOperation'
        Get-ErrorText $run.Errors[0] | Should -BeLike '*-MpuObjectSize*'
        Assert-Refused (Watch-Run {
            Get-S3UploadPart -Upload (Find-Upload $upload) | Complete-S3MultipartUpload
        }) $upload 'UploadSizeUnknown' 'InvalidOperation'
        Assert-Refused (Watch-Run {
            Complete-S3MultipartUpload $bucket $upload.Key $upload.UploadId @at
        }) $upload 'UploadSizeUnknown' 'InvalidOperation'

        $null = $upload | Add-S3UploadPart -PartNumber 3
        (Find-Upload $upload | Complete-S3MultipartUpload -MpuObjectSize '15MB').Size | Should -Be 15MB
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-FileHash $even).Hash
    }

    It 'equal parts that were listed, when they come back from <How>' -ForEach @(
        @{ How = 'JSON'; Pass = { $args[0] | ConvertTo-Json | ConvertFrom-Json } }
        @{ How = 'CSV'; Pass = { $args[0] | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'Clixml'; Pass = { Copy-AsText $args[0] } }
    ) {
        $upload = New-Upload @{ LiteralPath = $even; PartSize = 5MB }
        $null = $upload | Add-S3UploadPart -PartNumber 1, 2
        $parts = & $Pass @($upload | Get-S3UploadPart)
        Assert-Refused (Watch-Run { $parts | Complete-S3MultipartUpload }) $upload 'UploadSizeUnknown' 'InvalidOperation'
    }

    It 'the first parts of a stream, when they come back from another process without the last' {
        $upload = New-Upload @{}
        $parts = Add-S3UploadPart $upload -InputStream ([IO.MemoryStream]::new((New-TestBytes 11MB))) -PartSize 5MB |
            ConvertTo-Json | ConvertFrom-Json
        $first = $parts | Where-Object PartNumber -LT 3
        Assert-Refused (Watch-Run { $first | Complete-S3MultipartUpload }) $upload 'UploadSizeUnknown' 'InvalidOperation'
        ($parts | Complete-S3MultipartUpload).Size | Should -Be 11MB
    }

    It 'parts that have not the size given' -ForEach @{ Size = 10MB + 6 }, @{ Size = 10MB + 8 }, @{ Size = 0 } {
        $upload = New-Upload
        $parts = $upload | Add-S3UploadPart
        $run = Watch-Run { $parts | Complete-S3MultipartUpload -MpuObjectSize $Size }
        Assert-Refused $run $upload 'SizeMismatch' 'InvalidData'
        $run.Requests | Should -BeNullOrEmpty
        Assert-Refused (Watch-Run {
            Find-Upload $upload | Complete-S3MultipartUpload -MpuObjectSize $Size
        }) $upload 'SizeMismatch' 'InvalidData'
    }

    It 'a middle part that is too small, in S3''s words' {
        $upload = New-Upload @{}
        $parts = 1, 2 | ForEach-Object { Add-S3UploadPart $upload -Value (New-TestBytes 100) -PartNumber $_ }
        $run = Watch-Run { $parts | Complete-S3MultipartUpload }
        Assert-Refused $run $upload 'EntityTooSmall' 'LimitsExceeded'
        $run.Errors[0].Exception.StatusCode | Should -Be 'BadRequest'
        $run.Errors[0].Exception.RequestId | Should -Not -BeNullOrEmpty
    }

    It 'a part that has been replaced since, in S3''s words' {
        $upload = New-Upload @{}
        $part = Add-S3UploadPart $upload -Value (New-TestBytes 100) -PartNumber 1
        $null = Add-S3UploadPart $upload -Value (New-TestBytes 200) -PartNumber 1
        Assert-Refused (Watch-Run { $part | Complete-S3MultipartUpload }) $upload 'InvalidPart' 'InvalidData'
    }

    It 'what is neither part nor upload' -ForEach @{ Not = 'text' }, @{ Not = @{ BucketName = 'b'; Key = 'k' } }, @{ Not = 7 } {
        $run = Watch-Run { $Not | Complete-S3MultipartUpload }
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'one upload, and resumes the next' {
        $bad = New-Upload
        $good = New-Upload
        $parts = @($bad | Add-S3UploadPart -PartNumber 1, 2) + @($good | Add-S3UploadPart)
        $run = Watch-Run { $parts | Complete-S3MultipartUpload }
        $run.Output.Key | Should -BeExactly $good.Key
        $run.Errors | Should -HaveCount 1
        $run.Errors[0].TargetObject | Should -BeExactly "s3://$bucket/$($bad.Key)"
    }
}

Describe 'Complete-S3MultipartUpload on <Server.Name>, on conditions' -ForEach @{ Server = $Server } {
    BeforeEach {
        $key = [Guid]::NewGuid().ToString('n')
        $bytes = New-TestBytes 100
        $upload = New-S3MultipartUpload @to -Key $key
        $part = Add-S3UploadPart $upload -Value $bytes -PartNumber 1
    }

    It 'completes with -NoClobber where there is no object yet' {
        ($part | Complete-S3MultipartUpload -NoClobber).Size | Should -Be 100
    }

    It 'overwrites no object with -NoClobber' {
        Set-TestObject $Server.Http $bucket $key ([byte[]](1, 2, 3))
        $run = Watch-Run { $part | Complete-S3MultipartUpload -NoClobber }
        $run.Output | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'PreconditionFailed'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        $run.Errors[0].Exception.StatusCode | Should -Be 'PreconditionFailed'
        Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-ByteHash ([byte[]](1, 2, 3)))
        (Get-StoredUpload $bucket $key).UploadId | Should -BeExactly $upload.UploadId
    }

    It 'replaces no object with -IfMatch that has another ETag' {
        $old = [byte[]](1, 2, 3)
        Set-TestObject $Server.Http $bucket $key $old
        $run = Watch-Run { $part | Complete-S3MultipartUpload -IfMatch (Get-ETag ([byte[]](9))) }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'PreconditionFailed'
        Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-ByteHash $old)
    }

    It 'replaces nothing with -IfMatch where no object is, which is NoSuchKey, and the upload stays' {
        $run = Watch-Run { $part | Complete-S3MultipartUpload -IfMatch (Get-ETag ([byte[]](9))) }
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'NoSuchKey'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        (Get-StoredUpload $bucket $key).UploadId | Should -BeExactly $part.UploadId
    }

    It 'replaces with -IfMatch the object that has that ETag' {
        $old = [byte[]](1, 2, 3)
        Set-TestObject $Server.Http $bucket $key $old
        ($part | Complete-S3MultipartUpload -IfMatch (Get-ETag $old)).Size | Should -Be 100
        Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'takes no -IfMatch together with -NoClobber, of which one could never hold' {
        $run = Watch-Run { $part | Complete-S3MultipartUpload -NoClobber -IfMatch '"x"' }
        $run.Thrown | Should -Not -BeNullOrEmpty
        $run.Requests | Should -BeNullOrEmpty
    }
}
