# What stands for Amazon's sources of credentials in the tests, on loopback: STS, IAM Identity Center, the container's endpoint and the
# instance's. It gives keys by fixed rules and remembers what it was asked.

$s_serve = {
    param($listener, $requests)

    function Send([Net.HttpListenerContext] $Context, [int] $Status, [string] $Type, [string] $Text) {
        $bytes = [Text.Encoding]::UTF8.GetBytes($Text)
        $Context.Response.StatusCode = $Status
        $Context.Response.ContentType = $Type
        $Context.Response.OutputStream.Write($bytes, 0, $bytes.Length)
        $Context.Response.Close()
    }

    # Keys for a name: the access key says where it comes from.
    function Get-Keys([string] $Name) {
        @{ Access = "ASIA$($Name.ToUpperInvariant())"; Secret = "secret-of-$Name"; Token = "token-of-$Name" }
    }

    $inAnHour = { [DateTime]::UtcNow.AddHours(1).ToString('yyyy-MM-ddTHH:mm:ssZ') }
    while ($listener.IsListening) {
        try { $context = $listener.GetContext() } catch { break }
        $request = $context.Request
        $body = [IO.StreamReader]::new($request.InputStream).ReadToEnd()
        $form = @{}
        foreach ($pair in $body -split '&' -match '=') {
            $name, $value = $pair -split '=', 2
            $form[$name] = [Uri]::UnescapeDataString($value.Replace('+', ' '))
        }

        $scope = if ("$($request.Headers['Authorization'])" -match 'Credential=([^/]+)/\d+/([^/]+)/([^/]+)/') {
            $Matches[1..3]
        }
        else {
            @($null, $null, $null)
        }
        $requests.Enqueue([pscustomobject]@{
            Method = $request.HttpMethod; Path = $request.Url.AbsolutePath; Form = $form
            AccessKey = $scope[0]; Region = $scope[1]; Token = $request.Headers['x-amz-security-token']
        })
        try {
            switch -Regex ("$($request.HttpMethod) $($request.Url.AbsolutePath)") {
                '^POST /$' {
                    # STS. A role is named by the end of its ARN; role 'denied' lets nobody in, and a device takes 123456 alone.
                    $action = $form['Action']
                    $role = ($form['RoleArn'] -split '/')[-1]
                    $wrongCode = $form['SerialNumber'] -and $form['TokenCode'] -ne '123456'
                    $wrongToken = $action -eq 'AssumeRoleWithWebIdentity' -and $form['WebIdentityToken'] -ne 'web-token'
                    if ($role -eq 'denied' -or $wrongCode -or $wrongToken) {
                        $why = if ($wrongCode) {
                            'MultiFactorAuthentication failed with invalid MFA one time pass code.'
                        }
                        else {
                            "User is not authorized to perform: sts:$action"
                        }
                        Send $context 403 'text/xml' ('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
                            "<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>$why</Message></Error>" +
                            '<RequestId>r</RequestId></ErrorResponse>')
                        break
                    }

                    $keys = Get-Keys $role
                    Send $context 200 'text/xml' ("<${action}Response xmlns=`"https://sts.amazonaws.com/doc/2011-06-15/`">" +
                        "<${action}Result>" +
                        "<AssumedRoleUser><AssumedRoleId>id:s</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/$role/s</Arn>" +
                        "</AssumedRoleUser>" +
                        "<Credentials><AccessKeyId>$($keys.Access)</AccessKeyId><SecretAccessKey>$($keys.Secret)</SecretAccessKey>" +
                        "<SessionToken>$($keys.Token)</SessionToken><Expiration>$(& $inAnHour)</Expiration></Credentials>" +
                        "</${action}Result></${action}Response>")
                }
                '^GET /federation/credentials$' {
                    # The portal of IAM Identity Center.
                    if ($request.Headers['x-amz-sso_bearer_token'] -notin 'good-token', 'renewed-token') {
                        $context.Response.Headers['x-amzn-ErrorType'] = 'UnauthorizedException'
                        Send $context 401 'application/json' '{"message":"Session token not found or invalid"}'
                        break
                    }

                    $keys = Get-Keys $request.QueryString['role_name']
                    $expires = [DateTimeOffset]::UtcNow.AddHours(1).ToUnixTimeMilliseconds()
                    Send $context 200 'application/json' (@{
                        roleCredentials = @{
                            accessKeyId = $keys.Access
                            secretAccessKey = $keys.Secret
                            sessionToken = $keys.Token
                            expiration = $expires
                        }
                    } | ConvertTo-Json)
                }
                '^POST /token$' {
                    Send $context 200 'application/json' (
                        '{"accessToken":"renewed-token","expiresIn":3600,"refreshToken":"next","tokenType":"Bearer"}')
                }
                '^GET /container$' {
                    if ($request.Headers['Authorization'] -ne 'container-token') {
                        Send $context 401 'application/json' '{"message":"no"}'
                        break
                    }
                    $keys = Get-Keys 'container'
                    Send $context 200 'application/json' (@{
                        AccessKeyId = $keys.Access
                        SecretAccessKey = $keys.Secret
                        Token = $keys.Token
                        Expiration = (& $inAnHour)
                    } | ConvertTo-Json)
                }
                '^PUT /latest/api/token$' { Send $context 200 'text/plain' 'imds-token' }
                '^GET /latest/meta-data/iam/security-credentials/?$' { Send $context 200 'text/plain' 'instance-role' }
                '^GET /latest/meta-data/iam/security-credentials/instance-role$' {
                    $keys = Get-Keys 'instance'
                    Send $context 200 'application/json' (@{
                        Code = 'Success'
                        Type = 'AWS-HMAC'
                        LastUpdated = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
                        AccessKeyId = $keys.Access
                        SecretAccessKey = $keys.Secret
                        Token = $keys.Token
                        Expiration = (& $inAnHour)
                    } | ConvertTo-Json)
                }
                '^GET /latest/dynamic/instance-identity/document$' { Send $context 200 'application/json' '{"region":"ap-south-1"}' }
                default { Send $context 404 'text/plain' 'not found' }
            }
        }
        catch { $context.Response.Abort() }
    }
}

function Start-FakeIdentity {
    <# .SYNOPSIS Starts the endpoint; returns its Url, and what it was asked as the queue Requests. #>
    $listener = $null
    while (-not $listener) {
        # HttpListener takes no port 0, so a free one is looked for, and another if somebody was faster.
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $port = $probe.LocalEndpoint.Port
        $probe.Stop()
        $candidate = [Net.HttpListener]::new()
        $candidate.Prefixes.Add("http://127.0.0.1:$port/")
        try { $candidate.Start(); $listener = $candidate } catch { $candidate.Close() }
    }

    $requests = [Collections.Concurrent.ConcurrentQueue[object]]::new()
    $runner = [PowerShell]::Create().AddScript($s_serve).AddArgument($listener).AddArgument($requests)
    $null = $runner.BeginInvoke()
    [pscustomobject]@{ Url = "http://127.0.0.1:$port"; Requests = $requests; Listener = $listener; Runner = $runner }
}

function Stop-FakeIdentity {
    param([Parameter(Mandatory, ValueFromPipeline)] $Identity)
    process {
        $Identity.Listener.Close()
        $Identity.Runner.Dispose()
    }
}

Export-ModuleMember -Function Start-FakeIdentity, Stop-FakeIdentity
