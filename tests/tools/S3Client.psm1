# A second, independent client for the tests: signs its own requests (Signature Version 4), so that what the module did is judged by
# something that shares no code with it.

$s_http = [Net.Http.HttpClient]::new([Net.Http.SocketsHttpHandler]@{ AllowAutoRedirect = $false; UseProxy = $false })

function ConvertTo-UriText([string] $Text, [switch] $KeepSlash) {
    $escaped = [Uri]::EscapeDataString($Text)
    if ($KeepSlash) { $escaped.Replace('%2F', '/') } else { $escaped }
}

function Get-Hmac([byte[]] $Key, [string] $Text) {
    , [Security.Cryptography.HMACSHA256]::HashData($Key, [Text.Encoding]::UTF8.GetBytes($Text))
}

function Send-S3Request {
    <# .SYNOPSIS Sends one signed request and returns the HttpResponseMessage, its headers read and its body not. #>
    param(
        [Parameter(Mandatory)] [string] $Endpoint,
        [string] $Method = 'GET',
        [string] $Bucket,
        [string] $Key,
        [Collections.IDictionary] $Query = @{},
        [Collections.IDictionary] $Headers = @{},
        [byte[]] $Body,
        [string] $AccessKey = 'testaccess',
        [string] $SecretKey = 'testsecret',
        [string] $Region = 'us-east-1'
    )

    $path = '/' + $Bucket + $(if ($Key) { '/' + (ConvertTo-UriText $Key -KeepSlash) })
    $canonicalQuery = ($Query.GetEnumerator() | ForEach-Object { (ConvertTo-UriText $_.Key) + '=' + (ConvertTo-UriText "$($_.Value)") } |
        Sort-Object -CaseSensitive -Culture '') -join '&'
    # DangerousDisablePathAndQueryCanonicalization keeps '..', '//' and escapes as they were signed.
    $options = [UriCreationOptions]@{ DangerousDisablePathAndQueryCanonicalization = $true }
    $uri = [Uri]::new($Endpoint.TrimEnd('/') + $path + $(if ($canonicalQuery) { "?$canonicalQuery" }), [ref] $options)
    $now = [DateTime]::UtcNow
    $amzDate = $now.ToString('yyyyMMddTHHmmssZ')
    $day = $now.ToString('yyyyMMdd')
    # A large body is not signed, which would take both sides longer than sending it.
    $hash = if ($Body.Length -gt 1MB) { 'UNSIGNED-PAYLOAD' }
    else { [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($Body ?? [byte[]]@())).ToLowerInvariant() }
    $signed = [Collections.Generic.SortedDictionary[string, string]]::new([StringComparer]::Ordinal)
    $signed['host'] = $uri.Authority
    $signed['x-amz-date'] = $amzDate
    $signed['x-amz-content-sha256'] = $hash
    foreach ($name in $Headers.Keys) { if ($name -like 'x-amz-*') { $signed[$name.ToLowerInvariant()] = "$($Headers[$name])" } }
    $names = $signed.Keys -join ';'
    $canonical = @($Method, $path, $canonicalQuery) + @($signed.GetEnumerator() | ForEach-Object { "$($_.Key):$($_.Value)" }) +
        @('', $names, $hash) -join "`n"
    $scope = "$day/$Region/s3/aws4_request"
    $toSign = "AWS4-HMAC-SHA256`n$amzDate`n$scope`n" +
        [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($canonical))).ToLowerInvariant()
    $signing = [Text.Encoding]::UTF8.GetBytes("AWS4$SecretKey")
    foreach ($step in $day, $Region, 's3', 'aws4_request') { $signing = Get-Hmac $signing $step }
    $signature = [Convert]::ToHexString((Get-Hmac $signing $toSign)).ToLowerInvariant()

    $request = [Net.Http.HttpRequestMessage]::new($Method, $uri)
    if ($PSBoundParameters.ContainsKey('Body')) { $request.Content = [Net.Http.ByteArrayContent]::new($Body) }
    foreach ($name in $signed.Keys) { if ($name -ne 'host') { $null = $request.Headers.TryAddWithoutValidation($name, $signed[$name]) } }
    foreach ($name in $Headers.Keys) {
        if ($name -notlike 'x-amz-*') {
            if (-not $request.Headers.TryAddWithoutValidation($name, "$($Headers[$name])")) {
                $null = $request.Content.Headers.TryAddWithoutValidation($name, "$($Headers[$name])")
            }
        }
    }
    $null = $request.Headers.TryAddWithoutValidation('Authorization',
        "AWS4-HMAC-SHA256 Credential=$AccessKey/$scope, SignedHeaders=$names, Signature=$signature")
    $s_http.Send($request, [Net.Http.HttpCompletionOption]::ResponseHeadersRead)
}

function Invoke-S3 {
    <# .SYNOPSIS Sends one signed request and returns the body as text; a response that is no success throws. #>
    param([Parameter(Mandatory)] [hashtable] $Request)
    $response = Send-S3Request @Request
    try {
        $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
        if (-not $response.IsSuccessStatusCode) {
            throw "$($Request.Method) $($Request.Bucket)/$($Request.Key): $([int]$response.StatusCode) $text"
        }
        $text
    }
    finally { $response.Dispose() }
}

function New-TestBucket {
    <# .SYNOPSIS Makes a bucket with a name of its own and returns the name. #>
    param([Parameter(Mandatory)] [string] $Endpoint, [string] $Name = "t-$([Guid]::NewGuid().ToString('n').Substring(0, 12))")
    $null = Invoke-S3 @{ Endpoint = $Endpoint; Method = 'PUT'; Bucket = $Name }
    $Name
}

function Get-ObjectHash {
    <# .SYNOPSIS Reads an object back and returns the SHA-256 of its bytes, in hex as Get-FileHash writes it; null if there is none. #>
    param([Parameter(Mandatory)] [string] $Endpoint, [Parameter(Mandatory)] [string] $Bucket, [Parameter(Mandatory)] [string] $Key)
    $response = Send-S3Request -Endpoint $Endpoint -Bucket $Bucket -Key $Key
    try {
        if ($response.StatusCode -eq 404) { return $null }
        $null = $response.EnsureSuccessStatusCode()
        $stream = $response.Content.ReadAsStream()
        [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($stream))
    }
    finally { $response.Dispose() }
}

function Set-TestObject {
    param([Parameter(Mandatory)] [string] $Endpoint, [Parameter(Mandatory)] [string] $Bucket, [Parameter(Mandatory)] [string] $Key,
        [byte[]] $Body = @(), [hashtable] $Headers = @{})
    $null = Invoke-S3 @{ Endpoint = $Endpoint; Method = 'PUT'; Bucket = $Bucket; Key = $Key; Body = $Body; Headers = $Headers }
}

function Remove-TestBucket {
    <# .SYNOPSIS Deletes a bucket with all that is in it. #>
    param([Parameter(Mandatory)] [string] $Endpoint, [Parameter(Mandatory)] [string] $Name)
    $at = @{ Endpoint = $Endpoint; Bucket = $Name }
    $uploads = ([xml](Invoke-S3 ($at + @{ Query = @{ uploads = '' } }))).ListMultipartUploadsResult
    foreach ($upload in @($uploads.SelectNodes("*[local-name()='Upload']"))) {
        $null = Invoke-S3 ($at + @{ Method = 'DELETE'; Key = $upload.Key; Query = @{ uploadId = $upload.UploadId } })
    }
    do {
        $list = ([xml](Invoke-S3 ($at + @{ Query = @{ 'list-type' = '2' } }))).ListBucketResult
        foreach ($entry in @($list.SelectNodes("*[local-name()='Contents']"))) {
            $null = Invoke-S3 ($at + @{ Method = 'DELETE'; Key = $entry.Key })
        }
    } while ($list.IsTruncated -eq 'true')
    $null = Invoke-S3 ($at + @{ Method = 'DELETE' })
}

Export-ModuleMember -Function Send-S3Request, Invoke-S3, New-TestBucket, Remove-TestBucket, Get-ObjectHash, Set-TestObject
