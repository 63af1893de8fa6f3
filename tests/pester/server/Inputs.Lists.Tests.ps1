param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $at = @{ EndpointUrl = $Server.Http }
    $to = @{ BucketName = $bucket } + $at
    $keys = 'a/1', 'a/2', 'a b/3', 'a+b/4', 'b', 'c-1', 'c-2', 'ü/日本 😀'
    $uploads = @{}
    foreach ($key in $keys) { $uploads[$key] = New-S3MultipartUpload @to -Key $key }

    # The query of a request as names and values, unescaped.
    function Get-Query($Request) {
        $query = @{}
        foreach ($pair in ($Request.target -split '\?', 2)[1] -split '&') {
            $name, $value = $pair -split '=', 2
            $query[$name] = [Uri]::UnescapeDataString("$value")
        }
        $query
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'ListMultipartUploads on <Server.Name>, inputs' -ForEach @{ Server = $Server } {
    It 'sends prefix for -Prefix <_>' -ForEach 'a/', 'a+b', 'a b', 'ü/日' {
        $seen = Watch-Wire { Get-S3MultipartUpload @to -Prefix $_ }
        if (-not $Server.Lacks.RequestLog) { (Get-Query $seen.Requests[0]).prefix | Should -BeExactly $_ }
        $prefix = $_
        $seen.Output.Key | Sort-Object | Should -BeExactly ($keys | Where-Object { $_.StartsWith($prefix, 'Ordinal') } | Sort-Object)
    }

    It 'asks for keys in url encoding, so that any character arrives' {
        $seen = Watch-Wire { Get-S3MultipartUpload @to }
        if (-not $Server.Lacks.RequestLog) { (Get-Query $seen.Requests[0]).'encoding-type' | Should -BeExactly 'url' }
        $seen.Output.Key | Sort-Object | Should -BeExactly ($keys | Sort-Object)
    }

    It 'lists a key with a control character, which XML cannot have' -Tag NeedsControlCharacter {
        $odd = "control$([char]1)$([char]11)"
        $upload = New-S3MultipartUpload @to -Key $odd
        try { (Get-S3MultipartUpload @to -Prefix 'control').Key | Should -BeExactly $odd }
        finally { $upload | Stop-S3MultipartUpload -Force }
    }

    # Ceph answers a delimiter without CommonPrefixes.
    It 'sends delimiter for -Delimiter <Delimiter>, and emits what the keys have in common as objects of their own' `
        -Tag NeedsCommonPrefix, NeedsRequestLog -ForEach @(
        @{ Delimiter = '/'; Prefix = $null; Common = 'a b/', 'a+b/', 'a/', 'ü/'; Left = 'b', 'c-1', 'c-2' }
        @{ Delimiter = '-'; Prefix = 'c'; Common = 'c-'; Left = @() }
        @{ Delimiter = '+'; Prefix = $null; Common = 'a+'; Left = 'a b/3', 'a/1', 'a/2', 'b', 'c-1', 'c-2', 'ü/日本 😀' }
        @{ Delimiter = '本 '; Prefix = 'ü/'; Common = 'ü/日本 '; Left = @() }
    ) {
        $with = @{ Delimiter = $Delimiter }
        if ($Prefix) { $with.Prefix = $Prefix }
        $seen = Watch-Wire { Get-S3MultipartUpload @to @with }
        (Get-Query $seen.Requests[0]).delimiter | Should -BeExactly $Delimiter
        $found = @($seen.Output | Where-Object { $_ -is [S3Multipart.CommonPrefix] })
        $found.Prefix | Sort-Object | Should -BeExactly ($Common | Sort-Object)
        $found.BucketName | Select-Object -Unique | Should -BeExactly $bucket
        @($seen.Output | Where-Object { $_ -isnot [S3Multipart.CommonPrefix] } | ForEach-Object Key) |
            Sort-Object | Should -BeExactly ($Left | Sort-Object)
    }

    It 'sends max-uploads for -MaxUpload <Most><Also>: <Sent>' -ForEach @(
        @{ Most = 2; Also = ''; With = @{}; Sent = '2' }
        @{ Most = 999; Also = ''; With = @{}; Sent = '999' }
        @{ Most = 1000; Also = ''; With = @{}; Sent = $null }
        @{ Most = 5000; Also = ''; With = @{}; Sent = $null }
        # What is filtered here comes from pages of any size, and small ones would only be more.
        @{ Most = 1; Also = ' and a key'; With = @{ Key = 'b' }; Sent = $null }
        @{ Most = 1; Also = ' and an age'; With = @{ OlderThan = '0s' }; Sent = $null }
        @{ Most = 1; Also = ' and a delimiter'; With = @{ Delimiter = '/' }; Sent = $null }
    ) {
        $seen = Watch-Wire { Get-S3MultipartUpload @to -MaxUpload $Most @With }
        @($seen.Output | Where-Object { $_ -is [S3Multipart.MultipartUpload] }).Count | Should -BeGreaterThan 0
        @($seen.Output | Where-Object { $_ -is [S3Multipart.MultipartUpload] }).Count | Should -BeLessOrEqual $Most
        if (-not $Server.Lacks.RequestLog) {
            $seen.Requests | Should -HaveCount 1
            (Get-Query $seen.Requests[0]).'max-uploads' | Should -BeExactly $Sent
        }
    }

    It 'sends key-marker for -KeyMarker, and begins after that key' -Tag NeedsKeyMarker {
        $seen = Watch-Wire { Get-S3MultipartUpload @to -KeyMarker 'a/2' }
        if (-not $Server.Lacks.RequestLog) { (Get-Query $seen.Requests[0]).'key-marker' | Should -BeExactly 'a/2' }
        # Ceph begins with the marker's key, not after it.
        $seen.Output.Key | Should -BeExactly (@(if ($Server.Name -eq 'Ceph') { 'a/2' }) + @('b', 'c-1', 'c-2', 'ü/日本 😀'))
    }

    It 'sends upload-id-marker for -UploadIdMarker, and begins after that upload of the key' -Tag NeedsKeyMarker {
        $mine = 1..3 | ForEach-Object { New-S3MultipartUpload @to -Key 'several' }
        try {
            $all = @(Get-S3MultipartUpload @to -Key 'several')
            $seen = Watch-Wire { Get-S3MultipartUpload @to -Prefix 'several' -KeyMarker 'several' -UploadIdMarker $all[0].UploadId }
            if (-not $Server.Lacks.RequestLog) { (Get-Query $seen.Requests[0]).'upload-id-marker' | Should -BeExactly $all[0].UploadId }
            $seen.Output.UploadId | Should -BeExactly $all[1].UploadId, $all[2].UploadId
        }
        finally { $mine | Stop-S3MultipartUpload -Force }
    }

    It 'sends <Header> for -<Parameter>' -ForEach @(
        @{ Parameter = 'RequestPayer'; Value = 'requester'; Header = 'x-amz-request-payer' }
        @{ Parameter = 'ExpectedBucketOwner'; Value = '111122223333'; Header = 'x-amz-expected-bucket-owner' }
    ) {
        $with = @{ $Parameter = $Value }
        $seen = Watch-Wire { Get-S3MultipartUpload @to -Key 'b' -IncludePart @with }
        if (-not $Server.Lacks.RequestLog) {
            $seen.Requests.operation | Should -BeExactly 'ListMultipartUploads', 'ListParts'
            $seen.Requests.headers.$Header | Should -BeExactly $Value, $Value
        }

        $seen.Output.Key | Should -BeExactly 'b'
    }
}

Describe 'ListParts on <Server.Name>, inputs' -ForEach @{ Server = $Server } {
    It 'sends <Header> for -<Parameter>' -ForEach @(
        @{ Parameter = 'RequestPayer'; Value = 'requester'; Header = 'x-amz-request-payer' }
        @{ Parameter = 'ExpectedBucketOwner'; Value = '111122223333'; Header = 'x-amz-expected-bucket-owner' }
    ) {
        $with = @{ $Parameter = $Value }
        $upload = $uploads['c-1']
        $null = Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1
        $seen = Watch-Wire { $upload | Get-S3UploadPart @at @with }
        if (-not $Server.Lacks.RequestLog) { $seen.Requests[0].headers.$Header | Should -BeExactly $Value }
        $seen.Output.PartNumber | Should -Be 1
    }

    It 'sends part-number-marker for the second page, and no part is missing' -Tag NeedsRequestLog {
        $upload = $uploads['c-2']
        $null = 1..1002 | ForEach-Object { , [byte[]]@(1, 2) } |
            ForEach-Object { $n = 0 } { $n++; Add-S3UploadPart $upload -Value $_ -PartNumber $n }
        $seen = Watch-Wire { $upload | Get-S3UploadPart }
        (Get-Query $seen.Requests[0]).ContainsKey('part-number-marker') | Should -BeFalse
        (Get-Query $seen.Requests[1]).'part-number-marker' | Should -BeExactly '1000'
        $seen.Requests | Should -HaveCount 2
        $seen.Output.PartNumber | Should -Be (1..1002)
    }
}
