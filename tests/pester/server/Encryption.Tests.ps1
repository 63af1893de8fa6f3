param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $bytes = New-TestBytes 100
    $sse = 'x-amz-server-side-encryption'
    # Ceph has the keys of its configuration only, and moto gives a key back as it was named.
    $kms = if ($Server.Name -eq 'Ceph') { 'testkey-1' } else { '12345678-1234-1234-1234-123456789012' }
    $arn = if ($Server.Name -eq 'LocalS3') { "arn:aws:kms:us-east-1:111122223333:key/$kms" } else { $kms }

    function New-Object([hashtable] $With) {
        $seen = Watch-Wire {
            $upload = New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n')) @With
            $upload
            Add-S3UploadPart $upload -Value $bytes -PartNumber 1 | Complete-S3MultipartUpload
        }
        $upload, $done = $seen.Output
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
        $create = ($seen.Requests | Where-Object operation -EQ 'CreateMultipartUpload').headers
        $said = @{}
        foreach ($one in @($create.psobject.Properties | Where-Object Name -Like "$sse*")) { $said[$one.Name] = $one.Value }
        # Parts and the completion say nothing of it.
        foreach ($other in @($seen.Requests | Where-Object operation -NE 'CreateMultipartUpload')) {
            $other.headers.psobject.Properties.Name | Should -Not -BeLike "$sse*"
        }
        [pscustomobject]@{ Upload = $upload; Done = $done; Sent = $said; Head = Get-ObjectHeader $bucket $upload.Key }
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Encryption on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'says nothing of encryption without a parameter of it, and tells what the bucket applied' -Tag NeedsSseS3 {
        $made = New-Object @{}
        if (-not $Server.Lacks.RequestLog) { $made.Sent.Count | Should -Be 0 }
        $made.Upload.Encryption, $made.Done.Encryption, $made.Head.$sse | Should -BeExactly 'AES256', 'AES256', 'AES256'
    }

    It 'sends AES256 for -SseS3, and the object has it' -Tag NeedsRequestLog, NeedsSseS3 {
        $made = New-Object @{ SseS3 = $true }
        $made.Sent.Count | Should -Be 1
        $made.Sent.$sse, $made.Upload.Encryption, $made.Done.Encryption, $made.Head.$sse |
            Should -BeExactly 'AES256', 'AES256', 'AES256', 'AES256'
    }

    It 'sends aws:kms and the key for -SseKms -KmsKeyId, and the object has both' {
        $made = New-Object @{ SseKms = $true; KmsKeyId = $kms }
        if (-not $Server.Lacks.RequestLog) {
            $made.Sent.Count | Should -Be 2
            $made.Sent.$sse, $made.Sent."$sse-aws-kms-key-id" | Should -BeExactly 'aws:kms', $kms
            # Ceph names key and method in its response to HEAD only.
            $made.Upload.Encryption, $made.Upload.KmsKeyId, $made.Done.Encryption, $made.Done.KmsKeyId | Should -BeExactly 'aws:kms',
                $arn, 'aws:kms', $arn
        }

        $made.Head.$sse, $made.Head."$sse-aws-kms-key-id" | Should -BeExactly 'aws:kms', $arn
    }

    It 'sends aws:kms alone for -SseKms, which is the managed key aws/s3' -Tag NeedsRequestLog, NeedsManagedKey {
        $made = New-Object @{ SseKms = $true }
        $made.Sent.Count | Should -Be 1
        $made.Sent.$sse | Should -BeExactly 'aws:kms'
        $made.Head.$sse | Should -BeExactly 'aws:kms'
        $made.Upload.KmsKeyId | Should -BeLike 'arn:aws:kms:*:key/*'
    }

    It 'sends aws:kms:dsse for -DsseKms<How>, and the object has it' -Tag NeedsRequestLog, NeedsDsseKms -ForEach @(
        @{ How = ' -KmsKeyId'; With = @{ KmsKeyId = '12345678-1234-1234-1234-123456789012' } }
        @{ How = ''; With = @{} }
    ) {
        $made = New-Object (@{ DsseKms = $true } + $With)
        $made.Sent.$sse, $made.Upload.Encryption, $made.Done.Encryption, $made.Head.$sse | Should -BeExactly 'aws:kms:dsse', 'aws:kms:dsse',
            'aws:kms:dsse', 'aws:kms:dsse'
        $made.Sent."$sse-aws-kms-key-id" | Should -BeExactly $With.KmsKeyId
    }

    It 'sends bucket-key-enabled <_> for -BucketKeyEnabled:$<_>' -Tag NeedsRequestLog, NeedsBucketKey -ForEach 'true', 'false' {
        $made = New-Object @{ SseKms = $true; KmsKeyId = $kms; BucketKeyEnabled = $_ -eq 'true' }
        "$($made.Sent."$sse-bucket-key-enabled")".ToLowerInvariant() | Should -BeExactly $_
        [bool]$made.Upload.BucketKeyEnabled, [bool]$made.Done.BucketKeyEnabled | Should -Be ($_ -eq 'true'), ($_ -eq 'true')
        $made.Head."$sse-bucket-key-enabled" | Should -BeExactly $(if ($_ -eq 'true') { 'true' })
    }

    It 'sends the context as base64 of the UTF-8 JSON of an object of text' {
        $context = @{ department = 'a "b" + ü 日本'; number = 1.5; 'x:y' = '' }
        $made = New-Object @{ SseKms = $true; KmsKeyId = $kms; KmsEncryptionContext = $context }
        $made.Head.$sse | Should -BeExactly 'aws:kms'
        if (-not $Server.Lacks.RequestLog) {
            $json = [Text.UTF8Encoding]::new($false, $true).GetString([Convert]::FromBase64String($made.Sent."$sse-context"))
            $back = $json | ConvertFrom-Json -AsHashtable
            $back.Count | Should -Be 3
            $back.department, $back.number, $back.'x:y' | Should -BeExactly 'a "b" + ü 日本', '1.5', ''
            $back.number | Should -BeOfType ([string])
            $made.Upload.KmsEncryptionContext | Should -BeExactly $made.Sent."$sse-context"
        }
    }

    It 'sends no context for an empty table' -Tag NeedsRequestLog {
        (New-Object @{ SseKms = $true; KmsEncryptionContext = @{} }).Sent.Count | Should -Be 1
    }

    It 'does not bind <What>' -ForEach @(
        @{ What = '-SseS3 with -SseKms'; With = @{ SseS3 = $true; SseKms = $true } }
        @{ What = '-SseS3 with -KmsKeyId'; With = @{ SseS3 = $true; KmsKeyId = 'k' } }
        @{ What = '-SseS3 with -SseCustomerKey'; With = @{ SseS3 = $true; SseCustomerKey = [byte[]]::new(32) } }
        @{ What = '-SseKms with -DsseKms'; With = @{ SseKms = $true; DsseKms = $true } }
        @{ What = '-SseKms with -SseCustomerKey'; With = @{ SseKms = $true; SseCustomerKey = [byte[]]::new(32) } }
        @{ What = '-SseCustomerKey with -KmsKeyId'; With = @{ KmsKeyId = 'k'; SseCustomerKey = [byte[]]::new(32) } }
        @{
            What = '-SseCustomerKey with -KmsEncryptionContext'
            With = @{ KmsEncryptionContext = @{ a = 'b' }; SseCustomerKey = [byte[]]::new(32) }
        }
        @{ What = '-SseS3 with -BucketKeyEnabled'; With = @{ SseS3 = $true; BucketKeyEnabled = $true } }
        @{ What = '-SseCustomerKey with -BucketKeyEnabled'; With = @{ BucketKeyEnabled = $true; SseCustomerKey = [byte[]]::new(32) } }
    ) {
        Assert-Refused 'AmbiguousParameterSet' { New-S3MultipartUpload @to -Key 'k' @With }
    }

    It 'does not ask for a missing <Missing> of -<Parameter> alone, but refuses' -ForEach @(
        @{ Parameter = 'KmsKeyId'; Value = 'k'; Missing = 'SseKms' },
        @{ Parameter = 'KmsEncryptionContext'; Value = @{ a = 'b' }; Missing = 'SseKms' },
        @{ Parameter = 'BucketKeyEnabled'; Value = $true; Missing = 'SseKms' }
    ) {
        $with = @{ $Parameter = $Value }
        $run = Watch-Run { New-S3MultipartUpload @to -Key 'k' @with }
        $run.Thrown.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $run.Output + $run.Requests | Should -BeNullOrEmpty
    }

    It 'refuses <How> over plain http to another machine, and sends nothing' -ForEach @(
        @{ How = '-SseKms'; With = @{ SseKms = $true } },
        @{ How = '-DsseKms'; With = @{ DsseKms = $true } },
        @{ How = '-SseCustomerKey'; With = @{ SseCustomerKey = [byte[]]::new(32) } }
    ) {
        Assert-Refused 'PlainHttpRefused' { New-S3MultipartUpload -BucketName $bucket -EndpointUrl 'http://192.0.2.1' -Key 'k' @With }
    }

    It 'sends -SseKms over plain http to another machine with -Force, and warns' {
        # No machine can have the address 0.0.0.0, so that what is sent fails at once.
        $run = Watch-Run {
            New-S3MultipartUpload -BucketName $bucket -EndpointUrl 'http://0.0.0.0' -Key 'forced' -SseKms -KmsKeyId $kms -Force
        }
        @($run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) | Should -BeLike '*http://0.0.0.0*plain http*'
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'EndpointUnreachable'
    }

    It 'names permission and key where KMS refuses <Operation>' -Tag NeedsFaults -ForEach @(
        @{ Operation = 'CreateMultipartUpload'; Permission = 'kms:GenerateDataKey' },
        @{ Operation = 'UploadPart'; Permission = 'kms:Decrypt' },
        @{ Operation = 'CompleteMultipartUpload'; Permission = 'kms:Decrypt' }
    ) {
        $message = "User: arn:aws:iam::111122223333:user/u is not authorized to perform: $Permission on the resource associated with " +
            "this ciphertext"
        $null = Invoke-RestMethod -Method Post "$($Server.Http)/_/faults" -ContentType 'application/json' -Body (ConvertTo-Json -AsArray @{
            operation = $Operation
            action = 'error'
            code = 'AccessDenied'
            status = 403
            message = $message
        })
        try {
            $run = Watch-Run {
                New-S3MultipartUpload @to -Key 'denied' -SseKms -KmsKeyId $kms |
                    ForEach-Object { Add-S3UploadPart $_ -Value $bytes -PartNumber 1 } | Complete-S3MultipartUpload
            }
        }
        finally { $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/faults" }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'AccessDenied'
        Get-ErrorText $run.Errors[0] | Should -BeLike "*$Permission*"
        $run.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*kms:GenerateDataKey*kms:Decrypt*'
        $run.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike "*$kms*"
    }
}
