param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $path = Join-Path $TestDrive parts.bin
    New-TestFile $path (15MB + 11)
    $hash = (Get-FileHash $path).Hash

    function New-Upload { Get-Item $path | New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n')) -PartSize 5MB }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Objects that leave the process, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'go through Clixml files and work at the other side' {
        $upload = New-Upload
        $upload | Export-Clixml "$TestDrive/upload.xml"
        $read = Import-Clixml "$TestDrive/upload.xml"
        $read | Should -Not -BeOfType ([S3Multipart.MultipartUpload])
        foreach ($name in $upload.PSObject.Properties.Name) { "$($read.$name)" | Should -BeExactly "$($upload.$name)" -Because $name }
        $read.Length, $read.PartSize | Should -BeOfType ([long])
        $read.Initiated | Should -BeOfType ([DateTime])

        $read | Add-S3UploadPart | Export-Clixml "$TestDrive/parts.xml"
        $done = Import-Clixml "$TestDrive/parts.xml" | Complete-S3MultipartUpload
        $done.Size | Should -Be (15MB + 11)
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash
    }

    It 'go through JSON and work at the other side' {
        $upload = New-Upload
        $parts = $upload | ConvertTo-Json | ConvertFrom-Json | Add-S3UploadPart | ConvertTo-Json | ConvertFrom-Json
        $parts | Should -HaveCount 4
        ($parts | Complete-S3MultipartUpload).Size | Should -Be (15MB + 11)
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash
    }

    It 'are rows of a table, and bind as such' {
        $upload = New-Upload
        $upload | Add-S3UploadPart | Export-Csv "$TestDrive/parts.csv"
        $held = Get-S3MultipartUpload @to -Key $upload.Key -IncludePart
        $row = $held | ConvertTo-Csv | ConvertFrom-Csv
        $row.Parts | Should -BeExactly '4 parts'
        $row.PartCount, $row.StoredBytes | Should -BeExactly '4', "$(15MB + 11)"
        ($held | ConvertTo-Json | ConvertFrom-Json).Parts.PartNumber | Should -Be 1, 2, 3, 4
        $held | Export-Clixml "$TestDrive/held.xml"
        (Import-Clixml "$TestDrive/held.xml").Parts.ETag | Should -BeExactly $held.Parts.ETag
        $done = Import-Csv "$TestDrive/parts.csv" | Complete-S3MultipartUpload
        $done.Size | Should -Be (15MB + 11)
        foreach ($value in ($done | ConvertTo-Csv | ConvertFrom-Csv).PSObject.Properties.Value) { $value | Should -Not -BeLike '*System.*' }
    }

    It 'go into jobs: begun here, sent from two, completed from a third' -Tag NeedsFirstServer {
        $upload = New-Upload
        $manifest = Join-Path $ModulePath 'S3Multipart.psd1'
        $jobs = @(1, 2), @(3, 4) | ForEach-Object {
            Start-Job -ArgumentList $manifest, $upload, $_ {
                param($module, $upload, $numbers)
                Import-Module $module
                $upload | Add-S3UploadPart -PartNumber $numbers
            }
        }
        $parts = $jobs | Receive-Job -Wait -AutoRemoveJob
        $parts.PartNumber | Sort-Object | Should -Be 1, 2, 3, 4
        $last = Start-Job -ArgumentList $manifest, $parts {
            param($module, $parts)
            Import-Module $module
            $parts | Complete-S3MultipartUpload
        }
        $done = $last | Receive-Job -Wait -AutoRemoveJob
        $done.Size, $done.PartCount | Should -Be (15MB + 11), 4
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash
    }

    It 'go into threads with their connection' {
        $upload = New-S3MultipartUpload @to -Key threads -LiteralPath $path -PartSize 5MB -AccessKey testaccess -SecretKey testsecret
        $parts = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:ModulePath/S3Multipart.psd1
            $using:upload | Add-S3UploadPart -PartNumber $_
        } -ThrottleLimit 2
        ($parts | Complete-S3MultipartUpload).PartCount | Should -Be 4
        Get-ObjectHash $Server.Http $bucket 'threads' | Should -BeExactly $hash
    }
}

Describe 'Secrets, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll {
        # The keys are given as parameters only, so that nothing but the module could know them.
        $keys = @{ AccessKey = $env:AWS_ACCESS_KEY_ID; SecretKey = $env:AWS_SECRET_ACCESS_KEY }
        $wrong = @{ AccessKey = 'testaccess'; SecretKey = 'a-very-wrong-secret-indeed' }
        $secrets = @($keys.Values) + @($wrong.Values) | Select-Object -Unique
        $saved = $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY

        function Show-All($InputObject) {
            $texts = [Management.Automation.PSSerializer]::Serialize($InputObject, 5)
            $texts += $InputObject | ConvertTo-Json -Depth 4 -WarningAction SilentlyContinue
            $texts += $InputObject | Format-List * -Force | Out-String -Width 4096
            $texts += $InputObject | Format-Custom * -Depth 4 -Force | Out-String -Width 4096
            $texts += $InputObject | ConvertTo-Csv | Out-String
            $texts += $InputObject | ForEach-Object ToString | Out-String
            $texts
        }

        function Show-Error($ErrorRecord) {
            $ErrorRecord | Format-List * -Force | Out-String -Width 4096
            $ErrorRecord | Out-String -Width 4096
            for ($exception = $ErrorRecord.Exception; $exception; $exception = $exception.InnerException) {
                $exception | Format-List * -Force | Out-String -Width 4096
                $exception.ToString()
            }

            [Management.Automation.PSSerializer]::Serialize($ErrorRecord, 3)
        }

        function Assert-NoSecret([string[]] $Text) {
            foreach ($one in $Text) {
                foreach ($secret in $secrets) {
                    $one.Contains($secret, 'OrdinalIgnoreCase') | Should -BeFalse -Because "'$secret' must not be in: $one"
                }
            }
        }
    }

    BeforeEach { $env:AWS_ACCESS_KEY_ID = $env:AWS_SECRET_ACCESS_KEY = $null }
    AfterEach { $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = $saved }

    It 'are in no object, and in no verbose or debug line' {
        $run = Watch-Run {
            $DebugPreference = 'Continue'
            $upload = New-S3MultipartUpload @to -Key secret -LiteralPath $path -PartSize 5MB @keys
            $upload
            $parts = $upload | Add-S3UploadPart
            $parts
            $upload | Get-S3UploadPart
            Get-S3MultipartUpload @to -Key secret -IncludePart @keys
            $parts | Complete-S3MultipartUpload
            New-S3MultipartUpload @to -Key stopped @keys | Stop-S3MultipartUpload -Force -PassThru
        }
        $run.Errors + $run.Thrown | Should -BeNullOrEmpty
        $run.Output.Count | Should -BeGreaterThan 10
        $run.Verbose.Count | Should -BeGreaterThan 10
        Assert-NoSecret $run.Verbose
        foreach ($object in $run.Output) { Assert-NoSecret (Show-All $object) }
    }

    It 'travel with an upload inside the process all the same' {
        $upload = New-S3MultipartUpload @to -Key inside -LiteralPath $path -PartSize 5MB @keys
        ($upload | Add-S3UploadPart | Complete-S3MultipartUpload).Size | Should -Be (15MB + 11)
        $read = Copy-AsText $upload
        $run = Watch-Run { $read | Get-S3UploadPart }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'CredentialsNotFound'
    }

    It 'are in no error of <What>' -ForEach @(
        @{ What = 'a wrong secret'; Fail = { New-S3MultipartUpload @to -Key k @wrong }; Name = 'SignatureDoesNotMatch' }
        @{
            What = 'a missing bucket'
            Fail = { New-S3MultipartUpload t-none-such-bucket k -EndpointUrl $Server.Http @keys }
            Name = 'NoSuchBucket'
        }
        @{
            What = 'an unknown upload'
            Fail = { Add-S3UploadPart (@{ Key = 'k'; UploadId = 'x' } + $to) -LiteralPath $path @keys }
            Name = 'NoSuchUpload'
        }
        @{
            What = 'a store that is not there'
            Fail = { New-S3MultipartUpload $bucket k -EndpointUrl http://127.0.0.1:9 @keys }
            Name = 'EndpointUnreachable'
        }
        @{
            What = 'a key without its secret'
            Fail = { New-S3MultipartUpload @to -Key k -SecretKey $keys.SecretKey }
            Name = 'KeysIncomplete'
        }
    ) {
        if ($What -match 'wrong secret') { Skip-Without Signature }
        $run = Watch-Run $Fail
        $failure = @($run.Errors) + @($run.Thrown) | Where-Object { $_ }
        $failure | Should -HaveCount 1
        Get-ErrorName $failure | Should -BeExactly $Name
        Assert-NoSecret (Show-Error $failure)
        Assert-NoSecret $run.Verbose
    }
}
