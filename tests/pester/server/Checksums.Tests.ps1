param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $bytes = New-TestBytes (5MB + 10)
    $file = Join-Path $TestDrive file.bin
    [IO.File]::WriteAllBytes($file, $bytes)

    function Set-Fault([hashtable] $Rule) {
        $null = Invoke-RestMethod -Method Post "$($Server.Http)/_/faults" -ContentType 'application/json' `
            -Body (ConvertTo-Json -AsArray $Rule)
    }
    function Clear-Fault { $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/faults" }
    function Get-Record { Get-LocalS3Request $Server.Http | ForEach-Object { $_ } }

    # The names of the headers that carry a checksum of the bytes.
    function Get-ChecksumName($Headers) {
        @($Headers.psobject.Properties.Name | Where-Object { $_ -match '^x-amz-checksum-(crc|sha|md5|xxh)' })
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Checksums on <Server.Name>' -ForEach @{ Server = $Server } {
    # Ceph neither keeps nor verifies checksums, and has no record of headers: on it the object is read back.
    It 'of <Algorithm> and <Type> go in a header with every part over <Scheme>, and S3 confirms that of the object' -ForEach @(
        foreach ($scheme in 'Http', 'Https') {
            foreach ($pair in 'CRC64NVME FULL_OBJECT', 'CRC32 FULL_OBJECT', 'CRC32 COMPOSITE', 'CRC32C FULL_OBJECT', 'CRC32C COMPOSITE',
                'SHA1 COMPOSITE', 'SHA256 COMPOSITE', 'SHA512 COMPOSITE', 'MD5 COMPOSITE', 'XXHASH64 COMPOSITE',
                'XXHASH3 COMPOSITE', 'XXHASH128 COMPOSITE') {
                @{ Scheme = $scheme; Algorithm = $pair.Split(' ')[0]; Type = $pair.Split(' ')[1] }
            }
        }
    ) {
        if (-not $Server.$Scheme) { Skip-Without Https }
        $key = "$Scheme-$Algorithm-$Type"
        $seen = Watch-Wire {
            New-S3MultipartUpload -BucketName $bucket -EndpointUrl $Server.$Scheme -Key $key -LiteralPath $file -PartSize 5MB `
                -ChecksumAlgorithm $Algorithm -ChecksumType $Type |
                Add-S3UploadPart | Complete-S3MultipartUpload
        }
        Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-ByteHash $bytes)
        if (-not $Server.Lacks.RequestLog) {
            $create = ($seen.Requests | Where-Object operation -EQ 'CreateMultipartUpload').headers
            $create.'x-amz-checksum-algorithm', $create.'x-amz-checksum-type' | Should -BeExactly $Algorithm, $Type
            foreach ($part in ($seen.Requests | Where-Object operation -EQ 'UploadPart').headers) {
                Get-ChecksumName $part | Should -BeExactly "x-amz-checksum-$($Algorithm.ToLowerInvariant())"
                $part.psobject.Properties.Name | Should -Not -Contain 'x-amz-trailer'
            }

            $seen.Output.ChecksumAlgorithm, $seen.Output.ChecksumType | Should -BeExactly $Algorithm, $Type
            $head = Get-ObjectHeader $bucket $key @{ 'x-amz-checksum-mode' = 'ENABLED' }
            $head."x-amz-checksum-$Algorithm", $head.'x-amz-checksum-type' | Should -BeExactly $seen.Output.Checksum, $Type
        }
    }

    It 'default to <Algorithm> and <Type> for <What>' -ForEach @(
        @{ What = 'nothing'; With = @{}; Algorithm = 'CRC64NVME'; Type = 'FULL_OBJECT' }
        @{ What = 'FULL_OBJECT alone'; With = @{ ChecksumType = 'FULL_OBJECT' }; Algorithm = 'CRC64NVME'; Type = 'FULL_OBJECT' }
        @{ What = 'COMPOSITE alone'; With = @{ ChecksumType = 'COMPOSITE' }; Algorithm = 'CRC32C'; Type = 'COMPOSITE' }
        # At Amazon S3 it is FULL_OBJECT; the endpoint here is another store's.
        @{ What = 'CRC32 alone'; With = @{ ChecksumAlgorithm = 'CRC32' }; Algorithm = 'CRC32'; Type = 'COMPOSITE' }
        @{ What = 'SHA1 alone'; With = @{ ChecksumAlgorithm = 'SHA1' }; Algorithm = 'SHA1'; Type = 'COMPOSITE' }
        @{ What = 'XXHASH128 alone'; With = @{ ChecksumAlgorithm = 'XXHASH128' }; Algorithm = 'XXHASH128'; Type = 'COMPOSITE' }
    ) {
        $upload = New-S3MultipartUpload @to -Key 'default' @With
        $upload.ChecksumAlgorithm, $upload.ChecksumType | Should -BeExactly $Algorithm, $Type
    }

    It 'are refused as <Algorithm> with <Type>, which S3 has not, before Create' -ForEach @(
        @{ Algorithm = 'CRC64NVME'; Type = 'COMPOSITE' },
        @{ Algorithm = 'SHA1'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'SHA256'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'SHA512'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'MD5'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'XXHASH64'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'XXHASH3'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'XXHASH128'; Type = 'FULL_OBJECT' }
    ) {
        Assert-Refused 'ChecksumCombinationInvalid' { New-S3MultipartUpload @to -Key 'k' -ChecksumAlgorithm $Algorithm -ChecksumType $Type }
    }

    It 'stay away with -RequestChecksumCalculation WhenRequired, and the object is whole' {
        $seen = Watch-Wire {
            New-S3MultipartUpload @to -Key 'none' -LiteralPath $file -PartSize 5MB -RequestChecksumCalculation WhenRequired |
                Add-S3UploadPart | Complete-S3MultipartUpload
        }
        Get-ObjectHash $Server.Http $bucket 'none' | Should -BeExactly (Get-ByteHash $bytes)
        foreach ($request in $seen.Requests) {
            $request.headers.psobject.Properties.Name | Should -Not -BeLike 'x-amz-checksum-*' -Because $request.operation
        }
    }

    It 'stay away where the environment says WhenRequired' {
        $env:AWS_REQUEST_CHECKSUM_CALCULATION = 'WHEN_REQUIRED'
        try {
            $said = Invoke-FreshPwsh @'
                param($ModulePath, $Bucket, $Url)
                Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')
                $upload = New-S3MultipartUpload $Bucket env -EndpointUrl $Url
                $done = Add-S3UploadPart $upload -Value ([byte[]]::new(10)) -PartNumber 1 | Complete-S3MultipartUpload
                [pscustomobject]@{ Size = $done.Size; Algorithm = $upload.ChecksumAlgorithm }
'@ @{ ModulePath = $ModulePath; Bucket = $bucket; Url = $Server.Http }
        }
        finally { Remove-Item Env:AWS_REQUEST_CHECKSUM_CALCULATION }
        $said.Size | Should -Be 10
        $said.Algorithm | Should -BeNullOrEmpty
    }

    It 'go all the same with WhenRequired where one was requested' {
        $seen = Watch-Wire {
            New-S3MultipartUpload @to -Key 'asked' -LiteralPath $file -PartSize 5MB -RequestChecksumCalculation WhenRequired `
                -ChecksumAlgorithm SHA256 | Add-S3UploadPart | Complete-S3MultipartUpload
        }
        if (-not $Server.Lacks.RequestLog) {
            foreach ($part in ($seen.Requests | Where-Object operation -EQ 'UploadPart').headers) {
                Get-ChecksumName $part | Should -BeExactly 'x-amz-checksum-sha256'
            }
            $seen.Output.ChecksumAlgorithm | Should -BeExactly 'SHA256'
        }

        Get-ObjectHash $Server.Http $bucket 'asked' | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'that S3 answers wrongly of <What> are an error' -Tag NeedsFaults -ForEach @(
        @{ What = 'a part'; Operation = 'UploadPart' }, @{ What = 'the object'; Operation = 'CompleteMultipartUpload' }
    ) {
        Set-Fault @{ operation = $Operation; action = 'wrong-checksum' }
        try {
            $run = Watch-Run {
                New-S3MultipartUpload @to -Key 'wrong' -LiteralPath $file -PartSize 5MB |
                    Add-S3UploadPart -ThrottleLimit 1 | Complete-S3MultipartUpload
            }
        }
        finally { Clear-Fault }
        $run.Errors | Should -Not -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ChecksumMismatch'
        @($run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] }) | Should -BeNullOrEmpty
    }

    It 'of <Algorithm> are sent, listed, completed and compared where another program began the upload' -Tag NeedsChecksum -ForEach @(
        foreach ($one in 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128') { @{ Algorithm = $one } }
    ) {
        $key = "others-$Algorithm"
        $null = Send-S3Request -Endpoint $Server.Http -Method POST -Bucket $bucket -Key $key -Query @{ uploads = '' } `
            -Headers @{ 'x-amz-checksum-algorithm' = $Algorithm }
        $upload = Get-S3MultipartUpload @to -Key $key
        $upload.ChecksumAlgorithm, $upload.ChecksumType | Should -BeExactly $Algorithm, 'COMPOSITE'
        $null = $upload | Add-S3UploadPart -LiteralPath $file -PartSize 5MB
        $listed = $upload | Get-S3UploadPart
        $listed.ChecksumAlgorithm | Should -BeExactly $Algorithm, $Algorithm
        $listed.Checksum | Should -Not -Contain $null
        $done = $listed | Complete-S3MultipartUpload -MpuObjectSize $bytes.Length
        $done.Evidence, $done.ChecksumType | Should -BeExactly "$Algorithm composite", 'COMPOSITE'
        # What S3 holds already is compared by the same checksum.
        $again = Get-Item $file | New-S3MultipartUpload @to -Key "$key-resumed" -PartSize 5MB -ChecksumAlgorithm $Algorithm
        $null = $again | Add-S3UploadPart -PartNumber 1
        $parts = Get-Item $file | New-S3MultipartUpload @to -Key "$key-resumed" -ChecksumAlgorithm $Algorithm -Resume | Add-S3UploadPart
        ($parts | Sort-Object PartNumber).Resumed | Should -Be $true, $false
    }

    It 'of copied parts are those that S3 tells, and make up the object''s with <Algorithm> and <Type>' -Tag NeedsChecksum `
        -ForEach @(
        @{ Algorithm = 'CRC64NVME'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'CRC32'; Type = 'COMPOSITE' },
        @{ Algorithm = 'SHA256'; Type = 'COMPOSITE' },
        @{ Algorithm = 'MD5'; Type = 'COMPOSITE' },
        @{ Algorithm = 'XXHASH3'; Type = 'COMPOSITE' }
    ) {
        Set-TestObject $Server.Http $bucket 'source' $bytes
        $upload = New-S3MultipartUpload @to -Key "copy-$Algorithm" -ChecksumAlgorithm $Algorithm -ChecksumType $Type
        $parts = $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 'source' -PartSize 5MB
        $parts.ChecksumAlgorithm | Should -BeExactly $Algorithm, $Algorithm
        $done = $parts | Complete-S3MultipartUpload
        $done.ChecksumAlgorithm, $done.ChecksumType | Should -BeExactly $Algorithm, $Type
        (Get-ObjectHeader $bucket $upload.Key @{ 'x-amz-checksum-mode' = 'ENABLED' })."x-amz-checksum-$Algorithm" |
            Should -BeExactly $done.Checksum
    }
}

Describe 'Checksums at Amazon S3''s own host names, on <Server.Name>' -Tag NeedsAmazonNames -ForEach @{ Server = $Server } {
    It 'go behind the bytes in a trailer for every algorithm but MD5, and S3 confirms them for <Kind> buckets' -ForEach @(
        @{
            Kind = 'general purpose'
            Pairs = 'CRC64NVME FULL_OBJECT', 'CRC32 FULL_OBJECT', 'CRC32 COMPOSITE', 'CRC32C FULL_OBJECT', 'CRC32C COMPOSITE',
                'SHA1 COMPOSITE', 'SHA256 COMPOSITE', 'SHA512 COMPOSITE', 'XXHASH64 COMPOSITE', 'XXHASH3 COMPOSITE',
                'XXHASH128 COMPOSITE'
        }
        @{ Kind = 'directory'; Pairs = 'CRC32 COMPOSITE', 'CRC32C COMPOSITE', 'SHA1 COMPOSITE', 'SHA256 COMPOSITE' }
    ) {
        $name = if ($Kind -eq 'directory') {
            New-TestBucket $Server.Http "c$([Guid]::NewGuid().ToString('n').Substring(0, 8))--usw2-az1--x-s3"
        }
        else {
            $bucket
        }
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $said = Invoke-AtAmazon '
            $ErrorActionPreference = "Stop"
            $done = foreach ($pair in $a.pairs) {
                $algorithm, $type = $pair -split " "
                New-S3MultipartUpload -BucketName $a.bucket -Region us-west-2 -Key $algorithm/$type -LiteralPath $a.file -PartSize 5MB `
                    -ChecksumAlgorithm $algorithm -ChecksumType $type | Add-S3UploadPart | Complete-S3MultipartUpload
            }
            [pscustomobject]@{
                Said = @($done | ForEach-Object { "$($_.ChecksumAlgorithm) $($_.ChecksumType)" })
                Checksums = $done.Checksum
            }' @{
            bucket = $name
            file = $file
            pairs = $Pairs
        }
        $said.Said | Should -BeExactly $Pairs
        $parts = @(Get-Record | Where-Object operation -EQ 'UploadPart')
        $parts | Should -HaveCount (2 * $Pairs.Count)
        foreach ($part in $parts) {
            $part.headers.'x-amz-trailer' | Should -BeExactly "x-amz-checksum-$($part.key.Split('/')[0].ToLowerInvariant())"
            $part.headers.'x-amz-content-sha256' | Should -BeExactly 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
            Get-ChecksumName $part.headers | Should -BeNullOrEmpty
        }
    }

    It 'go in a header for MD5, which S3 documents as nothing else' {
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $said = Invoke-AtAmazon '
            $ErrorActionPreference = "Stop"
            New-S3MultipartUpload -BucketName $a.bucket -Region us-west-2 -Key md5 -LiteralPath $a.file -PartSize 5MB `
                -ChecksumAlgorithm MD5 | Add-S3UploadPart | Complete-S3MultipartUpload' @{ bucket = $bucket; file = $file }
        $said.Evidence, $said.ChecksumType | Should -BeExactly 'MD5 composite', 'COMPOSITE'
        $parts = @(Get-Record | Where-Object operation -EQ 'UploadPart')
        $parts | Should -HaveCount 2
        foreach ($part in $parts) {
            Get-ChecksumName $part.headers | Should -BeExactly 'x-amz-checksum-md5'
            $part.headers.psobject.Properties.Name | Should -Not -Contain 'x-amz-trailer'
        }
    }
}

# As captured from Amazon S3 in September 2026: the other tests rest on LocalS3 answering so.
Describe 'Checksums that do not go together, on <Server.Name>' -Tag NeedsRequestLog -ForEach @{ Server = $Server } {
    BeforeAll {
        function Get-Refusal([string] $Method, [hashtable] $Query, [hashtable] $Headers, [byte[]] $Body = @(), [string] $Key = 'words') {
            $response = Send-S3Request -Endpoint $Server.Http -Method $Method -Bucket $bucket -Key $Key -Query $Query -Headers $Headers `
                -Body $Body
            try {
                $xml = [xml]$response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
                '{0} {1}: {2}' -f [int]$response.StatusCode, $xml.Error.Code, $xml.Error.Message
            }
            finally { $response.Dispose() }
        }

        function New-RawUpload([hashtable] $Headers) {
            $response = Send-S3Request -Endpoint $Server.Http -Method POST -Bucket $bucket -Key 'words' -Query @{ uploads = '' } `
                -Headers $Headers
            try {
                [pscustomobject]@{
                    UploadId = ([xml]$response.Content.ReadAsStringAsync().GetAwaiter().GetResult()).DocumentElement.UploadId
                    Algorithm = "$($response.Headers.GetValues('x-amz-checksum-algorithm'))"
                    Type = "$($response.Headers.GetValues('x-amz-checksum-type'))"
                }
            }
            finally { $response.Dispose() }
        }
    }

    It 'are told at Create: <Said>' -ForEach @(
        @{
            Headers = @{ 'x-amz-checksum-type' = 'COMPOSITE' }
            Said = '400 InvalidRequest: The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.'
        }
        @{
            Headers = @{ 'x-amz-checksum-algorithm' = 'SHA256'; 'x-amz-checksum-type' = 'FULL_OBJECT' }
            Said = '400 InvalidRequest: The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.'
        }
        @{
            Headers = @{ 'x-amz-checksum-algorithm' = 'XXHASH3'; 'x-amz-checksum-type' = 'FULL_OBJECT' }
            Said = '400 InvalidRequest: The FULL_OBJECT checksum type cannot be used with the xxhash3 checksum algorithm.'
        }
    ) {
        Get-Refusal POST @{ uploads = '' } $Headers | Should -BeExactly $Said
    }

    It 'are echoed by Create, where <_> without a type is COMPOSITE' -ForEach 'CRC32', 'CRC32C', 'SHA512', 'XXHASH64' {
        $upload = New-RawUpload @{ 'x-amz-checksum-algorithm' = $_ }
        $upload.Algorithm, $upload.Type | Should -BeExactly $_, 'COMPOSITE'
    }

    It 'are told of a part without the checksum of its upload, and of one that is wrong' {
        $upload = New-RawUpload @{ 'x-amz-checksum-algorithm' = 'SHA256' }
        $query = @{ partNumber = 1; uploadId = $upload.UploadId }
        Get-Refusal PUT $query @{} ([byte[]](1, 2, 3)) | Should -BeExactly ('400 InvalidRequest: Checksum Type mismatch occurred, ' +
            'expected checksum Type: sha256, actual checksum Type: null')
        $wrong = [Convert]::ToBase64String([byte[]]::new(32))
        Get-Refusal PUT $query @{ 'x-amz-checksum-sha256' = $wrong } ([byte[]](1, 2, 3)) |
            Should -BeExactly '400 BadDigest: The SHA256 you specified did not match the calculated checksum.'
    }

    It 'are InvalidPart at Complete, where a part has another' {
        $upload = New-S3MultipartUpload @to -Key 'words' -ChecksumAlgorithm XXHASH128
        $part = Add-S3UploadPart $upload -Value ([byte[]](1, 2, 3)) -PartNumber 1
        $xml = '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Part><ETag>' +
            [Security.SecurityElement]::Escape($part.ETag) +
            '</ETag><ChecksumXXHASH128>AAAAAAAAAAAAAAAAAAAAAA==</ChecksumXXHASH128><PartNumber>1</PartNumber></Part>' +
            '</CompleteMultipartUpload>'
        Get-Refusal POST @{ uploadId = $upload.UploadId } @{} ([Text.Encoding]::UTF8.GetBytes($xml)) |
            Should -BeLike '400 InvalidPart: One or more of the specified parts could not be found.*'
    }
}
