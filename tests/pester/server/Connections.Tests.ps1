param([string] $ModulePath, [hashtable] $Server)

BeforeAll { . "$PSScriptRoot/../identity.ps1" -ModulePath $ModulePath -Server $Server }

AfterAll { Restore-Identity }

# Only LocalS3 is a proxy to the host names of Amazon, and has more than one pair of keys.
Describe 'What is given to one cmdlet, on <Server.Name>' -Skip:($Server.Name -ne 'LocalS3') -ForEach @{ Server = $Server } {
    BeforeAll {
        # Each parameter that says how to reach S3, what else it needs, the setting that it makes, and the keys that sign from then on.
        $cases = @(
            @{
                Parameter = 'ProfileName'
                Value = 'session'
                Also = @{ ProfileLocation = $profiles }
                Setting = 'ProfileName'
                Signer = 'ASIAPLAIN'
            }
            @{ Parameter = 'ProfileLocation'; Value = $profiles; Setting = 'ProfileLocation' }
            @{ Parameter = 'AccessKey'; Value = 'AKIABASE'; Also = @{ SecretKey = 'base-secret' }; Signer = 'AKIABASE' }
            @{ Parameter = 'SecretKey'; Value = 'base-secret'; Also = @{ AccessKey = 'AKIABASE' }; Signer = 'AKIABASE' }
            @{
                Parameter = 'SessionToken'
                Value = 'token-of-plain'
                Also = @{ AccessKey = 'ASIAPLAIN'; SecretKey = 'secret-of-plain' }
                Signer = 'ASIAPLAIN'
            }
            @{ Parameter = 'Credential'; Value = 'AKIABASE'; Signer = 'AKIABASE' }
            @{ Parameter = 'Region'; Value = 'eu-west-1'; Setting = 'Region'; Host = '*.eu-west-1.*' }
            @{ Parameter = 'EndpointUrl'; Value = $Server.Http; Setting = 'EndpointUrl'; Host = '127.0.0.1:*' }
            @{
                Parameter = 'ForcePathStyleAddressing'
                Value = $true
                Setting = 'ForcePathStyle'
                Host = 's3.us-west-2.amazonaws.com'
            }
            @{
                Parameter = 'UseAccelerateEndpoint'
                Value = $true
                Setting = 'UseAccelerateEndpoint'
                Host = '*.s3-accelerate.amazonaws.com'
            }
            @{
                Parameter = 'UseFipsEndpoint'
                Value = $true
                Setting = 'UseFipsEndpoint'
                Host = '*.s3-fips.us-west-2.amazonaws.com'
            }
            @{
                Parameter = 'UseDualstackEndpoint'
                Value = $true
                Setting = 'UseDualstackEndpoint'
                Host = '*.s3.dualstack.us-west-2.amazonaws.com'
            }
            @{
                Parameter = 'ExpectedBucketOwner'
                Value = '111122223333'
                Setting = 'ExpectedBucketOwner'
                Header = 'x-amz-expected-bucket-owner'
            }
            @{ Parameter = 'RequestPayer'; Value = 'requester'; Setting = 'RequestPayer'; Header = 'x-amz-request-payer' }
            @{ Parameter = 'RequestChecksumCalculation'; Value = 'WhenSupported'; Setting = 'ChecksumsOnlyWhenRequired' }
            @{ Parameter = 'DisablePayloadSigning'; Value = $true; Setting = 'DisablePayloadSigning' }
            @{ Parameter = 'SkipCertificateCheck'; Value = $true; Setting = 'SkipCertificateCheck' }
            @{ Parameter = 'MaxRetry'; Value = 3; Setting = 'MaxRetry' }
            @{ Parameter = 'Timeout'; Value = '33'; Setting = 'Timeout' }
        )
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"

        # The keys of the environment are not those of anybody, so whatever falls back to them is refused.
        $script = @'
            $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = 'AKIANOBODY', 'nothing'
            $flags = [Reflection.BindingFlags]'Instance, Public, NonPublic'
            function Read-Hidden($From, [string[]] $Names) {
                foreach ($name in $Names) { $From = $From.GetType().GetProperty($name, $flags).GetValue($From) }
                $From
            }
            # What a process knows beside a part and its upload is attached to them from outside.
            function Read-Setting($Part, $Setting) {
                $static = [Reflection.BindingFlags]'Static, NonPublic'
                $engine = 'S3Multipart.Core.Engine'
                $core = [S3Multipart.MultipartUpload].Assembly
                $origin = $core.GetType("$engine.PartOrigin").GetMethod('Of', $static).Invoke($null, @($Part.PSObject.BaseObject))
                $upload = (Read-Hidden $origin Upload).PSObject.BaseObject
                $state = $core.GetType("$engine.UploadState").GetMethod('Of', $static).Invoke($null, @($upload))
                Read-Hidden $state Connection, Settings, $Setting
            }
            $said = @{}
            foreach ($case in $a.cases | ConvertFrom-Json -AsHashtable) {
                $with = @{ $case.Parameter = $case.Value } + ($case.Also ?? @{})
                if ($case.Parameter -eq 'Credential') {
                    $with.Credential = [pscredential]::new($case.Value, (ConvertTo-SecureString 'base-secret' -AsPlainText -Force))
                }
                $said[$case.Parameter] = try {
                    $upload = New-S3MultipartUpload $a.bucket $case.Parameter -AccessKey $a.key -SecretKey $a.secret `
                        -Region us-west-2 -ErrorAction Stop
                    $part = [byte[]](1, 2, 3) | Add-S3UploadPart $upload @with -ErrorAction Stop
                    $null = $part | Complete-S3MultipartUpload -ErrorAction Stop
                    if ($case.Setting) { "$(Read-Setting $part $case.Setting)" } else { '' }
                }
                catch { "failed: $_" }
            }
            [pscustomobject]$said
'@
        $arguments = @{ cases = ConvertTo-Json $cases -Depth 4; bucket = $bucket; key = 'AKIABASE'; secret = 'base-secret' }
        $outcome = Invoke-AtAmazon $script $arguments
        $requests = @(Get-LocalS3Request $Server.Http | ForEach-Object { $_ } |
            Where-Object operation -In UploadPart, CompleteMultipartUpload)
    }

    It 'is about every parameter of the connection' {
        $base = (Get-Command New-S3MultipartUpload).ImplementingType.BaseType.BaseType.BaseType
        $names = $base.GetProperties('Public, Instance, DeclaredOnly').Name
        Compare-Object $names $cases.Parameter | ForEach-Object { $_.InputObject } | Should -BeNullOrEmpty
    }

    It 'holds from there on, and what others were given before it too: <_>' -ForEach @(
        'ProfileName', 'ProfileLocation', 'AccessKey', 'SecretKey', 'SessionToken', 'Credential', 'Region', 'EndpointUrl'
        'ForcePathStyleAddressing', 'UseAccelerateEndpoint', 'UseFipsEndpoint', 'UseDualstackEndpoint', 'ExpectedBucketOwner'
        'RequestPayer', 'RequestChecksumCalculation', 'DisablePayloadSigning', 'MaxRetry', 'Timeout'
    ) {
        $parameter = $_
        $case = $cases | Where-Object Parameter -EQ $parameter
        $value = switch ($parameter) {
            'Timeout' { '00:00:33' }
            'RequestPayer' { 'True' }
            'RequestChecksumCalculation' { 'False' }
            default { "$($case.Value)" }
        }

        $outcome.$parameter | Should -BeExactly $(if ($case.Setting) { $value } else { '' })
        $sent = @($requests | Where-Object key -CEQ $parameter)
        $sent.operation | Should -Be 'UploadPart', 'CompleteMultipartUpload'
        foreach ($request in $sent) {
            $request.status | Should -Be 200
            $request.headers.authorization | Should -BeLike "*Credential=$($case.Signer ?? 'AKIABASE')/*"
            $request.host | Should -BeLike ($case.Host ?? '*.s3.us-west-2.amazonaws.com')
            if ($case.Header) { $request.headers.$($case.Header) | Should -BeExactly $case.Value }
        }
    }
}

Describe 'Credentials given on the way, on <Server.Name>' -Skip:($Server.Name -ne 'LocalS3') -ForEach @{ Server = $Server } {
    It 'to Add-S3UploadPart for an upload from a file reach Complete-S3MultipartUpload' {
        $upload = New-S3MultipartUpload @to -AccessKey AKIABASE -SecretKey base-secret
        $upload | Export-Clixml "$TestDrive/upload.xml"
        $said = Invoke-Bare @{ AWS_EC2_METADATA_DISABLED = 'true' } @'
            $upload = Import-Clixml $a.Xml
            $done = [byte[]](1, 2) | Add-S3UploadPart $upload -AccessKey AKIABASE -SecretKey base-secret -ErrorAction Stop |
                Complete-S3MultipartUpload -ErrorAction Stop
            @{ Size = $done.Size }
'@ @{ Xml = "$TestDrive/upload.xml" }
        $said.Text | Should -BeNullOrEmpty
        $said.Size | Should -Be 2
    }

    It 'and the endpoint too, for an upload that names none' {
        $upload = New-S3MultipartUpload @to -AccessKey AKIABASE -SecretKey base-secret
        $said = Invoke-Bare @{ AWS_EC2_METADATA_DISABLED = 'true' } @'
            $upload = @{ BucketName = $a.Bucket; Key = 'k'; UploadId = $a.Id }
            $keys = @{ AccessKey = 'AKIABASE'; SecretKey = 'base-secret' }
            $parts = [byte[]](1, 2) | Add-S3UploadPart $upload -EndpointUrl $a.Url @keys -ErrorAction Stop
            $done = $parts | ConvertTo-Json | ConvertFrom-Json | Complete-S3MultipartUpload @keys -ErrorAction Stop
            @{ Size = $done.Size }
'@ @{ Id = $upload.UploadId }
        $said.Text | Should -BeNullOrEmpty
        $said.Size | Should -Be 2
    }

    It 'ask nobody again for a code where another parameter is given' {
        # The role was opened once; with another setting the same credentials continue.
        $asked = Get-Asked {
            $upload = New-S3MultipartUpload @to -ProfileName plain -ProfileLocation $profiles
            $null = [byte[]](1, 2) | Add-S3UploadPart $upload -RequestPayer requester | Complete-S3MultipartUpload
        }
        @($asked -match 'AssumeRole') | Should -HaveCount 1
    }
}
