param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $file = "$TestDrive/file.bin"

    # Other bytes, as many.
    function Set-OtherByte {
        $stream = [IO.File]::OpenWrite($file)
        $stream.Position = 7MB
        $stream.WriteByte(255)
        $stream.WriteByte(254)
        $stream.Dispose()
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'A file that changes after its upload has begun, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach {
        New-TestFile $file 12MB
        Get-S3MultipartUpload @to | Stop-S3MultipartUpload -Force
    }

    It 'is not mixed where its parts are sent one by one<How>' -ForEach @(
        @{ How = ''; Through = { $upload } }
        @{
            How     = ', though the upload went through Clixml'
            Through = { $upload | Export-Clixml "$TestDrive/u.xml"; Import-Clixml "$TestDrive/u.xml" }
        }
        @{ How = ', though the upload went through JSON'; Through = { $upload | ConvertTo-Json | ConvertFrom-Json } }
    ) {
        $upload = New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB
        $upload.FileLastWriteTime | Should -Be ([IO.File]::GetLastWriteTimeUtc($file))
        $first = & $Through | Add-S3UploadPart -PartNumber 1 -EndpointUrl $Server.Http
        $first | Should -HaveCount 1
        Set-OtherByte
        $run = Watch-Run { & $Through | Add-S3UploadPart -PartNumber 2, 3 -EndpointUrl $Server.Http }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileChanged'
        $run.Output | Should -BeNullOrEmpty
    }

    It 'is noticed though its time was put back' -Skip:(-not ($IsLinux -or $IsWindows)) {
        $upload = New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB
        $upload.FileChangeTime | Should -Not -BeNullOrEmpty
        $upload.FileChangeTime.Kind | Should -Be 'Utc'
        $before = [IO.File]::GetLastWriteTimeUtc($file)
        $null = $upload | Add-S3UploadPart -PartNumber 1
        Set-OtherByte
        [IO.File]::SetLastWriteTimeUtc($file, $before)
        $run = Watch-Run { $upload | Add-S3UploadPart -PartNumber 2, 3 }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileChanged'
        "$($run.Errors[0])" | Should -Match 'though its size and the time of its last write are as before'
    }

    It 'is sent as it is now by the same line with -Resume, in which only what differs goes again' {
        $null = New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB | Add-S3UploadPart -PartNumber 1, 2
        Set-OtherByte
        $parts = @(New-S3MultipartUpload @to -LiteralPath $file -Resume | Add-S3UploadPart)
        $parts | Where-Object Resumed | ForEach-Object PartNumber | Should -Be 1
        $null = $parts | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket 'file.bin' | Should -BeExactly (Get-FileHash $file).Hash
    }

    It 'may be a copy in another place, with times of its own' {
        $upload = New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB
        Copy-Item $file "$TestDrive/copy.bin"
        [IO.File]::SetLastWriteTimeUtc("$TestDrive/copy.bin", [DateTime]::UtcNow.AddDays(-1))
        ($upload | Add-S3UploadPart -LiteralPath "$TestDrive/copy.bin" | Complete-S3MultipartUpload).Size | Should -Be 12MB
    }

    It 'is the same in the row of a table, which has no fractions of seconds' {
        $upload = New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB |
            Select-Object BucketName, Key, UploadId, EndpointUrl, LiteralPath, Length, PartSize, FileLastWriteTime
        $upload.FileLastWriteTime = $upload.FileLastWriteTime.ToString('yyyy-MM-dd HH:mm:ss')
        @($upload | ConvertTo-Csv | ConvertFrom-Csv | Add-S3UploadPart) | Should -HaveCount 3
    }
}
