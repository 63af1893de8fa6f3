# What the test files about credentials begin with: a fake of the sources that AWS has, keys that they give, and profiles that name them.
param([Parameter(Mandatory)] [string] $ModulePath, [Parameter(Mandatory)] [hashtable] $Server)

. "$PSScriptRoot/common.ps1" -ModulePath $ModulePath -Server $Server
Import-Module "$PSScriptRoot/../tools/FakeIdentity.psm1"
$bucket = New-TestBucket $Server.Http
$identity = Start-FakeIdentity
$folder = New-TestFolder
$profiles = "$folder/credentials"
$to = @{ BucketName = $bucket; Key = 'k'; EndpointUrl = $Server.Http }

# PowerShell gives .NET an empty text for $null, and an empty variable is not one that is missing.
function Set-EnvironmentVariable([string] $Name, $Value) {
    [Environment]::SetEnvironmentVariable($Name, $(if ($null -eq $Value) { [NullString]::Value } else { $Value }))
}

# The keys of the session go, so that only those of the source under test can be what the store lets in.
$saved = @{}
foreach ($name in 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION') {
    $saved[$name] = [Environment]::GetEnvironmentVariable($name)
    Set-EnvironmentVariable $name $null
}

$env:AWS_ENDPOINT_URL_STS = $identity.Url

function Add-Key([string] $AccessKey, [string] $SecretKey, [string] $Token, $Seconds) {
    $query = "access-key=$AccessKey&secret-key=$SecretKey" + $(if ($Token) { "&token=$Token" }) +
        $(if ($null -ne $Seconds) { "&seconds=$Seconds" })
    $null = Invoke-RestMethod -Method Post "$($Server.Http)/_/credentials?$query"
}

# The keys that the fake source gives for a name.
function Add-Given([string] $Name) { Add-Key "ASIA$($Name.ToUpperInvariant())" "secret-of-$Name" "token-of-$Name" }

# What a script block makes the source of credentials see.
function Get-Asked([scriptblock] $Run) {
    $identity.Requests.Clear()
    $null = & $Run
    $identity.Requests.ToArray()
}

# A script in a PowerShell that has no credentials but those of the variables given.
function Invoke-Bare([hashtable] $Variables, [string] $Script, [hashtable] $Arguments = @{}) {
    $before = @{}
    foreach ($name in $Variables.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        Set-EnvironmentVariable $name $Variables[$name]
    }

    try {
        Invoke-FreshPwsh "param(`$ModulePath, `$a)
            Import-Module `"`$ModulePath/S3Multipart.psd1`"
            `$to = @{ BucketName = `$a.Bucket; Key = 'k'; EndpointUrl = `$a.Url }
            try { $Script }
            catch {
                @{ Error = (`$_.FullyQualifiedErrorId -split ',')[0]; Text = `"`$_ `$(`$_.ErrorDetails.RecommendedAction)`" }
            }" @{
            ModulePath = $ModulePath
            a = $Arguments + @{ Bucket = $bucket; Url = $Server.Http }
        }
    }
    finally { foreach ($name in $before.Keys) { Set-EnvironmentVariable $name $before[$name] } }
}

if (-not $Server.Lacks.OwnCredentials) {
    Add-Key AKIABASE base-secret
    'plain', 'chained', 'external', 'web', 'mfa', 'long', 'envrole', 'reader', 'container', 'instance', 'other', 'fromsso', 'ec2role',
        'ecsrole' | ForEach-Object { Add-Given $_ }
}

Set-Content "$folder/token" 'web-token' -NoNewline
Set-Content $profiles @"
[base]
aws_access_key_id = AKIABASE
aws_secret_access_key = base-secret
region = eu-west-3

[session]
aws_access_key_id = ASIAPLAIN
aws_secret_access_key = secret-of-plain
aws_session_token = token-of-plain

[plain]
role_arn = arn:aws:iam::111122223333:role/plain
source_profile = base
region = eu-north-1
role_session_name = tester

[chained]
role_arn = arn:aws:iam::111122223333:role/chained
source_profile = plain
region = eu-south-1

[external]
role_arn = arn:aws:iam::111122223333:role/external
source_profile = base
external_id = the-id

[long]
role_arn = arn:aws:iam::111122223333:role/long
source_profile = base
duration_seconds = 7200

[envrole]
role_arn = arn:aws:iam::111122223333:role/envrole
credential_source = Environment

[web]
role_arn = arn:aws:iam::111122223333:role/web
web_identity_token_file = $folder/token
region = ca-central-1

[webmissing]
role_arn = arn:aws:iam::111122223333:role/web
web_identity_token_file = $folder/no-token

[denied]
role_arn = arn:aws:iam::111122223333:role/denied
source_profile = base

[nosource]
role_arn = arn:aws:iam::111122223333:role/plain
source_profile = nobody

[circle]
role_arn = arn:aws:iam::111122223333:role/plain
source_profile = circle2

[circle2]
role_arn = arn:aws:iam::111122223333:role/plain
source_profile = circle

[mfa]
role_arn = arn:aws:iam::111122223333:role/mfa
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/tester

[process]
credential_process = cat "$folder/process.json"

[brokenprocess]
credential_process = cat "$folder/no-such-file.json"

[login]
login_session = arn:aws:iam::111122223333:user/tester

[overlogin]
role_arn = arn:aws:iam::111122223333:role/plain
source_profile = login

[expired]
role_arn = arn:aws:iam::111122223333:role/expired
source_profile = base

[ec2role]
role_arn = arn:aws:iam::111122223333:role/ec2role
credential_source = Ec2InstanceMetadata

[ecsrole]
role_arn = arn:aws:iam::111122223333:role/ecsrole
credential_source = EcsContainer

[regiononly]
region = sa-east-1
"@
@{ Version = 1; AccessKeyId = 'AKIABASE'; SecretAccessKey = 'base-secret' } | ConvertTo-Json | Set-Content "$folder/process.json"

function Restore-Identity {
    $identity | Stop-FakeIdentity
    Remove-Item Env:AWS_ENDPOINT_URL_STS
    foreach ($name in $saved.Keys) { Set-EnvironmentVariable $name $saved[$name] }
    Remove-TestBucket $Server.Http $bucket
}
