param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $at = @{ EndpointUrl = $Server.Http }
    $to = @{ BucketName = $bucket } + $at
    $bytes = New-TestBytes (5MB + 10)

    function New-Part([hashtable] $With = @{}, [string] $Key = [Guid]::NewGuid().ToString('n')) {
        New-S3MultipartUpload @to -Key $Key -PartSize 5MB @With |
            ForEach-Object { Add-S3UploadPart $_ -Value $bytes } | Sort-Object PartNumber
    }

    function Get-Sent($Seen, [string] $Operation) { ($Seen.Requests | Where-Object operation -EQ $Operation).headers }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'CompleteMultipartUpload on <Server.Name>, inputs' -ForEach @{ Server = $Server } {
    It 'sends x-amz-mp-object-size, and the object has that size<How>' -ForEach @(
        @{ How = ''; With = @{} }
        @{ How = ', with -MpuObjectSize'; With = @{ MpuObjectSize = 5MB + 10 } }
        @{ How = ', with -ObjectSize and a unit'; With = @{ ObjectSize = '5242890' } }
    ) {
        $parts = New-Part
        $seen = Watch-Wire { $parts | Complete-S3MultipartUpload @With }
        if (-not $Server.Lacks.RequestLog) {
            (Get-Sent $seen 'CompleteMultipartUpload').'x-amz-mp-object-size' | Should -BeExactly '5242890'
        }
        (Get-ObjectHeader $bucket $parts[0].Key).'Content-Length' | Should -BeExactly '5242890'
    }

    It 'sends the checksum of the whole object and its type, for <Algorithm>' -ForEach @(
        @{ Algorithm = 'CRC64NVME' }, @{ Algorithm = 'CRC32' }, @{ Algorithm = 'CRC32C' }
    ) {
        $parts = New-Part @{ ChecksumAlgorithm = $Algorithm; ChecksumType = 'FULL_OBJECT' }
        $seen = Watch-Wire { $parts | Complete-S3MultipartUpload }
        if (-not $Server.Lacks.RequestLog) {
            $sent = Get-Sent $seen 'CompleteMultipartUpload'
            $sent.'x-amz-checksum-type' | Should -BeExactly 'FULL_OBJECT'
            $sent."x-amz-checksum-$Algorithm" | Should -BeExactly $seen.Output.Checksum
            (Get-ObjectHeader $bucket $parts[0].Key @{ 'x-amz-checksum-mode' = 'ENABLED' })."x-amz-checksum-$Algorithm" |
                Should -BeExactly $seen.Output.Checksum
        }

        Get-ObjectHash $Server.Http $bucket $parts[0].Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'sends the checksums of the parts, without which S3 makes no composite one, for <_>' -ForEach 'CRC32', 'CRC32C', 'SHA1', 'SHA256' {
        $parts = New-Part @{ ChecksumAlgorithm = $_; ChecksumType = 'COMPOSITE' }
        $done = $parts | Complete-S3MultipartUpload
        # LocalS3 refuses a completion that lacks one of them.
        if (-not $Server.Lacks.Checksum) {
            $done.ChecksumType | Should -BeExactly 'COMPOSITE'
            $done.Checksum | Should -BeLike '*-2'
            (Get-ObjectHeader $bucket $done.Key @{ 'x-amz-checksum-mode' = 'ENABLED' })."x-amz-checksum-$_" |
                Should -BeExactly $done.Checksum
        }

        Get-ObjectHash $Server.Http $bucket $done.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'sends if-none-match * for -NoClobber' {
        $parts = New-Part
        $seen = Watch-Wire { $parts | Complete-S3MultipartUpload -NoClobber }
        if (-not $Server.Lacks.RequestLog) { (Get-Sent $seen 'CompleteMultipartUpload').'if-none-match' | Should -BeExactly '*' }
        $seen.Output.Size | Should -Be $bytes.Length
    }

    It 'sends if-match for -IfMatch' {
        $key = [Guid]::NewGuid().ToString('n')
        Set-TestObject $Server.Http $bucket $key (New-TestBytes 5)
        $etag = Get-ETag (New-TestBytes 5)
        $parts = New-Part @{} $key
        $seen = Watch-Wire { $parts | Complete-S3MultipartUpload -IfMatch $etag }
        if (-not $Server.Lacks.RequestLog) { (Get-Sent $seen 'CompleteMultipartUpload').'if-match' | Should -BeExactly $etag }
        Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'sends <Header> for -<Parameter>, given to Complete or with the upload by New' -ForEach @(
        @{ Parameter = 'RequestPayer'; Value = 'requester'; Header = 'x-amz-request-payer' }
        @{ Parameter = 'ExpectedBucketOwner'; Value = '111122223333'; Header = 'x-amz-expected-bucket-owner' }
    ) {
        $with = @{ $Parameter = $Value }
        foreach ($case in @{ New = @{}; Complete = $with + $at }, @{ New = $with; Complete = @{} }) {
            $parts = New-Part $case.New
            $complete = $case.Complete
            $seen = Watch-Wire { $parts | Complete-S3MultipartUpload @complete }
            $seen.Output.Size | Should -Be $bytes.Length
            if (-not $Server.Lacks.RequestLog) { (Get-Sent $seen 'CompleteMultipartUpload').$Header | Should -BeExactly $Value }
        }
    }

    It 'sends none of the inputs that were not given' -Tag NeedsRequestLog {
        $parts = New-Part
        $names = (Get-Sent (Watch-Wire { $parts | Complete-S3MultipartUpload }) 'CompleteMultipartUpload').psobject.Properties.Name
        foreach ($name in 'if-match', 'if-none-match', 'x-amz-request-payer', 'x-amz-expected-bucket-owner') {
            $names | Should -Not -Contain $name
        }
    }
}

Describe 'AbortMultipartUpload on <Server.Name>, inputs' -ForEach @{ Server = $Server } {
    It 'sends <Header> for -<Parameter>, given to Stop or with the upload by New' -ForEach @(
        @{ Parameter = 'RequestPayer'; Value = 'requester'; Header = 'x-amz-request-payer' }
        @{ Parameter = 'ExpectedBucketOwner'; Value = '111122223333'; Header = 'x-amz-expected-bucket-owner' }
    ) {
        $with = @{ $Parameter = $Value }
        foreach ($case in @{ New = @{}; Stop = $with + $at }, @{ New = $with; Stop = @{} }) {
            $new = $case.New
            $stop = $case.Stop
            $upload = New-S3MultipartUpload @to -Key 'abort' @new
            $seen = Watch-Wire { $upload | Stop-S3MultipartUpload -Force @stop }
            if (-not $Server.Lacks.RequestLog) {
                # Also with the list of parts by which Stop finds out whether any is left.
                (Get-Sent $seen 'AbortMultipartUpload').$Header | Should -BeExactly $Value
                (Get-Sent $seen 'ListParts').$Header | Should -BeExactly $Value
            }

            Get-StoredUpload $bucket 'abort' | Should -BeNullOrEmpty
        }
    }

    It 'stops nothing where another owns the bucket' -Tag NeedsBucketOwner {
        $upload = New-S3MultipartUpload @to -Key 'kept'
        $run = Watch-Run { $upload | Stop-S3MultipartUpload -Force @at -ExpectedBucketOwner 999999999999 }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'AccessDenied'
        Get-StoredUpload $bucket 'kept' | Should -HaveCount 1
    }
}
