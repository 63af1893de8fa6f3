param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $at = @{ EndpointUrl = $Server.Http }
    $odd = "it's a key; `$(x)"
    $curly = "folder$([char]0x2019)s/one two"
    $plain = 'plain/a.bin'
    foreach ($key in $odd, $curly, $plain, $plain, 'plain/b.bin') { $null = New-S3MultipartUpload @to -Key $key }

    # What is offered when the cursor is at the end of the line.
    function Complete-Line([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches | Where-Object ResultType -EQ 'ParameterValue'
    }

    # What runs for the first time may take longer than a completion waits, on a machine that is busy with other tests.
    foreach ($region in 'us-east-2', 'us-west-1', 'us-west-2') {
        $null = Complete-Line "Get-S3MultipartUpload -EndpointUrl $($Server.Http) -Region $region -BucketName "
    }

    # The words that a line's arguments have when a shell reads them.
    function Read-Argument([string] $Text) { & ([scriptblock]::Create("& { `$args[0] } $Text")) }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Completion on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach { $Error.Clear() }
    AfterEach { $Error | Should -BeNullOrEmpty }

    It 'knows the buckets: <Line>' -ForEach @(
        @{ Line = 'Get-S3MultipartUpload -EndpointUrl {0} -BucketName ' }
        @{ Line = 'Get-S3MultipartUpload -EndpointUrl {0} ' }
        @{ Line = 'S3Multipart\New-S3MultipartUpload @at -BucketName ' }
        @{ Line = 'Complete-S3MultipartUpload -EndpointUrl $at.EndpointUrl -BucketName ' }
        @{ Line = 'Add-S3UploadPart @at -Upload $u -SourceBucketName ' }
    ) {
        (Complete-Line ($Line -f $Server.Http)).CompletionText | Should -Contain $bucket
        (Complete-Line (($Line -f $Server.Http) + $bucket.Substring(0, 5))).CompletionText | Should -Contain $bucket
        (Complete-Line (($Line -f $Server.Http) + 'no-such-')) | Should -BeNullOrEmpty
    }

    It 'knows the keys of uploads in progress, and quotes them so that they are read back' -Tag NeedsKeyOrder {
        $found = (Complete-Line "Get-S3MultipartUpload $bucket @at -Key ").CompletionText
        $found | Should -HaveCount 4
        $found | ForEach-Object { Read-Argument $_ } | Should -Be ($odd, $curly, $plain, 'plain/b.bin' | Sort-Object -CaseSensitive)
        foreach ($begun in 'it', "'it", "'it''s a", '"it') {
            Read-Argument (Complete-Line "Stop-S3MultipartUpload $bucket @at -Key $begun").CompletionText | Should -BeExactly $odd
        }
        Read-Argument (Complete-Line "Get-S3MultipartUpload $bucket @at -Key folder").CompletionText | Should -BeExactly $curly
    }

    It 'knows the folders of uploads in progress' -Tag NeedsCommonPrefix {
        (Complete-Line "Get-S3MultipartUpload $bucket @at -Prefix p").CompletionText | Should -BeExactly 'plain/'
        (Complete-Line "Get-S3MultipartUpload -EndpointUrl $($Server.Http) $bucket ").CompletionText |
            ForEach-Object { Read-Argument $_ } | Should -Contain 'plain/'
    }

    It 'knows the uploads of a key, and of the bucket where no key is given' {
        $found = Complete-Line "Stop-S3MultipartUpload -BucketName $bucket @at -Key $plain -UploadId "
        $found | Should -HaveCount 2
        $ids = (Get-S3MultipartUpload @to -Key $plain).UploadId | Sort-Object
        $found.CompletionText | ForEach-Object { Read-Argument $_ } | Sort-Object | Should -BeExactly $ids
        $found[0].ToolTip | Should -BeLike "$plain, begun * ago"
        Complete-Line "Get-S3UploadPart -BucketName $bucket @at -UploadId " | Should -HaveCount 5
    }

    It 'follows $PSDefaultParameterValues' {
        $saved = $global:PSDefaultParameterValues
        $global:PSDefaultParameterValues = @{ 'Get-S3Multi*:EndpointUrl' = $Server.Http; 'Stop-*:EndpointUrl' = 'http://127.0.0.1:9' }
        try {
            (Complete-Line 'Get-S3MultipartUpload -BucketName ').CompletionText | Should -Contain $bucket
            Complete-Line 'Stop-S3MultipartUpload -BucketName ' | Should -BeNullOrEmpty
        }
        finally { $global:PSDefaultParameterValues = $saved }
    }

    It 'asks once for what it asked a moment ago' -Tag NeedsRequestLog {
        $line = "Get-S3MultipartUpload $bucket @at -Prefix once"
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        1..3 | ForEach-Object { Complete-Line $line } | Should -BeNullOrEmpty
        @(Get-LocalS3Request $Server.Http) | Should -HaveCount 1
    }

    It 'is silent where the store is not there, or refuses: <Line>' -ForEach @(
        @{ Line = 'Get-S3MultipartUpload -EndpointUrl http://127.0.0.1:9 -BucketName ' }
        @{ Line = 'Get-S3MultipartUpload -EndpointUrl http://127.0.0.1:9 bucket -Key ' }
        @{ Line = 'Get-S3MultipartUpload -EndpointUrl nonsense bucket -Key ' }
        @{ Line = 'Get-S3MultipartUpload -ProfileName t-none-such -BucketName ' }
        @{ Line = 'Get-S3MultipartUpload @at BAD_BUCKET -Key ' }
        @{ Line = 'Get-S3MultipartUpload @at -Key ' }
        @{ Line = 'Get-S3MultipartUpload @noSuchVariable -EndpointUrl http://127.0.0.1:9 -BucketName ' }
    ) {
        Complete-Line $Line | Should -BeNullOrEmpty
    }

    It 'is silent where the store refuses the keys: <Line>' -Tag NeedsSignature -ForEach @(
        @{ Line = 'Get-S3MultipartUpload @at -AccessKey testaccess -SecretKey wrong -BucketName ' }
        @{ Line = 'Get-S3MultipartUpload @at -AccessKey testaccess -BucketName ' }
    ) {
        Complete-Line $Line | Should -BeNullOrEmpty
    }

    It 'does not wait for a store that takes the connection and says nothing' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $clock = [Diagnostics.Stopwatch]::StartNew()
            Complete-Line "Get-S3MultipartUpload -EndpointUrl http://127.0.0.1:$($listener.LocalEndpoint.Port) -BucketName " |
                Should -BeNullOrEmpty
            # The SDK would wait for 100 seconds, and then again.
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
        }
        finally { $listener.Stop() }
    }

    It 'knows Regions, profiles and the values of S3' {
        (Complete-Line 'Get-S3MultipartUpload -Region eu-c').CompletionText | Should -Contain 'eu-central-1'
        Set-Content "$TestDrive/profiles" ("[t-first]`naws_access_key_id = a`naws_secret_access_key = b`n[t-second " +
            "one]`naws_access_key_id = a`naws_secret_access_key = b")
        (Complete-Line "New-S3MultipartUpload -ProfileLocation '$TestDrive/profiles' -ProfileName t-").CompletionText |
            Should -BeExactly 't-first', "'t-second one'"
        (Complete-Line 'New-S3MultipartUpload b -StorageClass gla').CompletionText | Sort-Object | Should -BeExactly 'GLACIER', 'GLACIER_IR'
        (Complete-Line 'New-S3MultipartUpload b -CannedACL bucket-owner-f').CompletionText | Should -BeExactly 'bucket-owner-full-control'
        (Complete-Line 'New-S3MultipartUpload b -ChecksumAlgorithm sha').CompletionText | Sort-Object |
            Should -BeExactly 'SHA1', 'SHA256', 'SHA512'
    }
}
