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
    function Get-ChecksumName($Headers) { @($Headers.psobject.Properties.Name | Where-Object { $_ -match '^x-amz-checksum-(crc|sha)' }) }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Checksums on <Server.Name>' -ForEach @{ Server = $Server } {
    # Ceph neither keeps nor verifies checksums, and has no record of headers: on it the object is read back.
    It 'of <Algorithm> and <Type> go in a header with every part over <Scheme>, and S3 confirms that of the object' -ForEach @(
        foreach ($scheme in 'Http', 'Https') {
            foreach ($pair in 'CRC64NVME FULL_OBJECT', 'CRC32 FULL_OBJECT', 'CRC32 COMPOSITE', 'CRC32C FULL_OBJECT', 'CRC32C COMPOSITE',
                'SHA1 COMPOSITE', 'SHA256 COMPOSITE') {
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
    ) {
        $upload = New-S3MultipartUpload @to -Key 'default' @With
        $upload.ChecksumAlgorithm, $upload.ChecksumType | Should -BeExactly $Algorithm, $Type
    }

    It 'are refused as <Algorithm> with <Type>, which S3 has not, before Create' -ForEach @(
        @{ Algorithm = 'CRC64NVME'; Type = 'COMPOSITE' },
        @{ Algorithm = 'SHA1'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'SHA256'; Type = 'FULL_OBJECT' }
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

    It 'of copied parts are those that S3 tells, and make up the object''s with <Algorithm> and <Type>' -Tag NeedsChecksum `
        -ForEach @(
        @{ Algorithm = 'CRC64NVME'; Type = 'FULL_OBJECT' },
        @{ Algorithm = 'CRC32'; Type = 'COMPOSITE' },
        @{ Algorithm = 'SHA256'; Type = 'COMPOSITE' }
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
    It 'go behind the bytes in a trailer for every algorithm, and S3 confirms them for <Kind> buckets' -ForEach @(
        @{
            Kind = 'general purpose'
            Pairs = 'CRC64NVME FULL_OBJECT', 'CRC32 FULL_OBJECT', 'CRC32 COMPOSITE', 'CRC32C FULL_OBJECT', 'CRC32C COMPOSITE',
                'SHA1 COMPOSITE', 'SHA256 COMPOSITE'
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
}
