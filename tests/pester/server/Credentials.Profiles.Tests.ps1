param([string] $ModulePath, [hashtable] $Server)

BeforeAll { . "$PSScriptRoot/../identity.ps1" -ModulePath $ModulePath -Server $Server }

AfterAll { Restore-Identity }

Describe 'A profile, on <Server.Name>' -ForEach @{ Server = $Server } -Tag NeedsOwnCredentials {
    It 'with <What> gives its keys and its Region' -ForEach @(
        @{ What = 'keys'; Name = 'base'; Region = 'eu-west-3' }
        @{ What = 'the keys of a session'; Name = 'session'; Region = 'us-east-1' }
        @{ What = 'a process'; Name = 'process'; Region = 'us-east-1' }
        @{ What = 'a role'; Name = 'plain'; Region = 'eu-north-1' }
        @{ What = 'a role opened by a role'; Name = 'chained'; Region = 'eu-south-1' }
        @{ What = 'a role and an external id'; Name = 'external'; Region = 'us-east-1' }
        @{ What = 'a web identity'; Name = 'web'; Region = 'ca-central-1' }
    ) {
        $upload = New-S3MultipartUpload @to -ProfileName $Name -ProfileLocation $profiles
        $upload.Region | Should -BeExactly $Region
        $upload.ProfileName | Should -BeExactly $Name
        (New-S3MultipartUpload @to -ProfileName $Name -ProfileLocation $profiles -Region us-west-2).Region | Should -BeExactly 'us-west-2'
    }

    It 'opens its role as it says, in its own Region, with the keys of its source' {
        # A Region that no other test has requested, so that no session is open yet.
        $asked = Get-Asked { New-S3MultipartUpload @to -ProfileName chained -ProfileLocation $profiles -Region af-south-1 }
        $asked | Should -HaveCount 2
        $asked[0].Form.RoleArn | Should -BeLike '*/plain'
        $asked[0].Form.RoleSessionName | Should -BeExactly 'tester'
        $asked[0].AccessKey | Should -BeExactly 'AKIABASE'
        $asked[1].Form.RoleArn | Should -BeLike '*/chained'
        $asked[1].AccessKey | Should -BeExactly 'ASIAPLAIN'
        $asked[1].Token | Should -BeExactly 'token-of-plain'
        $asked.Region | Should -BeExactly 'eu-north-1', 'eu-south-1'
        (Get-Asked { New-S3MultipartUpload @to -ProfileName external -ProfileLocation $profiles -Region af-south-1 })[0].Form.ExternalId |
            Should -BeExactly 'the-id'
        (Get-Asked { New-S3MultipartUpload @to -ProfileName long -ProfileLocation $profiles })[0].Form.DurationSeconds |
            Should -BeExactly '7200'
    }

    It 'opens its role once for the cmdlets that follow each other' {
        $asked = Get-Asked {
            1..3 | ForEach-Object { New-S3MultipartUpload @to -ProfileName plain -ProfileLocation $profiles -Region eu-central-2 }
        }
        $asked | Should -HaveCount 1
    }

    It 'opens its role with the keys of the environment, where it says so' {
        $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = 'AKIABASE', 'base-secret'
        try { $asked = Get-Asked { New-S3MultipartUpload @to -ProfileName envrole -ProfileLocation $profiles } }
        finally { $env:AWS_ACCESS_KEY_ID = $env:AWS_SECRET_ACCESS_KEY = $null }
        $asked.AccessKey | Should -BeExactly 'AKIABASE'
    }

    It 'opens its role again, once, when S3 says that the session has expired' {
        Add-Key ASIAEXPIRED secret-of-expired token-of-expired 0
        $asked = Get-Asked { $script:run = Watch-Run { New-S3MultipartUpload @to -ProfileName expired -ProfileLocation $profiles } }
        $asked | Should -HaveCount 2
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ExpiredToken'
    }

    It 'gives the keys that another program has written into its file meanwhile' {
        Add-Key AKIAROTATED rotated
        $file = "$(New-TestFolder)/credentials"
        Set-Content $file "[rotating]`naws_access_key_id = AKIABASE`naws_secret_access_key = base-secret"
        $upload = New-S3MultipartUpload @to -ProfileName rotating -ProfileLocation $file
        Set-Content $file "[rotating]`naws_access_key_id = AKIAROTATED`naws_secret_access_key = rotated"
        [IO.File]::SetLastWriteTimeUtc($file, [DateTime]::UtcNow.AddSeconds(5))
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/credentials?access-key=AKIABASE"
        try { $upload | Get-S3UploadPart -ErrorAction Stop | Should -BeNullOrEmpty }
        finally { Add-Key AKIABASE base-secret }
    }

    It '<Name> is refused with <Id>: <What>' -ForEach @(
        @{ What = 'no such profile'; Name = 'nobody'; Id = 'ProfileNotFound'; Category = 'ObjectNotFound'; Says = "*'nobody'*" }
        @{
            What = 'its source is none'
            Name = 'nosource'
            Id = 'CredentialsUnusable'
            Category = 'AuthenticationError'
            Says = "*'nosource'*nobody*"
        }
        @{
            What = 'it goes round in a circle'
            Name = 'circle'
            Id = 'CredentialsUnusable'
            Category = 'AuthenticationError'
            Says = "*'circle'*cyclical*"
        }
        @{
            What = 'it has a login session'
            Name = 'login'
            Id = 'ProfileUnsupported'
            Category = 'NotImplemented'
            Says = "*'login'*login session*export-credentials*"
        }
        @{
            What = 'its source has a login session'
            Name = 'overlogin'
            Id = 'ProfileUnsupported'
            Category = 'NotImplemented'
            Says = "*'login'*"
        }
        @{
            What = 'it names no credentials'
            Name = 'regiononly'
            Id = 'CredentialsUnusable'
            Category = 'AuthenticationError'
            Says = "*'regiononly'*"
        }
    ) {
        $run = Watch-Run {
            1..3 | ForEach-Object { [pscustomobject]@{ Key = "k$_" } } |
                New-S3MultipartUpload $bucket -EndpointUrl $Server.Http -ProfileName $Name -ProfileLocation $profiles
        }
        $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
        Get-ErrorName $run.Thrown | Should -BeExactly $Id
        $run.Thrown.CategoryInfo.Category | Should -Be $Category
        Get-ErrorText $run.Thrown | Should -BeLike $Says
    }

    It '<Name> fails when it is asked: <What>' -ForEach @(
        @{
            What = 'the role lets nobody in'
            Name = 'denied'
            Category = 'PermissionDenied'
            Says = "*'denied'*role/denied*not authorized*"
        }
        @{ What = 'the process ends with an error'; Name = 'brokenprocess'; Category = 'AuthenticationError'; Says = "*'brokenprocess'*" }
        @{ What = 'the token is not there'; Name = 'webmissing'; Category = 'AuthenticationError'; Says = "*'webmissing'*token*" }
    ) {
        $run = Watch-Run { New-S3MultipartUpload @to -ProfileName $Name -ProfileLocation $profiles }
        $run.Thrown + $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'CredentialsUnusable'
        $run.Errors[0].CategoryInfo.Category | Should -Be $Category
        Get-ErrorText $run.Errors[0] | Should -BeLike $Says
        Get-ErrorText $run.Errors[0] | Should -Not -BeLike '*base-secret*'
    }

    It 'carries a pipeline from file to object' {
        $file = "$(New-TestFolder)/a.bin"
        New-TestFile $file (6MB)
        $done = Get-Item $file |
            New-S3MultipartUpload $bucket -EndpointUrl $Server.Http -ProfileName plain -ProfileLocation $profiles -PartSize 5MB |
            Add-S3UploadPart | Complete-S3MultipartUpload
        Get-ObjectHash $Server.Http $bucket $done.Key | Should -Be (Get-FileHash $file).Hash
    }
}

Describe 'A code of an MFA device, on <Server.Name>' -ForEach @{ Server = $Server } -Tag NeedsOwnCredentials {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot '../../tools/TestTools.psm1')

        # Runs a script in a runspace with that host; this process, so that sessions opened here are open there.
        function Invoke-Answering([string] $Code, [string] $Script, [hashtable] $Arguments) {
            $answering = [S3Multipart.TestTools.AnsweringHost]::new($Code, @())
            $space = [runspacefactory]::CreateRunspace($answering)
            $space.Open()
            $shell = [PowerShell]::Create($space)
            try {
                $output = $shell.AddScript("param(`$ModulePath, `$a) Import-Module `"`$ModulePath/S3Multipart.psd1`"`n$Script").
                    AddArgument($ModulePath).AddArgument($Arguments).Invoke()
                [pscustomobject]@{
                    Output = @($output)
                    Errors = @($shell.Streams.Error)
                    Prompts = $answering.Asked.Prompts
                    Threads = $answering.Asked.Threads
                }
            }
            finally {
                $shell.Dispose()
                $space.Dispose()
            }
        }
    }

    It 'is requested once, on the thread of the pipeline, and opens the role for all that follows' {
        $asked = Get-Asked {
            $script:run = Invoke-Answering '123456' -Arguments @{ To = $to; Profiles = $profiles } -Script @'
                $to = $a.To
                $thread = [Environment]::CurrentManagedThreadId
                1..3 | ForEach-Object { New-S3MultipartUpload @to -ProfileName mfa -ProfileLocation $a.Profiles }
                $thread
'@
        }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output[0..2].Key | Should -BeExactly 'k', 'k', 'k'
        $run.Prompts | Should -HaveCount 1
        $run.Prompts[0] | Should -BeLike '*arn:aws:iam::111122223333:mfa/tester*'
        $run.Threads | Should -Be $run.Output[3]
        $asked | Should -HaveCount 1
        $asked[0].Form.SerialNumber | Should -BeExactly 'arn:aws:iam::111122223333:mfa/tester'
        $asked[0].Form.TokenCode | Should -BeExactly '123456'
    }

    It 'that is wrong ends the run, once for all input' {
        $run = Invoke-Answering '000000' -Arguments @{ To = $to; Profiles = $profiles } -Script @'
            $to = $a.To
            $to.Remove('Key')
            try {
                1..3 | ForEach-Object { [pscustomobject]@{ Key = "k$_" } } |
                    New-S3MultipartUpload @to -ProfileName mfa -ProfileLocation $a.Profiles -Region eu-west-1
            }
            catch { $_ }
'@
        $run.Prompts | Should -HaveCount 1
        $run.Output | Should -HaveCount 1
        Get-ErrorName $run.Output[0] | Should -BeExactly 'CredentialsUnusable'
        Get-ErrorText $run.Output[0] | Should -BeLike '*MultiFactorAuthentication failed*'
        Get-ErrorText $run.Output[0] | Should -Not -BeLike '*000000*'
    }

    It 'that nobody can be requested is told as such, with what to do' {
        $said = Invoke-Bare @{
            AWS_PROFILE = 'mfa'
            AWS_SHARED_CREDENTIALS_FILE = $profiles
            AWS_REGION = 'eu-west-2'
        } 'New-S3MultipartUpload @to'
        $said.Error | Should -BeExactly 'MfaCodeNeeded'
        $said.Text | Should -BeLike '*role/mfa*mfa/tester*-SessionToken*'
    }
}
