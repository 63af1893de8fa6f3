param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery {
    # build.ps1 Faults runs the long version.
    $sizes = if ($env:S3MULTIPART_LONG_FAULTS) {
        @{ Size = 2GB; PartSize = 16MB; Kills = 10 }
    }
    else {
        @{ Size = 100MB; PartSize = 5MB; Kills = 3 }
    }
    $runs = if ($env:S3MULTIPART_LONG_FAULTS) { @{ Count = 500; Size = 6MB } } else { @{ Count = 24; Size = 5MB + 1 } }
    $hasAws = [bool](Get-Command aws -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $proxy = Start-FaultProxy $Server.Http
    $folder = New-TestFolder
    $throttleLimit = 4

    # A program in a process of its own, that can be killed as no program can prevent.
    function Start-Program([string] $Name, [string[]] $Arguments) {
        Start-Process $Name -ArgumentList $Arguments -PassThru -RedirectStandardOutput "$folder/out.txt" `
            -RedirectStandardError "$folder/err.txt"
    }

    function Start-Line([string] $Path, [string] $Key, [long] $PartSize) {
        Start-Script ("Get-Item '$Path' | " +
            "New-S3MultipartUpload -BucketName $bucket -Key $Key -EndpointUrl $($proxy.Http) -PartSize $PartSize -Resume | " +
            "Add-S3UploadPart -ThrottleLimit $throttleLimit | Complete-S3MultipartUpload | ConvertTo-Json")
    }

    function Start-Script([string] $Script) {
        $line = "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$ModulePath/S3Multipart.psd1'; $Script"
        $shell, $first = Get-ShellCommand
        Start-Program $shell ($first + '-EncodedCommand' + ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($line))))
    }

    function Stop-Killed([Diagnostics.Process] $Process) {
        $Process.Kill($true)
        $Process.WaitForExit()
        # What the proxy holds of the dead is not to reach the server.
        Clear-ProxyConnection $proxy -Cut
    }

    function Get-HeldPart([string] $Key) {
        $uploads = @(Get-StoredUpload $bucket $Key)
        if ($uploads) { @(Get-StoredPart ([pscustomobject]@{ BucketName = $bucket; Key = $Key; UploadId = $uploads[0].UploadId })) }
    }

    # Kills a program of another maker once one part hangs and all the others are stored, and resumes what it began.
    function Assert-Resumed([string] $Key, [string] $Program, [string[]] $Arguments) {
        # An object with the bytes of the file would be left as it is.
        $null = Invoke-S3 @{ Endpoint = $Server.Http; Method = 'DELETE'; Bucket = $bucket; Key = $Key }
        Set-ProxyFault $proxy @{ request = "^PUT /$bucket/$Key\?.*partNumber=3(&| )"; action = 'black-hole'; times = 1000 }
        $begun = Start-Program $Program $Arguments
        try {
            try {
                Wait-ProxyFault $proxy -While { -not $begun.HasExited }
            }
            catch {
                throw "$_ It said: $(Get-Content "$folder/err.txt" -Raw)"
            }
            $clock = [Diagnostics.Stopwatch]::StartNew()
            while (@(Get-HeldPart $Key).Count -lt 3) {
                if ($clock.Elapsed.TotalSeconds -gt 60) { throw "Fewer than 3 parts were stored: $(Get-Content "$folder/err.txt" -Raw)" }
                [Threading.Thread]::Sleep(100)
            }
        }
        finally { Stop-Killed $begun }

        Set-ProxyFault $proxy
        $held = @(Get-HeldPart $Key)
        $sent = [Collections.Generic.List[object]]::new()
        $upload = Get-Item $file | New-S3MultipartUpload -BucketName $bucket -Key $Key -EndpointUrl $proxy.Http -Resume
        $upload.Resumed | Should -BeTrue
        $done = $upload | Add-S3UploadPart | ForEach-Object { $sent.Add($_); $_ } | Complete-S3MultipartUpload
        $done.Size | Should -Be 48MB
        Get-ObjectHash $Server.Http $bucket $Key | Should -BeExactly (Get-FileHash $file).Hash
        $kept = @($sent | Where-Object Resumed)
        # A part that had reached the server whole when its sender was killed may have been stored after the list was read.
        $held | Where-Object PartNumber -NotIn $kept.PartNumber | Should -BeNullOrEmpty
        # What was kept was not sent: only the rest went through the proxy.
        (Get-ProxyReport $proxy).up | Should -BeLessThan (48MB - ($kept | Measure-Object Size -Sum).Sum + 1MB)
        Get-StoredUpload $bucket $Key | Should -BeNullOrEmpty
        Write-Host "    $($kept.Count) of $($done.PartCount) parts were kept"
    }
}

AfterAll {
    $proxy | Stop-TestServer
    Remove-TestBucket $Server.Http $bucket
}

Describe 'A line that is killed, on <Server.Name>' -Tag NeedsVolume -ForEach @{ Server = $Server } {
    It 'and run again <Kills> times over continues where it was, and sends <Size> bytes once but for what was in flight' -ForEach $sizes {
        $seed = [Random]::Shared.Next()
        $random = [Random]::new($seed)
        $path = Join-Path $folder killed.bin
        New-TestFile $path $Size
        $count = [int][Math]::Ceiling($Size / $PartSize)
        $bytes = 0L
        $moments = foreach ($kill in 1..$Kills) {
            # A random byte of a random part of those that are missing; where none is, the completion.
            $missing = $count - @(Get-HeldPart killed).Count
            $nth = $random.Next(1, [Math]::Max(1, [Math]::Min($missing, [int](2 * $missing / ($Kills - $kill + 2)))) + 1)
            $rule = if ($missing) {
                @{ request = '^PUT '; nth = $nth; after = $random.Next(0, $PartSize) }
            }
            else {
                @{ request = '^POST .*uploadId=' }
            }
            Set-ProxyFault $proxy ($rule + @{ action = 'black-hole' })
            $line = Start-Line $path killed $PartSize
            try { Wait-ProxyFault $proxy -While { -not $line.HasExited } } finally { Stop-Killed $line }
            $bytes += (Get-ProxyReport $proxy).up
            "$nth of $missing"
            Get-ObjectHash $Server.Http $bucket killed | Should -BeNullOrEmpty
            @(Get-StoredUpload $bucket killed).Count | Should -BeLessOrEqual 1
        }

        Set-ProxyFault $proxy
        $line = Start-Line $path killed $PartSize
        $line.WaitForExit()
        (Get-Content "$folder/out.txt" -Raw | ConvertFrom-Json).Size | Should -Be $Size
        $bytes += (Get-ProxyReport $proxy).up
        Get-ObjectHash $Server.Http $bucket killed | Should -BeExactly (Get-FileHash $path).Hash
        Get-StoredUpload $bucket killed | Should -BeNullOrEmpty
        Write-Host ('    seed {0}: killed at part {1}; {2:n1} MiB sent of {3:n0}, {4:n1} for each kill' -f $seed, ($moments -join ', '),
            ($bytes / 1MB), ($Size / 1MB), (($bytes - $Size) / 1MB / $Kills))
        $bytes | Should -BeLessThan ($Size + $Kills * $throttleLimit * $PartSize)
        Remove-Item $path
    }
}

Describe 'A run of many files that is killed, on <Server.Name>' -Tag NeedsVolume -ForEach @{ Server = $Server } {
    It 'and run again sends <Count> files once but for what was in flight, and then nothing' -ForEach $runs {
        $many = New-TestFolder
        foreach ($i in 1..$Count) { New-TestFile "$many/$i.bin" $Size -Seed $i }
        $total = $Count * $Size
        $line = "Get-ChildItem '$many' -File | New-S3MultipartUpload -BucketName $bucket -KeyPrefix many/ -Resume " +
            "-EndpointUrl $($proxy.Http) -ThrottleLimit $throttleLimit | Add-S3UploadPart -ThrottleLimit $throttleLimit | " +
            'Complete-S3MultipartUpload | Group-Object Outcome -NoElement | ForEach-Object { "$($_.Name) $($_.Count)" }'
        $seed = [Random]::Shared.Next()
        $random = [Random]::new($seed)
        $bytes = 0L
        foreach ($kill in 1..3) {
            Set-ProxyFault $proxy
            $moment = $random.NextInt64($total / 8, $total / 3)
            $run = Start-Script $line
            while (-not $run.HasExited -and ($up = (Get-ProxyReport $proxy).up) -lt $moment) { [Threading.Thread]::Sleep($up ? 5 : 40) }
            Stop-Killed $run
            $bytes += (Get-ProxyReport $proxy).up
        }

        Set-ProxyFault $proxy
        $run = Start-Script $line
        $run.WaitForExit()
        $bytes += (Get-ProxyReport $proxy).up
        foreach ($i in 1..$Count) {
            Get-ObjectHash $Server.Http $bucket "many/$i.bin" | Should -BeExactly (Get-FileHash "$many/$i.bin").Hash
        }
        Get-StoredUpload $bucket many/ | Should -BeNullOrEmpty
        Write-Host ('    seed {0}: {1:n1} MiB sent of {2:n0}; {3}' -f
            $seed, ($bytes / 1MB), ($total / 1MB), ((Get-Content "$folder/out.txt") -join ', '))
        # In flight: parts, and what the connections hold of them besides.
        $bytes | Should -BeLessThan ($total + 3 * $throttleLimit * ($Size + 1MB))

        Set-ProxyFault $proxy
        $last = Watch-Run {
            Get-ChildItem $many -File |
                New-S3MultipartUpload -BucketName $bucket -KeyPrefix many/ -Resume -EndpointUrl $proxy.Http -Verbose |
                Add-S3UploadPart -Verbose | Complete-S3MultipartUpload -Verbose
        }
        $last.Errors | Should -BeNullOrEmpty
        $last.Output | Should -HaveCount $Count
        $last.Output.Outcome | Select-Object -Unique | Should -BeExactly Unchanged
        $last.Requests.Count | Should -BeLessOrEqual ($Count * 1.2)
        (Get-ProxyReport $proxy).up | Should -BeLessThan ($Count * 2KB)
        Remove-Item $many -Recurse
    }
}

Describe 'An upload begun by another client, on <Server.Name>' -Tag NeedsVolume -ForEach @{ Server = $Server } {
    BeforeAll {
        # Six parts of the 8 MiB that these clients cut.
        $file = Join-Path $folder other.bin
        New-TestFile $file 48MB
    }

    It 'the AWS CLI, is resumed with its parts' -Skip:(-not $hasAws) {
        # Debian's where it is installed, else the one on PATH.
        $aws = if (Test-Path /usr/bin/aws) { '/usr/bin/aws' } else { 'aws' }
        Assert-Resumed awscli $aws 's3', 'cp', '--only-show-errors', '--endpoint-url', $proxy.Http, $file, "s3://$bucket/awscli"
    }

    It 'the TransferUtility of the AWS SDK for .NET (<Kind>), is resumed with its parts' -ForEach @(
        @{ Kind = 'defaults'; Option = @() }
        @{ Kind = 'without checksums'; Option = @('--tuned') }
    ) {
        if ($Kind -eq 'defaults') { Skip-Without Trailer }
        $clients = "$PSScriptRoot/../../../out/build/bin/Clients/release/Clients.dll"
        Assert-Resumed other.bin dotnet (@(
            $clients, 'transferutility', '--endpoint', $proxy.Http, '--bucket', $bucket, '--part-size', 8MB, '--throttle', 6
        ) + $Option + @('--files', $file))
    }
}

Describe 'The report of a run that is killed, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'has just the files that have ended, each line whole, and the next run appends to it' {
        $tree = New-TestFolder
        foreach ($i in 1..40) { New-TestFile "$tree/$('{0:00}' -f $i).bin" 200KB -Seed $i }
        $report = Join-Path (New-TestFolder) report.jsonl
        # Slow enough to be killed in the middle, and so that some files are under way then.
        $run = Start-Script ("Send-S3File '$tree' $bucket report/ -Recurse -EndpointUrl $($proxy.Http) -ThrottleLimit 4 " +
            "-MaxBandwidth 1MB -Report '$report' | Out-Null")
        $deadline = [datetime]::UtcNow.AddSeconds(120)
        while (-not (Test-Path $report) -or @(Get-Content $report).Count -lt 5) {
            [datetime]::UtcNow | Should -BeLessThan $deadline
            $run.HasExited | Should -BeFalse
            Start-Sleep -Milliseconds 50
        }
        Stop-Killed $run
        (Get-Content $report -Raw) | Should -Match "\n$"
        $lines = @(Get-Content $report | ConvertFrom-Json)
        $lines.Count | Should -BeLessThan 40
        $lines.outcome | Sort-Object -Unique | Should -BeExactly Uploaded
        foreach ($line in $lines) {
            Get-ObjectHash $Server.Http $bucket $line.key | Should -BeExactly (Get-FileHash -LiteralPath $line.path).Hash
        }
        # What was under way may be stored without a line.
        $stored = @(1..40 | Where-Object { Get-ObjectHash $Server.Http $bucket "report/$('{0:00}' -f $_).bin" }).Count
        $stored | Should -BeGreaterOrEqual $lines.Count
        $stored | Should -BeLessOrEqual ($lines.Count + 4)

        $done = Send-S3File $tree $bucket report/ -Recurse -EndpointUrl $Server.Http -Report $report -InformationVariable told
        $done | Should -HaveCount 40
        @($done | Where-Object Outcome -EQ Unchanged).Count | Should -Be $stored
        $all = @(Get-Content $report | ConvertFrom-Json)
        $all | Should -HaveCount ($lines.Count + 40)
        @($all | Where-Object run -EQ $told.MessageData.RunId) | Should -HaveCount 40
    }
}
