param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    Import-Module "$PSScriptRoot/../../tools/FakeIdentity.psm1"
    $bucket = New-TestBucket $Server.Http
    $otherSdk = Join-Path $PSScriptRoot '../../../out/build/publish/OtherSdk/release'

    # A script in a PowerShell without credentials in its environment; it has $ours, $theirs (what to import) and $to.
    function Invoke-Beside([string] $Script, [hashtable] $Arguments = @{}) {
        $keys = $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY, $env:AWS_REGION
        $env:AWS_ACCESS_KEY_ID = $env:AWS_SECRET_ACCESS_KEY = $env:AWS_REGION = $null
        try {
            Invoke-FreshPwsh -Arguments @{
                ModulePath = $ModulePath
                OtherSdk = $otherSdk
                a = $Arguments + @{ Bucket = $bucket; Url = $Server.Http }
            } -Script @"
                param(`$ModulePath, `$OtherSdk, `$a)
                `$ours = "`$ModulePath/S3Multipart.psd1"
                `$theirs = "`$OtherSdk/OtherSdk.dll"
                `$to = @{ BucketName = `$a.Bucket; Key = 'k'; EndpointUrl = `$a.Url }
                $Script
"@
        }
        finally { $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY, $env:AWS_REGION = $keys }
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

# What another module leaves in the session is found before a server is asked.
Describe 'Beside AWS Tools, on <Server.Name>' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    It 'takes keys and Region of the session: Set-AWSCredential, Set-DefaultAWSRegion, imported <Order>' -ForEach @(
        @{ Order = 'before'; First = '$theirs'; Second = '$ours' }
        @{ Order = 'after'; First = '$ours'; Second = '$theirs' }
    ) {
        $found = Invoke-Beside @"
            Import-Module $First
            Import-Module $Second
            Set-AWSCredential -AccessKey testaccess -SecretKey testsecret
            Set-DefaultAWSRegion eu-west-2
            `$u = New-S3MultipartUpload @to
            `$chosen = New-S3MultipartUpload @to -Region (Get-AWSRegion eu-west-3)
            `$sdks = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'AWSSDK.Core' } |
                ForEach-Object { [Diagnostics.FileVersionInfo]::GetVersionInfo(`$_.Location).FileVersion } | Sort-Object -Unique
            @{ Region = `$u.Region; Chosen = `$chosen.Region; Sdks = @(`$sdks) }
"@
        $found.Region | Should -BeExactly 'eu-west-2'
        $found.Chosen | Should -BeExactly 'eu-west-3'
        $found.Sdks | Should -HaveCount 2
    }

    It 'finds them where they were set globally, also inside of functions and modules' {
        $found = Invoke-Beside @'
            Import-Module $theirs, $ours
            & { Set-AWSCredential -AccessKey testaccess -SecretKey testsecret -Scope global; Set-DefaultAWSRegion eu-west-2 -Scope global }
            $module = New-Module { function Send-It($to) { (New-S3MultipartUpload @to).Region } }
            @{ Function = (& { New-S3MultipartUpload @to }).Region; Module = Send-It $to }
'@
        $found.Function, $found.Module | Should -BeExactly 'eu-west-2', 'eu-west-2'
    }

    It 'finds what the scope it is called in was set to' -Tag NeedsSignature {
        $found = Invoke-Beside @'
            Import-Module $theirs, $ours
            Set-AWSCredential -AccessKey testaccess -SecretKey wrong
            Set-DefaultAWSRegion eu-west-2
            $inner = & {
                Set-AWSCredential -AccessKey testaccess -SecretKey testsecret
                Set-DefaultAWSRegion eu-north-1
                (New-S3MultipartUpload @to).Region
            }
            $outer = try { New-S3MultipartUpload @to -ErrorAction Stop } catch { ($_.FullyQualifiedErrorId -split ',')[0] }
            @{ Inner = $inner; Outer = $outer }
'@
        $found.Inner | Should -BeExactly 'eu-north-1'
        $found.Outer | Should -BeExactly 'SignatureDoesNotMatch'
    }

    It 'goes past the session for <How>' -ForEach @(
        @{ How = 'keys'; With = '-AccessKey testaccess -SecretKey testsecret -Region eu-west-3' }
        @{
            How = 'a PSCredential'
            With = '-Credential ([pscredential]::new("testaccess", (ConvertTo-SecureString testsecret -AsPlainText))) -Region eu-west-3'
        }
        @{ How = 'a profile, with its Region'; With = '-ProfileName good -ProfileLocation $a.Profiles' }
    ) {
        $file = "$(New-TestFolder)/credentials"
        Set-Content $file "[good]`naws_access_key_id = testaccess`naws_secret_access_key = testsecret`nregion = eu-west-3"
        $found = Invoke-Beside -Arguments @{ Profiles = $file } -Script @"
            Import-Module `$theirs, `$ours
            Set-AWSCredential -AccessKey nobody -SecretKey nothing
            Set-DefaultAWSRegion eu-west-2
            @{ Region = (New-S3MultipartUpload @to $With).Region }
"@
        $found.Region | Should -BeExactly 'eu-west-3'
    }

    It 'takes what Get-AWSCredential returns as -Credential, and no other object' {
        $found = Invoke-Beside @'
            Import-Module $theirs, $ours
            Set-AWSCredential -AccessKey testaccess -SecretKey testsecret
            $credential = Get-AWSCredential
            Remove-Variable StoredAWSCredentials
            $taken = (New-S3MultipartUpload @to -Credential $credential).Key
            $refused = try { New-S3MultipartUpload @to -Credential ([datetime]::Now) } catch { ($_.FullyQualifiedErrorId -split ',')[0] }
            @{ Taken = $taken; Refused = $refused }
'@
        $found.Taken | Should -BeExactly 'k'
        $found.Refused | Should -BeExactly 'CredentialUnknown'
    }

    It 'asks for the keys anew, so that those which AWS Tools has renewed serve the same upload' -Tag NeedsOwnCredentials {
        foreach ($key in 'ASIAFIRST', 'ASIASECOND') {
            $null = Invoke-RestMethod -Method Post "$($Server.Http)/_/credentials?access-key=$key&secret-key=s&token=t"
        }
        $found = Invoke-Beside @'
            Import-Module $theirs, $ours
            $renewed = [Amazon.PowerShell.Common.RenewedCredentials]::new('ASIAFIRST', 's', 't')
            $u = New-S3MultipartUpload @to -Credential $renewed
            $null = Invoke-RestMethod -Method Delete "$($a.Url)/_/credentials?access-key=ASIAFIRST"
            $renewed.AccessKey = 'ASIASECOND'
            $parts = $u | Get-S3UploadPart -ErrorAction Stop
            $renewed.AccessKey = ''
            $ended = try { $u | Get-S3UploadPart -ErrorAction Stop } catch { $_ }
            @{ Parts = @($parts).Count; Ended = ($ended.FullyQualifiedErrorId -split ',')[0]; Says = "$ended" }
'@
        $found.Parts | Should -Be 0
        $found.Ended | Should -BeExactly 'CredentialsUnusable'
        $found.Says | Should -BeLike '*Please login by running Invoke-AWSSSOLogin*'
    }

    It 'opens roles with its own part of the SDK, though another is loaded' -Tag NeedsOwnCredentials {
        $identity = Start-FakeIdentity
        $file = "$(New-TestFolder)/credentials"
        Set-Content $file ("[base]`naws_access_key_id = testaccess`naws_secret_access_key = testsecret`n[role]`nrole_arn = " +
            "arn:aws:iam::111122223333:role/beside`nsource_profile = base")
        $null = Invoke-RestMethod `
            -Method Post "$($Server.Http)/_/credentials?access-key=ASIABESIDE&secret-key=secret-of-beside&token=token-of-beside"
        try {
            $found = Invoke-Beside -Arguments @{ Profiles = $file; Sts = $identity.Url } -Script @'
                Import-Module $theirs
                $null = [Reflection.Assembly]::LoadFrom(
                    "$OtherSdk/AWSSDK.SecurityToken.dll").GetType('Amazon.SecurityToken.AmazonSecurityTokenServiceConfig', $true)::new()
                Import-Module $ours
                $env:AWS_ENDPOINT_URL_STS = $a.Sts
                @{ Key = (New-S3MultipartUpload @to -ProfileName role -ProfileLocation $a.Profiles).Key }
'@
            $found.Key | Should -BeExactly 'k'
        }
        finally { $identity | Stop-FakeIdentity }
    }

    It 'shares the name Get-S3MultipartUpload: the module imported last answers, and each answers to its own name' {
        $found = Invoke-Beside @'
            Import-Module $theirs, $ours
            Set-AWSCredential -AccessKey testaccess -SecretKey testsecret
            $null = New-S3MultipartUpload @to
            $at = @{ BucketName = $a.Bucket; EndpointUrl = $a.Url }
            $last = (Get-S3MultipartUpload @at)[0].GetType().FullName
            $named = S3Multipart\Get-S3MultipartUpload @at | Select-Object -First 1
            $other = OtherSdk\Get-S3MultipartUpload $a.Bucket
            Import-Module $theirs -Force
            $turned = Get-S3MultipartUpload $a.Bucket
            Remove-Module S3Multipart
            Import-Module $ours -Prefix My
            $still = Get-S3MultipartUpload $a.Bucket
            $prefixed = (Get-MyS3MultipartUpload @at)[0].GetType().FullName
            Remove-Module S3Multipart
            Import-Module $ours -NoClobber
            @{
                Kept = Get-S3MultipartUpload $a.Bucket
                Count = @(Get-Command -Module S3Multipart).Count
                Last = $last
                Named = $named.GetType().FullName
                Other = $other
                Turned = $turned
                Prefixed = $prefixed
                Still = $still
            }
'@
        $found.Last | Should -BeExactly 'S3Multipart.MultipartUpload'
        $found.Named | Should -BeExactly 'S3Multipart.MultipartUpload'
        $found.Prefixed | Should -BeExactly 'S3Multipart.MultipartUpload'
        $found.Other, $found.Turned, $found.Still, $found.Kept | Should -BeExactly (@("AWS Tools lists $bucket") * 4)
        $found.Count | Should -Be 7
    }

    It 'has the parameters of the other Get-S3MultipartUpload, and the properties of what it returns' {
        $command = Get-Command S3Multipart\Get-S3MultipartUpload
        foreach ($name in 'BucketName', 'Prefix', 'KeyPrefix', 'Delimiter', 'ExpectedBucketOwner', 'KeyMarker', 'MaxUpload',
            'MaxUploads', 'UploadIdMarker') {
            ($command.Parameters.Values | Where-Object { $_.Name -eq $name -or $name -in $_.Aliases }) | Should -HaveCount 1 -Because $name
        }

        $properties = [S3Multipart.MultipartUpload].GetProperties().Name
        foreach ($name in 'UploadId', 'Key', 'Initiated', 'StorageClass', 'Owner', 'Initiator', 'ChecksumAlgorithm', 'ChecksumType') {
            $properties | Should -Contain $name
        }
    }
}
