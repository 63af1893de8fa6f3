param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $folder = New-TestFolder
    $file = Join-Path $folder a.txt
    New-TestFile $file 10

    # A system that does not trust the authority of the server. Its trust is read once in a process, so each line has one of its own.
    function Invoke-Untrusting([string] $Line, [hashtable] $Environment = @{}) {
        $before = @{}
        try {
            foreach ($name in @($Environment.Keys) + 'SSL_CERT_FILE') {
                $before[$name] = [Environment]::GetEnvironmentVariable($name)
                [Environment]::SetEnvironmentVariable($name, $Environment[$name])
            }
            Invoke-FreshPwsh -Arguments @{ ModulePath = $ModulePath; Bucket = $bucket; Url = $Server.Https; File = $file } -Script @"
                param(`$ModulePath, `$Bucket, `$Url, `$File)
                Import-Module "`$ModulePath/S3Multipart.psd1"
                `$ErrorActionPreference = 'Continue'
                `$at = @{ BucketName = `$Bucket; EndpointUrl = `$Url }
                `$failed = `$null
                `$done = try { $Line } catch { `$failed = `$_ }
                `$failed = `$failed ?? `$errors
                @{
                    Outcome = "`$(`$done.Outcome)"
                    Id = "`$((`$failed | Select-Object -First 1).FullyQualifiedErrorId)" -replace ',.*'
                    Text = "`$(`$failed | Select-Object -First 1)"
                    Advice = "`$((`$failed | Select-Object -First 1).ErrorDetails.RecommendedAction)"
                    Warning = "`$warned"
                }
"@
        }
        finally { foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
    }

    $send = 'Send-S3File -LiteralPath $File -Key $Key @at -ErrorAction SilentlyContinue -ErrorVariable errors -WarningVariable warned'
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'The certificate of a store, on <Server.Name>' -Tag NeedsHttps, NeedsFirstServer -ForEach @{ Server = $Server } {
    It 'that the system does not trust is refused, with the reason and what to do' {
        $run = Invoke-Untrusting ($send -replace '\$Key', 'refused')
        $run.Id | Should -BeExactly EndpointUnreachable
        $run.Text | Should -Match 'issued by CN=.*, valid from [0-9-]{10} to [0-9-]{10}, is not trusted: '
        $run.Advice | Should -Match 'AWS_CA_BUNDLE.*ca_bundle.*-SkipCertificateCheck'
        $run.Outcome | Should -BeNullOrEmpty
    }

    It 'is trusted where AWS_CA_BUNDLE names its authority' {
        $run = Invoke-Untrusting ($send -replace '\$Key', 'variable') @{ AWS_CA_BUNDLE = $Server.CaFile }
        $run.Outcome | Should -BeExactly Uploaded -Because $run.Text
    }

    It 'is trusted where the profile does, and the environment comes first' {
        $config = Join-Path $folder config
        Set-Content $config "[profile private]`nregion = us-east-1`nca_bundle = $($Server.CaFile)" -NoNewline
        $environment = @{ AWS_CONFIG_FILE = $config; AWS_PROFILE = 'private' }
        (Invoke-Untrusting ($send -replace '\$Key', 'profile') $environment).Outcome | Should -BeExactly Uploaded
        $environment.AWS_CA_BUNDLE = $config
        (Invoke-Untrusting ($send -replace '\$Key', 'both') $environment).Id | Should -BeExactly CaBundleInvalid
    }

    It 'is trusted by a profile that has all that the store needs, named once for all cmdlets' {
        $config, $keys = "$folder/all-config", "$folder/all-keys"
        Set-Content $config "[profile store]`nendpoint_url = $($Server.Https)`nca_bundle = $($Server.CaFile)"
        Set-Content $keys "[store]`naws_access_key_id = testaccess`naws_secret_access_key = testsecret"
        $environment = @{
            AWS_CONFIG_FILE = $config; AWS_SHARED_CREDENTIALS_FILE = $keys; AWS_ACCESS_KEY_ID = ''; AWS_SECRET_ACCESS_KEY = ''
        }
        $run = Invoke-Untrusting -Environment $environment -Line @'
            $PSDefaultParameterValues['*-S3*:ProfileName'] = 'store'
            $errors = @(); $warned = @()
            Get-Item $File | New-S3MultipartUpload $Bucket -Key all | Add-S3UploadPart | Complete-S3MultipartUpload -ErrorVariable errors
'@
        $run.Outcome | Should -BeExactly Uploaded -Because $run.Text
    }

    It 'is not looked at with -SkipCertificateCheck, which warns, and goes down the pipeline' {
        $line = 'Get-Item $File | New-S3MultipartUpload @at -Key skipped -SkipCertificateCheck -WarningVariable warned 3>$null | ' +
            'Add-S3UploadPart | Complete-S3MultipartUpload -ErrorVariable errors'
        $run = Invoke-Untrusting $line
        $run.Outcome | Should -BeExactly Uploaded -Because $run.Text
        $run.Warning | Should -Match '^No certificate is checked'
    }

    It 'is never skipped by what was written to a file' {
        $upload = New-S3MultipartUpload -LiteralPath $file -BucketName $bucket -Key kept -EndpointUrl $Server.Https -SkipCertificateCheck `
            -WarningAction SilentlyContinue
        [Management.Automation.PSSerializer]::Serialize($upload) | Should -Not -Match 'Certificate'
        $upload | Stop-S3MultipartUpload -Force
    }

    It 'that the authorities of a file did not issue is refused, and the error names the file' {
        $key = [Security.Cryptography.ECDsa]::Create()
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=another authority', $key, 'SHA256')
        $another = $request.CreateSelfSigned([datetime]::UtcNow.AddDays(-1), [datetime]::UtcNow.AddDays(1))
        $path = Join-Path $folder another.pem
        Set-Content $path $another.ExportCertificatePem()
        $run = Invoke-Untrusting ($send -replace '\$Key', 'another') @{ AWS_CA_BUNDLE = $path }
        $run.Id | Should -BeExactly EndpointUnreachable
        $run.Text | Should -Match "is not trusted by the authorities in '$([regex]::Escape($path))': "
        $run.Advice | Should -Match "Add the certificate .* to '$([regex]::Escape($path))'.*remove AWS_CA_BUNDLE.*-SkipCertificateCheck"
    }

    It 'is trusted by no file that holds none: <Name>' -ForEach @(
        @{ Name = 'not there'; Path = '/nowhere/ca.pem' }
        @{ Name = 'no certificate'; Path = $null }
    ) {
        $run = Invoke-Untrusting ($send -replace '\$Key', 'none') @{ AWS_CA_BUNDLE = $Path ?? $file }
        $run.Id | Should -BeExactly CaBundleInvalid
        $run.Advice | Should -Match 'PEM'
    }
}
