param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    # Customer keys go over https; LocalS3 takes them over nothing else.
    $at = @{ EndpointUrl = $Server.Https }
    $to = @{ BucketName = $bucket } + $at
    $key = New-TestBytes 32
    $base64 = [Convert]::ToBase64String($key)
    $md5 = [Convert]::ToBase64String([Security.Cryptography.MD5]::HashData($key))
    $with = @{ SseCustomerKey = $key }
    $other = @{ SseCustomerKey = New-TestBytes 32 7 }
    $sse = 'x-amz-server-side-encryption-customer'
    $three = @{ "$sse-algorithm" = 'AES256'; "$sse-key" = $base64; "$sse-key-md5" = $md5 }
    $bytes = New-TestBytes (5MB + 10)
    $file = Join-Path $TestDrive file.bin
    [IO.File]::WriteAllBytes($file, $bytes)

    function New-Upload([hashtable] $Also = @{}) {
        New-S3MultipartUpload @to @with -Key ([Guid]::NewGuid().ToString('n')) -LiteralPath $file -PartSize 5MB @Also
    }

    # The object is what was sent, and is read with the key only.
    function Assert-Object([string] $Name, [byte[]] $Content = $bytes) {
        $response = Send-S3Request -Endpoint $Server.Https -Bucket $bucket -Key $Name -Headers $three
        try {
            $null = $response.EnsureSuccessStatusCode()
            [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($response.Content.ReadAsStream())) |
                Should -BeExactly (Get-ByteHash $Content)
        }
        finally { $response.Dispose() }
        $response = Send-S3Request -Endpoint $Server.Https -Bucket $bucket -Key $Name
        $response.IsSuccessStatusCode | Should -BeFalse
        $response.Dispose()
    }

    # LocalS3 masks the key in its record, and has checked that it is that of the MD5.
    function Assert-Three($Requests, [string[]] $Operation) {
        if ($Server.Lacks.RequestLog) { return }
        @($Requests.operation | Select-Object -Unique | Sort-Object) | Should -BeExactly $Operation
        foreach ($request in $Requests) {
            $request.tls | Should -BeTrue
            $request.headers."$sse-algorithm", $request.headers."$sse-key", $request.headers."$sse-key-md5" | Should -BeExactly 'AES256',
                '***', $md5 -Because $request.operation
        }
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'A customer key on <Server.Name>' -Tag NeedsHttps -ForEach @{ Server = $Server } {
    It 'is not needed to see an upload and to stop it' {
        $upload = New-Upload
        $null = $upload | Add-S3UploadPart
        $seen = Watch-Run { Get-S3MultipartUpload @to -Key $upload.Key -IncludePart }
        $seen.Output.UploadId | Should -BeExactly $upload.UploadId
        $stopped = Get-S3MultipartUpload @to -Key $upload.Key | Stop-S3MultipartUpload -Force -PassThru
        $stopped.UploadId | Should -BeExactly $upload.UploadId
        Get-StoredUpload $bucket $upload.Key | Should -BeNullOrEmpty
    }

    It 'goes as the same three headers with Create, every part and Complete' {
        $seen = Watch-Wire { New-Upload | Add-S3UploadPart | Complete-S3MultipartUpload }
        $seen.Output.PartCount | Should -Be 2
        Assert-Three $seen.Requests 'CompleteMultipartUpload', 'CreateMultipartUpload', 'UploadPart'
        Assert-Object $seen.Output.Key
    }

    It 'is shown on an upload by its MD5 and as SSE-C' {
        $upload = New-Upload
        $upload.SseCustomerKeyMD5 | Should -BeExactly $md5
        $upload.Encryption | Should -BeExactly 'SSE-C'
    }

    It 'is taken as <Form>' -ForEach @(
        @{ Form = 'byte[]'; Give = { , $key } }
        @{ Form = 'a list of bytes'; Give = { , [object[]]$key } }
        @{ Form = 'base64'; Give = { $base64 } }
        @{ Form = 'a SecureString'; Give = { ConvertTo-SecureString $base64 -AsPlainText -Force } }
    ) {
        $given = & $Give
        $upload = New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n')) -SseCustomerKey $given
        $upload.SseCustomerKeyMD5 | Should -BeExactly $md5
        $null = Add-S3UploadPart $upload -Value $bytes | Complete-S3MultipartUpload
        Assert-Object $upload.Key
    }

    It 'is refused as <Form>, and what was given is not repeated' -ForEach @(
        @{ Form = '31 bytes'; Give = { , [byte[]](65..95) }; Said = '65' }
        @{ Form = '33 bytes'; Give = { , [byte[]](65..97) }; Said = '65' }
        @{ Form = 'base64 of 16 bytes'; Give = { 'QUJDREVGR0hJSktMTU5PUA==' }; Said = 'QUJDREVG' }
        @{ Form = 'text that is no base64'; Give = { 'the-secret-passphrase-of-32-byte' }; Said = 'passphrase' }
        @{
            Form = 'a SecureString of something else'
            Give = { ConvertTo-SecureString 'the-secret-passphrase' -AsPlainText -Force }
            Said = 'passphrase'
        }
        @{ Form = 'an empty byte[]'; Give = { , [byte[]]@() }; Said = $null }
        @{ Form = 'null'; Give = { $null }; Said = $null }
    ) {
        $given = & $Give
        $run = Watch-Run { New-S3MultipartUpload @to -Key 'k' -SseCustomerKey $given }
        $run.Output + $run.Requests | Should -BeNullOrEmpty
        Get-ErrorName $run.Thrown | Should -BeLike 'ParameterArgument*Error'
        if ($Said) { "$($run.Thrown)" | Should -Not -BeLike "*$Said*" }
    }

    It 'goes with every copied part too' {
        Set-TestObject $Server.Http $bucket 'source' $bytes
        $upload = New-S3MultipartUpload @to @with -Key ([Guid]::NewGuid().ToString('n'))
        $seen = Watch-Wire { $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 'source' -PartSize 5MB }
        $seen.Output | Should -HaveCount 2
        Assert-Three ($seen.Requests | Where-Object operation -NE 'HeadObject') 'UploadPartCopy'
        $null = $seen.Output | Complete-S3MultipartUpload
        Assert-Object $upload.Key
    }

    It 'of the source goes as three headers of its own with every copied part and with the look at the source' `
        -Tag NeedsRequestLog {
        $null = ($from = New-Upload) | Add-S3UploadPart | Complete-S3MultipartUpload
        $upload = New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n'))
        $seen = Watch-Wire {
            $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey $from.Key -CopySourceSseCustomerKey $key -PartSize 5MB
        }
        $seen.Output | Should -HaveCount 2
        Assert-Three ($seen.Requests | Where-Object operation -EQ 'HeadObject') 'HeadObject'
        foreach ($sent in ($seen.Requests | Where-Object operation -EQ 'UploadPartCopy').headers) {
            $source = 'x-amz-copy-source-server-side-encryption-customer'
            $sent."$source-algorithm", $sent."$source-key", $sent."$source-key-md5" | Should -BeExactly 'AES256', '***', $md5
            $sent.psobject.Properties.Name | Should -Not -Contain "$sse-key"
        }

        $null = $seen.Output | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'goes with the list of parts: <How>' -ForEach @(
        @{ How = 'of an upload of this process'; Run = { $upload | Get-S3UploadPart } }
        @{ How = 'given to Get-S3UploadPart'; Run = { Get-S3UploadPart $bucket $upload.Key $upload.UploadId @at @with } }
        @{
            How = 'given to Get-S3MultipartUpload -IncludePart'
            Run = { (Get-S3MultipartUpload @to -Key $upload.Key -IncludePart @with).Parts }
        }
    ) {
        $upload = New-Upload
        $null = $upload | Add-S3UploadPart
        $seen = Watch-Wire $Run
        $seen.Output.Size | Should -Be 5MB, 10
        Assert-Three ($seen.Requests | Where-Object operation -EQ 'ListParts') 'ListParts'
    }

    It 'is given again to what another process found: uploads, parts and their completion' {
        $upload = New-Upload
        $null = $upload | Add-S3UploadPart -PartNumber 1
        $found = Get-S3MultipartUpload @to -Key $upload.Key
        $null = Add-S3UploadPart $found -LiteralPath $file -PartSize 5MB -PartNumber 2 @with
        $seen = Watch-Wire { Get-S3MultipartUpload @to -Key $upload.Key | Complete-S3MultipartUpload @with }
        $seen.Output.PartCount | Should -Be 2
        Assert-Three ($seen.Requests | Where-Object operation -NE 'ListMultipartUploads') 'CompleteMultipartUpload', 'ListParts'
        Assert-Object $upload.Key
    }

    It 'is given again in a new process, to continue where this one was interrupted' {
        $upload = New-Upload
        $null = $upload | Add-S3UploadPart -PartNumber 1
        $saved = "$TestDrive/upload.xml"
        $upload | Export-Clixml $saved
        [IO.File]::ReadAllText($saved) | Should -Not -BeLike "*$base64*"
        $said = Invoke-FreshPwsh @'
            param($ModulePath, $Saved, $Key)
            Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')
            $upload = Import-Clixml $Saved
            $held = @($upload | Get-S3UploadPart -SseCustomerKey $Key)
            $null = $upload | Add-S3UploadPart -PartNumber 2 -SseCustomerKey $Key
            $done = $upload | Complete-S3MultipartUpload -SseCustomerKey $Key
            [pscustomobject]@{ Held = $held.PartNumber; Size = $done.Size; Count = $done.PartCount }
'@ @{ ModulePath = $ModulePath; Saved = $saved; Key = $base64 }
        $said.Held, $said.Size, $said.Count | Should -Be 1, (5MB + 10), 2
        Assert-Object $upload.Key
    }

    It 'is not replaced by another, nor left out: <What> is refused, and the upload stays as it was' -ForEach @(
        @{ What = 'a part with another key'; Run = { Add-S3UploadPart $found -LiteralPath $file -PartSize 5MB -PartNumber 2 @other } }
        @{ What = 'a part without the key'; Run = { Add-S3UploadPart $found -LiteralPath $file -PartSize 5MB -PartNumber 2 } }
        @{
            What = 'a copied part with another key'
            Run = {
                Set-TestObject $Server.Http $bucket 's' $key
                $found | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 's' @other
            }
        }
    ) {
        $upload = New-Upload
        $null = $upload | Add-S3UploadPart -PartNumber 1
        $found = Get-S3MultipartUpload @to -Key $upload.Key
        $run = Watch-Run $Run
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        # LocalS3 says it in S3's words, Ceph in its own.
        Get-ErrorName $run.Errors[0] | Should -BeExactly $(if ($Server.Name -eq 'LocalS3') { 'InvalidRequest' } else { 'InvalidArgument' })
        (Get-S3UploadPart $bucket $upload.Key $upload.UploadId @at @with).PartNumber | Should -Be 1
    }

    It 'is refused as <Id> before anything is sent: <What>' -ForEach @(
        @{ What = 'a part with another key'; Id = 'CustomerKeyDiffers'; Run = { Add-S3UploadPart $known -Value $key -PartNumber 1 @other } }
        @{ What = 'a file with another key'; Id = 'CustomerKeyDiffers'; Run = { $known | Add-S3UploadPart @other } }
        @{ What = 'a list with another key'; Id = 'CustomerKeyDiffers'; Run = { $known | Get-S3UploadPart @other } }
        @{ What = 'a completion with another key'; Id = 'CustomerKeyDiffers'; Run = { $known | Complete-S3MultipartUpload @other } }
        @{
            What = 'a copy with another key'
            Id = 'CustomerKeyDiffers'
            Run = { $known | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 's' @other }
        }
        @{
            What = 'another key for an upload from a file'
            Id = 'CustomerKeyDiffers'
            Run = { Copy-AsText $known | Add-S3UploadPart @other }
        }
        @{ What = 'an upload from a file without the key'; Id = 'CustomerKeyMissing'; Run = { Copy-AsText $known | Add-S3UploadPart } }
        @{
            What = 'bytes for an upload from a file without the key'
            Id = 'CustomerKeyMissing'
            Run = { Add-S3UploadPart (Copy-AsText $known) -Value $key -PartNumber 1 }
        }
        @{
            What = 'a copy for an upload from a file without the key'
            Id = 'CustomerKeyMissing'
            Run = { Copy-AsText $known | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 's' }
        }
    ) {
        $known = New-Upload
        Assert-Refused $Id $Run
        # The key is that of the upload still, and may be given again.
        ($known | Add-S3UploadPart -PartNumber 1 @with).PartNumber | Should -Be 1
        (Copy-AsText $known | Add-S3UploadPart -PartNumber 2 @with).SseCustomerKeyMD5 | Should -BeExactly $md5
        $null = $known | Stop-S3MultipartUpload -Force
    }

    It 'is refused over plain http to another machine by <What>, and nothing is sent' -ForEach @(
        @{ What = 'Add'; Run = { Add-S3UploadPart $found -Value $key -PartNumber 1 @far @with } }
        @{ What = 'Complete'; Run = { Complete-S3MultipartUpload $bucket $upload.Key $upload.UploadId @far @with } }
        @{ What = 'the list of parts'; Run = { Get-S3UploadPart $bucket $upload.Key $upload.UploadId @far @with } }
        @{
            What = 'a copy from an encrypted source'
            Run = { Add-S3UploadPart $found -SourceBucketName $bucket -SourceKey 's' -CopySourceSseCustomerKey $key @far }
        }
        @{ What = 'Add, where the upload brought the key along'; Run = { Add-S3UploadPart $upload -Value $key -PartNumber 1 @far } }
        @{ What = 'Complete, where the upload brought the key along'; Run = { $upload | Complete-S3MultipartUpload @far } }
        @{ What = 'the list of parts, where the upload brought the key along'; Run = { $upload | Get-S3UploadPart @far } }
        @{ What = 'Stop, where the upload brought the key along'; Run = { $upload | Stop-S3MultipartUpload -Force @far } }
    ) {
        $upload = New-S3MultipartUpload @to @with -Key ([Guid]::NewGuid().ToString('n'))
        $found = Get-S3MultipartUpload @to -Key $upload.Key
        # No machine can have the address 0.0.0.0, so that what were sent would fail at once.
        $far = @{ EndpointUrl = 'http://0.0.0.0' }
        Assert-Refused 'PlainHttpRefused' $Run
    }

    It 'is refused by a bucket that blocks SSE-C, with the name of the setting' -Tag NeedsBlockedEncryption {
        $blocked = New-TestBucket $Server.Http
        try {
            Set-BucketSetting $blocked 'encryption' ('<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
                '<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>' +
                '<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule>' +
                '</ServerSideEncryptionConfiguration>')
            $run = Watch-Run { New-S3MultipartUpload -BucketName $blocked -Key 'k' @at @with }
            $run.Errors | Should -HaveCount 1
            Get-ErrorName $run.Errors[0] | Should -BeExactly 'AccessDenied'
            $run.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*PutBucketEncryption*BlockedEncryptionTypes*NONE*'
        }
        finally { Remove-TestBucket $Server.Http $blocked }
    }
}
