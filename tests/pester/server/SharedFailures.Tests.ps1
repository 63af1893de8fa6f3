param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $folder = New-TestFolder
    foreach ($i in 1..60) { [IO.File]::WriteAllText("$folder/$i.txt", "$i") }

    function Get-Name($Run) { @($Run.Errors | ForEach-Object { Get-ErrorName $_ }) }

    # The number that the last error names, together with those that were reported one by one.
    function Get-Sum($Run) {
        $last = $Run.Errors[-1]
        Get-ErrorName $last | Should -BeExactly InputsNotTried
        "$last" -match '^(\d+) more' | Should -BeTrue
        [int]$Matches[1] + $Run.Errors.Count - 1
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'What fails for all inputs alike, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'is two records where there is no such bucket: the first and the number of the others' {
        $missing = "$bucket-missing"
        $run = Watch-Run {
            Get-ChildItem $folder -File | New-S3MultipartUpload -BucketName $missing -EndpointUrl $Server.Http | Add-S3UploadPart |
                Complete-S3MultipartUpload
        }
        Get-Name $run | Should -BeExactly NoSuchBucket, InputsNotTried
        Get-Sum $run | Should -Be 60
        $run.Errors[-1].TargetObject | Should -BeExactly "s3://$missing"
        $run.Errors[-1].CategoryInfo.Category | Should -Be ResourceUnavailable
        $run.Errors[-1].ErrorDetails.RecommendedAction | Should -Match '-Resume'
        $run.Output | Should -BeNullOrEmpty
    }

    It 'concerns no other bucket of the same pipeline' {
        $run = Watch-Run {
            Get-ChildItem $folder -File | Select-Object -First 20 | ForEach-Object {
                [pscustomobject]@{
                    LiteralPath = $_.FullName; Key = "other/$($_.Name)"
                    BucketName = [int]$_.BaseName % 2 ? "$bucket-missing" : $bucket
                }
            } | New-S3MultipartUpload -EndpointUrl $Server.Http | Add-S3UploadPart | Complete-S3MultipartUpload
        }
        $even = @(Get-ChildItem $folder -File | Select-Object -First 20 | Where-Object { [int]$_.BaseName % 2 -eq 0 }).Count
        $run.Output | Should -HaveCount $even
        Get-Name $run | Should -BeExactly NoSuchBucket, InputsNotTried
        Get-Sum $run | Should -Be (20 - $even)
    }

    It 'is one error for one input, and nothing is said of others' {
        $run = Watch-Run { New-S3MultipartUpload "$bucket-missing" one -EndpointUrl $Server.Http }
        Get-Name $run | Should -BeExactly NoSuchBucket
    }

    It 'is known of keys that are not: <Code>' -Tag NeedsOwnCredentials -ForEach @(
        @{ Code = 'InvalidAccessKeyId'; Keys = @{ AccessKey = 'nobody'; SecretKey = 'nothing' } }
        @{ Code = 'SignatureDoesNotMatch'; Keys = @{ AccessKey = 'testaccess'; SecretKey = 'wrong' } }
    ) {
        $run = Watch-Run { Get-ChildItem $folder -File | New-S3MultipartUpload @to @Keys }
        Get-Name $run | Should -BeExactly $Code, InputsNotTried
        Get-Sum $run | Should -Be 60
    }
}

Describe 'An endpoint that cannot be reached, on <Server.Name>' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    It 'is tried for as many inputs as are in flight, and no more' {
        $run = Watch-Run {
            Get-ChildItem $folder -File |
                New-S3MultipartUpload $bucket -EndpointUrl http://127.0.0.1:1 -MaxRetry 0 -ThrottleLimit 4 -Verbose
        }
        Get-Name $run | Should -BeExactly EndpointUnreachable, InputsNotTried
        Get-Sum $run | Should -Be 60
        @($run.Verbose -match '^CreateMultipartUpload').Count | Should -BeLessOrEqual 8
    }
}

Describe 'Rights that lack, on <Server.Name>' -Tag NeedsFaults -ForEach @{ Server = $Server } {
    AfterEach {
        Set-LocalS3Fault $Server.Http
        Get-S3MultipartUpload @to | Stop-S3MultipartUpload -Force
    }

    It 'for eight keys and more keep from trying the rest' {
        Set-LocalS3Fault $Server.Http @{ operation = 'CreateMultipartUpload'; action = 'error'; code = 'AccessDenied'; status = 403 }
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $run = Watch-Run { Get-ChildItem $folder -File | New-S3MultipartUpload @to -ThrottleLimit 2 }
        (Get-Name $run)[0] | Should -BeExactly AccessDenied
        Get-Sum $run | Should -Be 60
        $run.Errors.Count | Should -BeLessOrEqual 9
        @(Get-LocalS3Request $Server.Http | ForEach-Object { $_ } | Where-Object fault).Count | Should -BeLessOrEqual 16
    }

    It 'for some keys only are told for each' {
        Set-LocalS3Fault $Server.Http @{
            operation = 'CreateMultipartUpload'; action = 'error'; code = 'AccessDenied'; status = 403; every = 2
        }
        $run = Watch-Run { Get-ChildItem $folder -File | New-S3MultipartUpload @to -ThrottleLimit 1 }
        $run.Output | Should -HaveCount 30
        $run.Errors | Should -HaveCount 30
        Get-Name $run | Select-Object -Unique | Should -BeExactly AccessDenied
    }

    It 'are told of the uploads that were sent to, and the next are not tried: keys that expire in the middle' {
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; action = 'error'; code = 'ExpiredToken'; status = 400; times = 1000 }
        $run = Watch-Run { Get-ChildItem $folder -File | New-S3MultipartUpload @to | Add-S3UploadPart -ThrottleLimit 2 }
        Get-Sum $run | Should -Be 60
        $run.Errors.Count | Should -BeLessThan 20
        $run.Errors | Select-Object -SkipLast 1 | ForEach-Object { $_.ErrorDetails.RecommendedAction } | Should -Match 'to resume:'
        Set-LocalS3Fault $Server.Http
        $done = Get-ChildItem $folder -File | New-S3MultipartUpload @to -Resume | Add-S3UploadPart | Complete-S3MultipartUpload
        $done | Should -HaveCount 60
        Get-StoredUpload $bucket | Should -BeNullOrEmpty
    }
}
