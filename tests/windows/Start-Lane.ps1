# The first script of the lane, on the Windows side: what TestLanes.psm1 sets for other lanes as environment variables, and what an
# authority needs in order to be trusted on Windows.
param([Parameter(Mandatory)] [string] $SettingsPath)

$ErrorActionPreference = 'Stop'
$settings = Get-Content -LiteralPath $SettingsPath -Raw | ConvertFrom-Json

$env:AWS_ACCESS_KEY_ID = 'testaccess'
$env:AWS_SECRET_ACCESS_KEY = 'testsecret'
$env:AWS_REGION = 'us-east-1'
$env:AWS_EC2_METADATA_DISABLED = 'true'
$env:AWS_CONFIG_FILE = Join-Path $settings.Results 'no-config'
$env:AWS_SHARED_CREDENTIALS_FILE = Join-Path $settings.Results 'no-credentials'

# SSL_CERT_FILE is read by OpenSSL alone. The store is this layout's own and goes with it.
if ($settings.Server) {
    $pem = Get-Content -LiteralPath $settings.Server.CaFile -Raw
    $store = [Security.Cryptography.X509Certificates.X509Store]::new('Root', 'CurrentUser', 'ReadWrite')
    $store.Add([Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPem($pem))
    $store.Dispose()
}

& (Join-Path $PSScriptRoot '..\pester\Invoke-Lane.ps1') $SettingsPath
