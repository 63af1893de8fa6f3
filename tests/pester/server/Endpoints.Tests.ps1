param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Endpoints, on <Server.Name>' -Tag NeedsAmazonNames -ForEach @{ Server = $Server } {
    BeforeAll {
        # One PowerShell asks for all of them; what it requested is in LocalS3's record, whatever that answered.
        $many = New-TestBucket $Server.Http "m$([Guid]::NewGuid().ToString('n').Substring(0, 12)).mrap"
        $cases = @(
            @{ Name = 'plain'; With = @{ Region = 'eu-central-1' } }
            @{ Name = 'dualstack'; With = @{ Region = 'eu-central-1'; UseDualstackEndpoint = $true } }
            @{ Name = 'fips'; With = @{ Region = 'us-east-2'; UseFipsEndpoint = $true } }
            @{ Name = 'fips and dualstack'; With = @{ Region = 'us-east-2'; UseFipsEndpoint = $true; UseDualstackEndpoint = $true } }
            @{ Name = 'accelerate'; With = @{ Region = 'us-west-2'; UseAccelerateEndpoint = $true } }
            @{
                Name = 'accelerate and dualstack'
                With = @{ Region = 'us-west-2'; UseAccelerateEndpoint = $true; UseDualstackEndpoint = $true }
            }
            @{ Name = 'path style'; With = @{ Region = 'eu-central-1'; ForcePathStyleAddressing = $true } }
            @{ Name = 'access point'; With = @{ Region = 'us-west-2'; BucketName = 'arn:aws:s3:us-west-2:111122223333:accesspoint/point' } }
            @{
                Name = 'access point and fips'
                With = @{
                    Region = 'us-west-2'
                    UseFipsEndpoint = $true
                    BucketName = 'arn:aws:s3:us-west-2:111122223333:accesspoint/point'
                }
            }
            @{
                Name = 'access point of another Region'
                With = @{ Region = 'us-east-1'; BucketName = 'arn:aws:s3:us-west-2:111122223333:accesspoint/point' }
            }
            @{
                Name = 'multi-Region access point'
                With = @{ Region = 'us-west-2'; BucketName = "arn:aws:s3::111122223333:accesspoint/$($many -replace '\.mrap$').mrap" }
            }
            @{ Name = 'access point alias'; With = @{ Region = 'us-west-2'; BucketName = 'point-abcdefghijklmnopqrstuvwxyz0123-s3alias' } }
            @{
                Name = 'outpost'
                With = @{
                    Region = 'us-west-2'
                    BucketName = 'arn:aws:s3-outposts:us-west-2:111122223333:outpost/op-01234567890123456/accesspoint/point'
                }
            }
        )
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $outcome = Invoke-AtAmazon '
            $said = @{}
            foreach ($case in $a.cases | ConvertFrom-Json -AsHashtable) {
                $with = @{ BucketName = $a.bucket }
                foreach ($name in $case.With.Keys) { $with[$name] = $case.With[$name] }
                $said[$case.Name] = try {
                    "$((New-S3MultipartUpload @with -Key $case.Name -ErrorAction Stop).UploadId.Length -gt 0)"
                }
                catch {
                    $_.FullyQualifiedErrorId
                }
            }
            [pscustomobject]$said' @{ cases = ConvertTo-Json $cases -Depth 4; bucket = $bucket }
        $requests = @(Get-LocalS3Request $Server.Http | ForEach-Object { $_ })

        function Get-Region($Request) {
            ($Request.headers.authorization -replace '.*Credential=([^,]+),.*', '$1').Split('/')[2, 3] -join '/'
        }
    }

    It '<Case>: the host is <Name>, signed for <Scope>' -ForEach @(
        @{ Case = 'plain'; Name = 'BUCKET.s3.eu-central-1.amazonaws.com'; Scope = 'eu-central-1/s3' }
        @{ Case = 'dualstack'; Name = 'BUCKET.s3.dualstack.eu-central-1.amazonaws.com'; Scope = 'eu-central-1/s3' }
        @{ Case = 'fips'; Name = 'BUCKET.s3-fips.us-east-2.amazonaws.com'; Scope = 'us-east-2/s3' }
        @{ Case = 'fips and dualstack'; Name = 'BUCKET.s3-fips.dualstack.us-east-2.amazonaws.com'; Scope = 'us-east-2/s3' }
        @{ Case = 'accelerate'; Name = 'BUCKET.s3-accelerate.amazonaws.com'; Scope = 'us-west-2/s3' }
        @{ Case = 'accelerate and dualstack'; Name = 'BUCKET.s3-accelerate.dualstack.amazonaws.com'; Scope = 'us-west-2/s3' }
        @{ Case = 'path style'; Name = 's3.eu-central-1.amazonaws.com'; Scope = 'eu-central-1/s3' }
    ) {
        $request = @($requests | Where-Object { $_.target -like "*/$([Uri]::EscapeDataString($Case))?uploads*" })
        $request | Should -HaveCount 1
        $request[0].host | Should -BeExactly ($Name -replace 'BUCKET', $bucket)
        Get-Region $request[0] | Should -BeExactly $Scope
        $outcome.$Case | Should -BeExactly 'True'
    }

    It 'multi-Region access point: signed for all Regions, with the asymmetric signature, which LocalS3 verifies' {
        $request = @($requests | Where-Object { $_.target -like '*/multi-Region%20access%20point?uploads*' })
        $request | Should -HaveCount 1
        $request[0].host | Should -BeExactly "$many.accesspoint.s3-global.amazonaws.com"
        $request[0].headers.'x-amz-region-set' | Should -BeExactly '*'
        $request[0].headers.authorization |
            Should -BeLike 'AWS4-ECDSA-P256-SHA256 Credential=testaccess/????????/s3/aws4_request,*x-amz-region-set*'
        $outcome.'multi-Region access point' | Should -BeExactly 'True'
    }

    # LocalS3 has no access points: it takes their host for a bucket's own name, and responses that there is none.
    It '<Case>: the host is <Name>, signed for <Scope>' -ForEach @(
        @{ Case = 'access point'; Name = 'point-111122223333.s3-accesspoint.us-west-2.amazonaws.com'; Scope = 'us-west-2/s3' }
        @{ Case = 'access point and fips'; Name = 'point-111122223333.s3-accesspoint-fips.us-west-2.amazonaws.com'; Scope = 'us-west-2/s3' }
        @{
            Case = 'access point of another Region'
            Name = 'point-111122223333.s3-accesspoint.us-west-2.amazonaws.com'
            Scope = 'us-west-2/s3'
        }
        @{
            Case = 'access point alias'
            Name = 'point-abcdefghijklmnopqrstuvwxyz0123-s3alias.s3.us-west-2.amazonaws.com'
            Scope = 'us-west-2/s3'
        }
        @{
            Case = 'outpost'
            Name = 'point-111122223333.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com'
            Scope = 'us-west-2/s3-outposts'
        }
    ) {
        $request = @($requests | Where-Object { $_.target -like "/$([Uri]::EscapeDataString($Case))?uploads*" })
        $request | Should -HaveCount 1 -Because $outcome.$Case
        $request[0].host | Should -BeExactly $Name
        Get-Region $request[0] | Should -BeExactly $Scope
    }
}

Describe 'Endpoints that do not go together, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'refuses <Parameter> with -EndpointUrl in its own words, and sends nothing' -ForEach @{ Parameter = 'UseAccelerateEndpoint' } {
        $with = @{ $Parameter = $true }
        $null = Get-SentRequest { New-S3MultipartUpload $bucket 'k' -EndpointUrl $Server.Http @with } | Should -BeNullOrEmpty
        $run = Watch-Run { New-S3MultipartUpload $bucket 'k' -EndpointUrl $Server.Http @with }
        @(@($run.Errors) + @($run.Thrown) | Where-Object { $_ })[0].Exception | Should -BeOfType ([S3Multipart.S3MultipartException])
    }
}
