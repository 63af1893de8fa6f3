param([string] $ModulePath, [hashtable] $Server)

# What becomes of a request that is not answered as it should be: put right, sent again, slowed down, or given up in time.

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $file = Join-Path $TestDrive file.bin
    New-TestFile $file (22MB + 11)

    function Invoke-Upload([hashtable] $New = @{}, [hashtable] $Add = @{}) {
        Watch-Run {
            New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB @New -Verbose |
                Add-S3UploadPart @Add -Verbose | Complete-S3MultipartUpload -Verbose
        }
    }

    function Assert-Whole($Run) {
        $Run.Errors | Should -BeNullOrEmpty
        Get-ObjectHash $Server.Http $bucket 'file.bin' | Should -BeExactly (Get-FileHash $file).Hash
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'A request on <Server.Name>' -ForEach @{ Server = $Server } -Tag NeedsFaults {
    AfterEach { Set-LocalS3Fault $Server.Http }

    It 'is sent again after <What>' -Tag Quick -ForEach @(
        @{ What = 'an error inside S3'; Rule = @{ action = 'error'; code = 'InternalError'; status = 500 } }
        @{ What = 'an overload'; Rule = @{ action = 'error'; code = 'SlowDown'; status = 503 } }
        @{ What = 'a reset connection'; Rule = @{ action = 'reset'; after = 100000 } }
        @{ What = 'a response that did not come'; Rule = @{ action = 'close' } }
        @{ What = 'a checksum that did not match'; Rule = @{ action = 'error'; code = 'BadDigest'; status = 400 } }
    ) {
        Set-LocalS3Fault $Server.Http (@{ operation = 'UploadPart'; partNumber = 2; times = 2 } + $Rule)
        $run = Invoke-Upload
        Assert-Whole $run
        @($run.Verbose -match '^Retry \d of 8') | Should -HaveCount 2
        @($run.Requests -match '^UploadPart .* part 2,') | Should -HaveCount 3
    }

    It 'is sent again as often as -MaxRetry says, which holds to the end of the pipeline' {
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; partNumber = 2; action = 'error'; code = 'InternalError'; status = 500 }
        $run = Invoke-Upload @{ MaxRetry = 1 }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'InternalError'
        @($run.Requests -match '^UploadPart .* part 2,') | Should -HaveCount 2
        $run = Invoke-Upload @{ MaxRetry = 1 } @{ MaxRetry = 0 }
        @($run.Requests -match '^UploadPart .* part 2,') | Should -HaveCount 1
    }

    It 'is not sent again where nothing can come of it' {
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; partNumber = 2; action = 'error'; code = 'AccessDenied'; status = 403 }
        $run = Invoke-Upload
        @($run.Requests -match '^UploadPart .* part 2,') | Should -HaveCount 1
    }

    It 'to a server that falls silent ends with -Timeout, and is told apart from a stop' {
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; partNumber = 2; action = 'hang'; ms = 5000 }
        $run = Invoke-Upload @{ Timeout = 0.5; MaxRetry = 1 }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'RequestTimedOut'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        Get-ErrorText $run.Errors[0] | Should -Match 'No byte was transferred for 0.5 s.*-Timeout'
        @($run.Requests -match '^UploadPart .* part 2,') | Should -HaveCount 2
    }

    It 'takes -Timeout as <Text>' -ForEach @(@{ Text = '30' }, @{ Text = '2m' }, @{ Text = '00:01:30' }) {
        (Watch-Run { Get-S3MultipartUpload @to -Timeout $Text }).Errors | Should -BeNullOrEmpty
        (Watch-Run { Get-S3MultipartUpload @to -Timeout ([timespan]'00:00:20') }).Errors | Should -BeNullOrEmpty
    }

    It 'is refused with a -Timeout of <_>' -ForEach '0', '-1', 'soon', '2d' {
        { Get-S3MultipartUpload @to -Timeout $_ } | Should -Throw -ErrorId 'ParameterArgumentTransformationError*'
    }

    It 'is one of fewer in flight after S3 says SlowDown' {
        Set-LocalS3Fault $Server.Http @{
            operation = 'UploadPart'
            every = 1
            times = 16
            action = 'error'
            code = 'SlowDown'
            status = 503
        }
        $run = Invoke-Upload @{} @{ ThrottleLimit = 16 }
        Assert-Whole $run
    }

    It 'that completed an upload is not taken for failed when its response is lost' {
        Set-LocalS3Fault $Server.Http @{ operation = 'CompleteMultipartUpload'; times = 1; action = 'close' }
        Assert-Whole (Invoke-Upload)
    }

    It 'goes out no faster than -MaxBandwidth over all parts' {
        $start = [Diagnostics.Stopwatch]::StartNew()
        Assert-Whole (Invoke-Upload @{} @{ MaxBandwidth = '11MB' })
        # 22 MiB take two seconds, however fast the machine; the first slices leave at once.
        $start.Elapsed.TotalSeconds | Should -BeGreaterThan 1.7
    }
}

Describe 'A request to Amazon S3, led to <Server.Name>' -ForEach @{ Server = $Server } -Tag NeedsAmazonNames {
    It 'finds a bucket that is in another Region' {
        $name = 't-' + [Guid]::NewGuid().ToString('n').Substring(0, 12)
        $body = [Text.Encoding]::UTF8.GetBytes('<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
            '<LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>')
        $null = Invoke-S3 @{ Endpoint = $Server.Http; Method = 'PUT'; Bucket = $name; Body = $body }
        $result = Invoke-AtAmazon '
            $upload = New-S3MultipartUpload $a.bucket k -Region us-west-2 -LiteralPath $a.file -PartSize 5MB
            $null = $upload | Add-S3UploadPart -PartNumber 1
            $listed = Get-S3MultipartUpload $a.bucket -Region us-west-2
            $done = $upload | Add-S3UploadPart | Complete-S3MultipartUpload
            Remove-Module S3Multipart; Import-Module (Join-Path $ModulePath S3Multipart.psd1)
            # Refused all together, for a connection that does not know better yet.
            $many = 1..8 | ForEach-Object { [pscustomobject]@{ Key = "many/$_" } } | New-S3MultipartUpload $a.bucket -Region us-west-1
            @{ Listed = $listed.UploadId -eq $upload.UploadId; Size = $done.Size; Many = @($many).Count }' @{ bucket = $name; file = $file }
        $result.Listed | Should -BeTrue
        $result.Size | Should -Be (22MB + 11)
        $result.Many | Should -Be 8
        Get-ObjectHash $Server.Http $name k | Should -BeExactly (Get-FileHash $file).Hash
    }
}

Describe 'A clock that is wrong, with <Server.Name>' -ForEach @{ Server = $Server } -Tag NeedsRequestLog {
    It 'is set by the clock of S3, once, and for this endpoint alone' {
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $result = Invoke-FreshPwsh '
            param($ModulePath, $Bucket, $Endpoint)
            Import-Module (Join-Path $ModulePath S3Multipart.psd1)
            # The SDK''s own setting, which stands for a clock that is an hour late.
            $null = Get-S3MultipartUpload $Bucket -EndpointUrl $Endpoint
            $core = [Runtime.Loader.AssemblyLoadContext]::All.Assemblies | Where-Object { $_.GetName().Name -eq "AWSSDK.Core" } |
                Select-Object -First 1
            $correction = $core.GetType("Amazon.AWSConfigs").GetProperty("ManualClockCorrection")
            $correction.SetValue($null, [Nullable[timespan]][timespan]::FromHours(-1))
            $first = New-S3MultipartUpload $Bucket late -EndpointUrl $Endpoint
            $second = New-S3MultipartUpload $Bucket later -EndpointUrl $Endpoint
            $other = New-S3MultipartUpload $Bucket other -EndpointUrl ($Endpoint -replace "127.0.0.1", "localhost")
            @{ Uploads = @($first, $second, $other | Where-Object UploadId).Count }' @{
            ModulePath = $ModulePath; Bucket = $bucket; Endpoint = $Server.Http }
        $result.Uploads | Should -Be 3
        (Get-LocalS3Request $Server.Http).status | Should -Be 200, 403, 200, 200, 403, 200
    }
}
