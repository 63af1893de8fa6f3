param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http

    # A PowerShell of its own does all there is to do with a key, well and badly, on every stream and with a transcript, and shows and
    # serialises whatever it got. What is searched is everything that it wrote.
    $script = @'
        param($ModulePath, $Bucket, $Endpoint, $KeyFile, $Folder)
        Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')
        $secrets = Get-Content -LiteralPath $KeyFile -Raw | ConvertFrom-Json
        $key = [Convert]::FromBase64String($secrets.key)
        $other = [Convert]::FromBase64String($secrets.other)
        $short = [Convert]::FromBase64String($secrets.short)
        Remove-Item Env:AWS_ACCESS_KEY_ID, Env:AWS_SECRET_ACCESS_KEY
        $credential = [pscredential]::new('testaccess', (ConvertTo-SecureString $secrets.secret -AsPlainText -Force))
        $wrong = [pscredential]::new('testaccess', (ConvertTo-SecureString $secrets.wrong -AsPlainText -Force))
        $at = @{ EndpointUrl = $Endpoint; Credential = $credential }
        $file = Join-Path $Folder 'file.bin'
        [IO.File]::WriteAllBytes($file, [byte[]]::new(5MB + 10))
        $ErrorActionPreference = 'Continue'
        $null = Start-Transcript (Join-Path $Folder 'transcript.txt')
        $all = & {
            $VerbosePreference = $DebugPreference = 'Continue'
            $secure = ConvertTo-SecureString $secrets.key -AsPlainText -Force
            $upload = New-S3MultipartUpload $Bucket good @at -SseCustomerKey $secure -LiteralPath $file -PartSize 5MB
            $upload
            $parts = @($upload | Add-S3UploadPart)
            $parts
            Get-S3MultipartUpload $Bucket @at -Key good -IncludePart -SseCustomerKey $key
            $upload | Get-S3UploadPart
            # Bad uses: each an error.
            try { New-S3MultipartUpload $Bucket bad @at -SseCustomerKey $short } catch { $_ }
            try { New-S3MultipartUpload $Bucket bad @at -SseCustomerKey $secrets.short } catch { $_ }
            try { New-S3MultipartUpload $Bucket bad @at -SseS3 -SseCustomerKey $secrets.key } catch { $_ }
            try { New-S3MultipartUpload $Bucket bad @at -SseCustomerKey $key -Metadata @{ 'a b' = 'c' } } catch { $_ }
            New-S3MultipartUpload $Bucket bad -Credential $credential -EndpointUrl http://192.0.2.1 -SseCustomerKey $key
            New-S3MultipartUpload $Bucket bad -Credential $credential -EndpointUrl http://0.0.0.0 -SseCustomerKey $key -Force
            New-S3MultipartUpload none-such none @at -SseCustomerKey $key
            New-S3MultipartUpload $Bucket bad -EndpointUrl $Endpoint -Credential $wrong -SseCustomerKey $key
            $upload | Add-S3UploadPart -SseCustomerKey $other
            $upload | Add-S3UploadPart -SourceBucketName $Bucket -SourceKey none -SseCustomerKey $key -CopySourceSseCustomerKey $other
            Get-S3UploadPart $Bucket good unknown @at -SseCustomerKey $key
            Complete-S3MultipartUpload $Bucket good unknown @at -SseCustomerKey $key
            Complete-S3MultipartUpload -Upload $upload -SseCustomerKey $key
            Stop-S3MultipartUpload $Bucket good $upload.UploadId @at -Force -PassThru
        } *>&1
        $all | Out-Default
        $null = Stop-Transcript
        $shown = foreach ($one in $all) {
            $one | Format-List * -Force | Out-String -Width 4000
            "$one"
            if ($one -is [Management.Automation.ErrorRecord]) {
                Get-Error -InputObject $one | Out-String -Width 4000
                for ($e = $one.Exception; $e; $e = $e.InnerException) {
                    $e.ToString()
                    $e | Format-List * -Force | Out-String -Width 4000
                    $e.Data | Out-String
                }
            }
            else {
                # JSON asks a record for the command that wrote it, some of whose properties throw: wine does not come back from that.
                $isRecord = $one -is [Management.Automation.InformationalRecord]
                $(if ($isRecord -and $env:WINEPREFIX) { $one.Message } else { $one }) | ConvertTo-Json -Depth 3 -WarningAction Ignore
                $one | ConvertTo-Csv
            }
            [Management.Automation.PSSerializer]::Serialize($one, 2)
        }
        [IO.File]::WriteAllLines((Join-Path $Folder 'shown.txt'), [string[]]$shown)
        [pscustomobject]@{
            Outputs  = @(
                $all | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] -and $_ -isnot [Management.Automation.VerboseRecord] }
            ).Count
            Errors   = @(
                $all | Where-Object { $_ -is [Management.Automation.ErrorRecord] } |
                    ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] }
            )
            Verboses = @($all | Where-Object { $_ -is [Management.Automation.VerboseRecord] }).Count
        }
'@
    # Keys of letters, so that they would be seen however they were written.
    $secrets = @{ key = 'TheKeyOfTheCustomerWith32Letters'; other = 'AnotherKeyOfTheCustomer,32Letter'; short = 'ShortKeyOfTheCustomer' }
    $given = @{ secret = 'testsecret'; wrong = 'wrongsecretwrongsecret' }
    foreach ($name in $secrets.Keys) { $given[$name] = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes($secrets[$name])) }
    $folder = New-TestFolder
    $keyFile = "$TestDrive/keys.json"
    $given | ConvertTo-Json | Set-Content -LiteralPath $keyFile
    $said = Invoke-FreshPwsh $script @{
        ModulePath = $ModulePath
        Bucket = $bucket
        Endpoint = $Server.Https
        KeyFile = $keyFile
        Folder = $folder
    }
    $written = @{}
    foreach ($name in 'transcript.txt', 'shown.txt') { $written[$name] = [IO.File]::ReadAllText((Join-Path $folder $name)) }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Keys and secrets on <Server.Name>' -Tag NeedsHttps -ForEach @{ Server = $Server } {
    It 'were used in every way that was to be searched' {
        # The upload twice, two parts twice, and the warning of -Force.
        $said.Outputs | Should -BeGreaterOrEqual 7
        $said.Verboses | Should -BeGreaterThan 10
        foreach ($id in 'ParameterArgumentTransformationError', 'AmbiguousParameterSet', 'MetadataNameInvalid', 'PlainHttpRefused',
            'EndpointUnreachable', 'NoSuchBucket', 'SignatureDoesNotMatch', 'NoSuchUpload') {
            $said.Errors | Should -Contain $id
        }

        $written.'transcript.txt' | Should -BeLike '*UploadPart s3://*'
        $written.'shown.txt'.Length | Should -BeGreaterThan 20000
    }

    It 'are nowhere in the <Where>: <Secret> as <Form>' -ForEach @(
        foreach ($where in 'transcript.txt', 'shown.txt') {
            foreach ($secret in 'key', 'other', 'short') {
                foreach ($form in 'letters', 'base64', 'hex', 'numbers') { @{ Where = $where; Secret = $secret; Form = $form } }
            }
            @{ Where = $where; Secret = 'secret'; Form = 'letters' }
            @{ Where = $where; Secret = 'wrong'; Form = 'letters' }
        }
    ) {
        $plain = $secrets[$Secret] ?? $given[$Secret]
        $ascii = [Text.Encoding]::ASCII.GetBytes($plain)
        $sought = switch ($Form) {
            'letters' { $plain }
            'base64' { [Convert]::ToBase64String($ascii).TrimEnd('=') }
            'hex' { [Convert]::ToHexString($ascii) }
            'numbers' { $ascii[0..5] -join '[\s,;]+' }
        }
        # Neither whole nor the beginning of it.
        $pattern = if ($Form -eq 'numbers') { $sought } else { [regex]::Escape($sought.Substring(0, [Math]::Min(10, $sought.Length))) }
        # Without regard to case, which hex may have either way. The match itself is not shown.
        [regex]::IsMatch($written[$Where], $pattern, 'IgnoreCase') | Should -BeFalse
    }
}
