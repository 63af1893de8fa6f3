param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    Import-Module (Join-Path $PSScriptRoot '../../tools/BindingProbe.psm1')
    $bucket = New-TestBucket $Server.Http
    $at = @{ EndpointUrl = $Server.Http }
    $to = $at + @{ BucketName = $bucket }
    $folder = New-TestFolder
    $bytes = New-TestBytes 1000
    [IO.File]::WriteAllBytes("$folder/f.bin", $bytes)
    $file = Get-Item "$folder/f.bin"

    function Get-Warning($Run) { @($Run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'What a user pipes, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'is an upload for bytes that are given by name' {
        $done = 'a', 'b' | ForEach-Object { [pscustomobject] @{ Key = "piped/$_" } } | New-S3MultipartUpload @to |
            Add-S3UploadPart -Value $bytes | Complete-S3MultipartUpload
        $done.Key | Sort-Object | Should -BeExactly 'piped/a', 'piped/b'
        foreach ($key in $done.Key) { Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-ByteHash $bytes) }
    }

    It 'is a file for an upload that is given by name' {
        $upload = New-S3MultipartUpload @to -Key file
        $done = $file | Add-S3UploadPart -Upload $upload | Complete-S3MultipartUpload
        $done.Size | Should -Be 1000
        Get-ObjectHash $Server.Http $bucket file | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'is no second <What> for it' -ForEach @(
        @{ What = 'file'; Second = { $file } }
        @{ What = 'input of bytes'; Second = { , (New-TestBytes 10) } }
    ) {
        $upload = New-S3MultipartUpload @to -Key second
        $run = Watch-Run { & { $file; & $Second } | Add-S3UploadPart -Upload $upload | Complete-S3MultipartUpload }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'OneSourceForUpload'
        Get-ObjectHash $Server.Http $bucket second | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'needs no bucket anywhere where $PSDefaultParameterValues names one' -Tag NeedsUnversionedHead {
        $PSDefaultParameterValues = @{ '*-S3*:BucketName' = $bucket; '*-S3*:EndpointUrl' = $Server.Http }
        $file | New-S3MultipartUpload -KeyPrefix default/ | Add-S3UploadPart | Complete-S3MultipartUpload | Compare-S3Object -Quiet |
            Should -BeTrue
        $upload = New-S3MultipartUpload -Key default/part
        $null = Add-S3UploadPart $upload -Value $bytes
        ($upload | Get-S3UploadPart).Size | Should -Be 1000
        Stop-S3MultipartUpload -Key $upload.Key -UploadId $upload.UploadId -Force
        Get-StoredUpload $bucket default/ | Should -BeNullOrEmpty
    }

    It 'is left in its own bucket where $PSDefaultParameterValues names another' -Tag NeedsUnversionedHead {
        $upload = $file | New-S3MultipartUpload @to -Key own
        $PSDefaultParameterValues = @{ '*-S3*:BucketName' = 'another-bucket' }
        $done = Add-S3UploadPart $upload | Complete-S3MultipartUpload
        $done.BucketName | Should -BeExactly $bucket
        $done | Compare-S3Object -Quiet | Should -BeTrue
    }
}

Describe 'A key that surprises, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'is told by <Line>' -ForEach @(
        @{ Line = 'Send-S3File -Key folder/'; Run = { Send-S3File $file @to -Key folder/ } }
        @{ Line = 'New-S3MultipartUpload -Key folder/'; Run = { $file | New-S3MultipartUpload @to -Key folder/ -WhatIf } }
    ) {
        $warnings = Get-Warning (Watch-Run $Run)
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*ends in a slash*-KeyPrefix folder/*'
    }

    It 'is told by <Line>: a backslash is no separator' -ForEach @(
        @{ Line = 'Send-S3File'; Run = { Send-S3File $file @to -KeyPrefix 'a\b\' } }
        @{ Line = 'New-S3MultipartUpload'; Run = { $file | New-S3MultipartUpload @to -KeyPrefix 'a\b\' -WhatIf } }
        @{ Line = 'Compare-S3Object'; Run = { $file | Compare-S3Object @to -KeyPrefix 'a\b\' } }
        @{ Line = 'New-S3MultipartUpload -Key'; Run = { New-S3MultipartUpload @to -Key 'a\b' -WhatIf } }
    ) {
        $warnings = Get-Warning (Watch-Run $Run)
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*backslash*''a/b*'
    }

    It 'is not told where nothing surprises' {
        Get-Warning (Watch-Run { Send-S3File $file @to -KeyPrefix a/b/ }) | Should -BeNullOrEmpty
        Get-Warning (Watch-Run { New-S3MultipartUpload @to -Key folder/ -WhatIf }) | Should -BeNullOrEmpty
    }

    It 'says -LiteralPath of a name with brackets that is no pattern' {
        [IO.File]::WriteAllBytes("$folder/n[1].bin", $bytes)
        $run = Watch-Run { Send-S3File "$folder/n[1].bin" @to }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileNotFound'
        Get-ErrorText $run.Errors[0] | Should -BeLike '*brackets*-LiteralPath*'
    }

    It 'is warned of where it matches nothing' {
        $run = Watch-Run { Send-S3File "$folder/*.none" @to }
        $run.Errors | Should -BeNullOrEmpty
        Get-Warning $run | Should -BeLike "Nothing matches '*.none'."
    }
}

Describe 'A question and a plan, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'tells with <Line> -WhatIf what New-S3MultipartUpload has begun' -ForEach @(
        @{ Line = 'Add-S3UploadPart'; Run = { $file | New-S3MultipartUpload @to -Key left | Add-S3UploadPart -WhatIf } }
        @{ Line = 'Add-S3UploadPart -Value'; Run = { New-S3MultipartUpload @to -Key left | Add-S3UploadPart -Value $bytes -WhatIf } }
        @{
            Line = 'Complete-S3MultipartUpload'
            Run  = { $file | New-S3MultipartUpload @to -Key left | Add-S3UploadPart | Complete-S3MultipartUpload -WhatIf }
        }
    ) {
        $warnings = Get-Warning (Watch-Run $Run)
        $left = Get-StoredUpload $bucket left
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "*stays in S3*$($left.UploadId)*Stop-S3MultipartUpload*"
        Get-S3MultipartUpload @to -Key left | Stop-S3MultipartUpload -Force
    }

    It 'refuses with -WhatIf what the run refuses' {
        $express = @{ BucketName = 'b--use1-az4--x-s3'; Key = 'k'; UploadId = 'id' }
        $with = @{ Region = 'us-east-1'; WhatIf = $true }
        Assert-Refused NotForDirectoryBuckets { $express | Add-S3UploadPart -LiteralPath $file -ContentMD5 @with }
        Assert-Refused ProfileNotFound { $express | Complete-S3MultipartUpload -ProfileName none-such @with }
        Assert-Refused ProfileNotFound { $express | Stop-S3MultipartUpload -ProfileName none-such @with }
    }

    It 'asks before a stop with the key, the age, the parts and the bytes' -Tag NeedsInitiated {
        $upload = New-S3MultipartUpload @to -Key asked
        foreach ($number in 1, 2) { $null = Add-S3UploadPart $upload -Value (New-TestBytes (1000 * $number)) -PartNumber $number }
        $session = New-BindingSession (Join-Path $ModulePath 'S3Multipart.psd1') @{ upload = $upload }
        try {
            foreach ($line in '$upload | Stop-S3MultipartUpload', '$upload | Stop-S3MultipartUpload -Confirm') {
                $errors = @(Get-BindingError $session $line)
                $errors | Should -HaveCount 1
                "$($errors[0])" | Should -Match "s3://$bucket/asked.*begun \d+ (s|min) ago.*2 parts.*3,000 B"
            }
        }
        finally { $session.Dispose() }

        Get-StoredPart $upload | Should -HaveCount 2
        $upload | Stop-S3MultipartUpload -Force
    }
}

Describe 'A setting, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll {
        $names = 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_REQUEST_CHECKSUM_CALCULATION', 'AWS_REGION'
        $saved = @{}
        foreach ($name in $names) { $saved[$name] = [Environment]::GetEnvironmentVariable($name) }
        $keys = "aws_access_key_id = $env:AWS_ACCESS_KEY_ID`naws_secret_access_key = $env:AWS_SECRET_ACCESS_KEY"
        Set-Content "$folder/config" ("[profile later]`nregion = eu-central-2`nendpoint_url = $($Server.Http)`n" +
            'request_checksum_calculation = when_required')
        Set-Content "$folder/credentials" "[later]`n$keys"
    }
    AfterEach { foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $saved[$name]) } }

    It 'that names the files of profiles works after the first cmdlet, too' {
        $null = Get-S3MultipartUpload @to
        $env:AWS_CONFIG_FILE, $env:AWS_SHARED_CREDENTIALS_FILE, $env:AWS_REGION = "$folder/config", "$folder/credentials", $null
        $upload = New-S3MultipartUpload $bucket later -ProfileName later
        $upload.Region, $upload.EndpointUrl | Should -BeExactly 'eu-central-2', $Server.Http
        $env:AWS_CONFIG_FILE = $env:AWS_SHARED_CREDENTIALS_FILE = $null
        Assert-Refused ProfileNotFound { Get-S3MultipartUpload $bucket -ProfileName later }
    }

    It 'that names the credentials alone leaves the rest of the profile to the config file' -Skip:$IsWindows {
        $null = New-Item -ItemType Directory "$folder/home/.aws"
        Copy-Item "$folder/config" "$folder/home/.aws/config"
        $env:AWS_SHARED_CREDENTIALS_FILE, $env:AWS_CONFIG_FILE, $env:AWS_REGION = "$folder/credentials", $null, $null
        $saved['HOME'] = $env:HOME
        try {
            $env:HOME = "$folder/home"
            $found = Invoke-FreshPwsh -Arguments @{ ModulePath = $ModulePath; Bucket = $bucket } -Script {
                param($ModulePath, $Bucket)
                Import-Module "$ModulePath/S3Multipart.psd1"
                New-S3MultipartUpload $Bucket alone -ProfileName later | Select-Object Region, EndpointUrl
            }
        }
        finally { $env:HOME = $saved['HOME'] }
        $found.Region, $found.EndpointUrl | Should -BeExactly 'eu-central-2', $Server.Http
    }

    It 'about checksums works after the first cmdlet, and so does that of a profile' -Tag NeedsRequestLog {
        $headers = {
            param($How)
            $seen = Watch-Wire { New-S3MultipartUpload $bucket sums @How | Add-S3UploadPart -Value $bytes }
            @(($seen.Requests | Where-Object operation -EQ UploadPart).headers.PSObject.Properties.Name -match '^x-amz-checksum-').Count
        }
        & $headers $at | Should -Be 1
        $env:AWS_REQUEST_CHECKSUM_CALCULATION = 'when_required'
        & $headers $at | Should -Be 0
        & $headers ($at + @{ RequestChecksumCalculation = 'WhenSupported' }) | Should -Be 1
        $env:AWS_REQUEST_CHECKSUM_CALCULATION = $null
        & $headers $at | Should -Be 1
        $env:AWS_CONFIG_FILE, $env:AWS_SHARED_CREDENTIALS_FILE = "$folder/config", "$folder/credentials"
        & $headers @{ ProfileName = 'later' } | Should -Be 0
        $env:AWS_REQUEST_CHECKSUM_CALCULATION = 'sometimes'
        Assert-Refused ConnectionInvalid { New-S3MultipartUpload $bucket sums @at }
    }

    It 'gives a storage class that is misspelt the nearest as advice' -Tag NeedsStorageClassCheck {
        foreach ($run in { New-S3MultipartUpload @to -Key class -StorageClass STANDRD_IA },
            { Send-S3File $file @to -Key class -StorageClass STANDRD_IA }) {
            $seen = Watch-Run $run
            Get-ErrorName $seen.Errors[0] | Should -BeIn 'InvalidStorageClass', 'InvalidArgument'
            $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*Did you mean STANDARD_IA?*'
        }
    }
}
