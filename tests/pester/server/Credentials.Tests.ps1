param([string] $ModulePath, [hashtable] $Server)

BeforeAll { . "$PSScriptRoot/../identity.ps1" -ModulePath $ModulePath -Server $Server }

AfterAll { Restore-Identity }

Describe 'Without parameters, on <Server.Name>' -ForEach @{ Server = $Server } -Tag NeedsOwnCredentials {
    It 'the keys come from <What>' -ForEach @(
        @{
            What = 'the environment'
            Variables = { @{ AWS_ACCESS_KEY_ID = 'AKIABASE'; AWS_SECRET_ACCESS_KEY = 'base-secret' } }
            Region = 'us-east-1'
        }
        @{
            What = 'the web identity of the environment'
            Variables = { @{ AWS_WEB_IDENTITY_TOKEN_FILE = "$folder/token"; AWS_ROLE_ARN = 'arn:aws:iam::111122223333:role/web' } }
            Region = 'us-east-1'
        }
        @{
            What = 'the role of AWS_PROFILE'
            Variables = { @{ AWS_PROFILE = 'plain'; AWS_SHARED_CREDENTIALS_FILE = $profiles } }
            Region = 'eu-north-1'
        }
        @{
            What = 'the role of AWS_PROFILE, the Region from the environment'
            Variables = { @{ AWS_PROFILE = 'plain'; AWS_SHARED_CREDENTIALS_FILE = $profiles; AWS_REGION = 'eu-west-1' } }
            Region = 'eu-west-1'
        }
        @{
            What = 'a role that the instance opens'
            Variables = {
                @{
                    AWS_PROFILE = 'ec2role'
                    AWS_SHARED_CREDENTIALS_FILE = $profiles
                    AWS_EC2_METADATA_DISABLED = $null
                    AWS_EC2_METADATA_SERVICE_ENDPOINT = $identity.Url
                }
            }
            Region = 'us-east-1'
        }
        @{
            What = 'a role that the container opens'
            Variables = {
                @{
                    AWS_PROFILE = 'ecsrole'
                    AWS_SHARED_CREDENTIALS_FILE = $profiles
                    AWS_CONTAINER_CREDENTIALS_FULL_URI = "$($identity.Url)/container"
                    AWS_CONTAINER_AUTHORIZATION_TOKEN = 'container-token'
                }
            }
            Region = 'us-east-1'
        }
        @{
            What = 'the container'
            Variables = {
                @{
                    AWS_CONTAINER_CREDENTIALS_FULL_URI = "$($identity.Url)/container"
                    AWS_CONTAINER_AUTHORIZATION_TOKEN = 'container-token'
                }
            }
            Region = 'us-east-1'
        }
    ) {
        $found = Invoke-Bare (& $Variables) '$u = New-S3MultipartUpload @to; @{ Region = $u.Region }'
        $found.Text | Should -BeNullOrEmpty
        $found.Region | Should -BeExactly $Region
    }

    It 'the keys come from the instance, and its Region where there is no endpoint' {
        $at = @{
            AWS_EC2_METADATA_DISABLED = $null
            AWS_EC2_METADATA_SERVICE_ENDPOINT = $identity.Url
            AWS_PROFILE = 'regiononly'
            AWS_SHARED_CREDENTIALS_FILE = $profiles
        }
        $found = Invoke-Bare $at '$u = New-S3MultipartUpload @to; @{ Region = $u.Region }'
        $found.Text | Should -BeNullOrEmpty
        $found.Region | Should -BeExactly 'sa-east-1'
        $at = @{ AWS_EC2_METADATA_DISABLED = $null; AWS_EC2_METADATA_SERVICE_ENDPOINT = $identity.Url; HTTPS_PROXY = $Server.Proxy }
        $found = Invoke-Bare $at '$to.Remove("EndpointUrl"); $u = New-S3MultipartUpload @to; @{ Region = $u.Region }'
        $found.Text | Should -BeNullOrEmpty
        $found.Region | Should -BeExactly 'ap-south-1'
    }

    It 'a profile named by AWS_PROFILE that is not there is an error, though an instance has keys' {
        $said = Invoke-Bare @{
            AWS_PROFILE = 'nobody'
            AWS_EC2_METADATA_DISABLED = $null
            AWS_EC2_METADATA_SERVICE_ENDPOINT = $identity.Url
        } 'New-S3MultipartUpload @to'
        $said.Error | Should -BeExactly 'ProfileNotFound'
        $said.Text | Should -BeLike "*'nobody'*AWS_PROFILE*"
    }

    It 'a profile that fails is an error, though an instance has keys' {
        $said = Invoke-Bare @{
            AWS_PROFILE = 'denied'
            AWS_SHARED_CREDENTIALS_FILE = $profiles
            AWS_EC2_METADATA_DISABLED = $null
            AWS_EC2_METADATA_SERVICE_ENDPOINT = $identity.Url
        } @'
            $ErrorActionPreference = 'Stop'; New-S3MultipartUpload @to
'@
        $said.Error | Should -BeExactly 'CredentialsUnusable'
    }

    It 'a container that gives none is an error that names it' {
        $said = Invoke-Bare @{
            AWS_CONTAINER_CREDENTIALS_FULL_URI = "$($identity.Url)/container"
            AWS_CONTAINER_AUTHORIZATION_TOKEN = 'wrong'
        } @'
            $ErrorActionPreference = 'Stop'; New-S3MultipartUpload @to
'@
        $said.Error | Should -BeExactly 'CredentialsUnusable'
        $said.Text | Should -BeLike '*container*'
    }
}

Describe 'IAM Identity Center, on <Server.Name>' -ForEach @{ Server = $Server } -Tag NeedsOwnCredentials {
    BeforeAll {
        $home1 = New-TestFolder
        $null = New-Item -ItemType Directory "$home1/.aws/sso/cache"
        Set-Content "$home1/.aws/config" @'
[profile sso]
sso_session = company
sso_account_id = 111122223333
sso_role_name = reader
region = eu-west-1

[profile legacy]
sso_start_url = https://old.awsapps.com/start
sso_region = eu-central-1
sso_account_id = 111122223333
sso_role_name = other

[profile overrole]
role_arn = arn:aws:iam::111122223333:role/fromsso
source_profile = sso

[sso-session company]
sso_start_url = https://company.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access
'@
        $name = {
            param($text)
            [Convert]::ToHexString([Security.Cryptography.SHA1]::HashData([Text.Encoding]::UTF8.GetBytes($text))).ToLowerInvariant()
        }

        # What aws sso login leaves behind; AWS CLI and AWS Tools write the same file.
        function Set-Token([string] $Session, [string] $Token, [double] $Hours, [hashtable] $More = @{}) {
            $url = if ($Session -like 'https:*') { $Session } else { "https://$Session.awsapps.com/start" }
            @{
                startUrl = $url
                region = 'eu-central-1'
                accessToken = $Token
                expiresAt = [DateTime]::UtcNow.AddHours($Hours).ToString('yyyy-MM-ddTHH:mm:ssZ')
            } + $More |
                ConvertTo-Json | Set-Content "$home1/.aws/sso/cache/$(& $name $Session).json"
        }

        $at = @{
            HOME = $home1
            AWS_CONFIG_FILE = "$home1/.aws/config"
            AWS_ENDPOINT_URL_SSO = $identity.Url
            AWS_ENDPOINT_URL_SSO_OIDC = $identity.Url
            AWS_EC2_METADATA_DISABLED = 'true'
        }
    }

    It 'gives the keys of <What>' -ForEach @(
        @{ What = 'a profile with a session'; Profile = 'sso'; Session = 'company' }
        @{ What = 'a profile of the old kind'; Profile = 'legacy'; Session = 'https://old.awsapps.com/start' }
        @{ What = 'a role whose source it is'; Profile = 'overrole'; Session = 'company' }
    ) {
        Set-Token $Session 'good-token' 4
        $found = Invoke-Bare $at "`$u = New-S3MultipartUpload @to -ProfileName $Profile; @{ Key = `$u.Key }"
        $found.Text | Should -BeNullOrEmpty
        $found.Key | Should -BeExactly 'k'
    }

    It 'renews a token that can be renewed' {
        Set-Token company 'old-token' -1 @{
            refreshToken = 'refresh'
            clientId = 'id'
            clientSecret = 'secret'
            registrationExpiresAt = [DateTime]::UtcNow.AddDays(9).ToString('yyyy-MM-ddTHH:mm:ssZ')
        }
        $found = Invoke-Bare $at '$u = New-S3MultipartUpload @to -ProfileName sso; @{ Key = $u.Key }'
        $found.Text | Should -BeNullOrEmpty
        $found.Key | Should -BeExactly 'k'
    }

    It 'says that somebody must sign in where <What>' -ForEach @(
        @{ What = 'nobody has'; Set = { Remove-Item "$home1/.aws/sso/cache/*" } }
        @{ What = 'the token has expired'; Set = { Set-Token company 'good-token' -1 } }
        @{ What = 'the token is refused'; Set = { Set-Token company 'revoked-token' 4 } }
    ) {
        & $Set
        $said = Invoke-Bare $at '$ErrorActionPreference = "Stop"; New-S3MultipartUpload @to -ProfileName sso'
        $said.Error | Should -BeExactly 'SsoLoginNeeded'
        $said.Text | Should -BeLike '*aws sso login --profile sso*Invoke-AWSSSOLogin*'
    }

    It 'is loaded only when a profile needs it, and so is what opens roles' {
        $count = { param($how) (Invoke-Bare ($at + @{ AWS_SHARED_CREDENTIALS_FILE = $profiles }) "`$null = New-S3MultipartUpload @to $how
            @{ Loaded = @([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match 'AWSSDK' | Sort-Object) }").Loaded }
        & $count '-ProfileName base' | Should -BeExactly 'AWSSDK.Core', 'AWSSDK.S3'
        & $count '-ProfileName plain' | Should -BeExactly 'AWSSDK.Core', 'AWSSDK.S3', 'AWSSDK.SecurityToken'
    }
}
