param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $examples = Resolve-Path "$PSScriptRoot/../../../examples"
}

Describe 'The example scripts, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll {
        # As on a user's machine: the module is found by its name, the store and the credentials by the environment.
        $saved = $env:PSModulePath, $env:AWS_ENDPOINT_URL_S3
        $env:PSModulePath = (Split-Path (Split-Path $ModulePath)) + [IO.Path]::PathSeparator + $env:PSModulePath
        $env:AWS_ENDPOINT_URL_S3 = $Server.Http
        $folder = New-TestFolder
        $big = "$folder/big.bin"
        New-TestFile $big (21MB + 7)
        $hash = (Get-FileHash $big).Hash
    }
    AfterAll { $env:PSModulePath, $env:AWS_ENDPOINT_URL_S3 = $saved }
    BeforeEach { $bucket = New-TestBucket $Server.Http }
    AfterEach { Remove-TestBucket $Server.Http $bucket }

    It 'Send-Nightly sends what is new, keeps a report of all runs, and ends with the summary and an exit code' {
        $night = New-TestFolder
        New-TestFile "$night/first.bin" 6MB
        New-TestFile "$night/second.txt" 1KB -Seed 2
        New-TestFile "$night/tmp.txt" 1KB -Seed 3
        $with = @{ ReportPath = "$folder/nightly.jsonl"; KeyPrefix = 'night/'; Exclude = 'tmp*' }
        $plan = & "$examples/Send-Nightly.ps1" $night $bucket @with -Plan 6>$null
        $plan.IsPlan, $plan.Uploaded | Should -Be $true, 2
        "$folder/nightly.jsonl" | Should -Not -Exist

        $first = & "$examples/Send-Nightly.ps1" $night $bucket @with 6>$null
        $first | Should -HaveCount 1
        $first.Uploaded, $first.Failed, $first.IsPlan | Should -Be 2, 0, $false
        Get-ObjectHash $Server.Http $bucket night/first.bin | Should -BeExactly (Get-FileHash "$night/first.bin").Hash
        Get-ObjectHash $Server.Http $bucket night/tmp.txt | Should -BeNullOrEmpty

        # One that fails: the rest is done, the warning says why, and the code tells the scheduler.
        $null = New-Item -ItemType SymbolicLink "$night/gone.bin" -Target "$folder/nowhere.bin"
        $global:LASTEXITCODE = 0
        $second = & "$examples/Send-Nightly.ps1" $night $bucket @with -MaxBandwidth @{ '00:00' = '100MB' } 6>$null 3>&1
        $LASTEXITCODE | Should -Be 1
        $second | Where-Object { $_ -is [Management.Automation.WarningRecord] } | Should -Match 'gone\.bin.*There is no file'
        $summary = $second | Where-Object { $_ -is [S3Multipart.RunSummary] }
        $summary.Unchanged, $summary.Failed | Should -Be 2, 1
        $lines = Get-Content "$folder/nightly.jsonl" | ConvertFrom-Json
        ($lines | Where-Object run -EQ $first.RunId).outcome | Should -BeExactly Uploaded, Uploaded
        ($lines | Where-Object run -EQ $summary.RunId).outcome | Sort-Object | Should -BeExactly Failed, Unchanged, Unchanged
    }

    It 'Send-FromJobs sends one file from several processes' -Tag NeedsFirstServer {
        $done = & "$examples/Send-FromJobs.ps1" $big $bucket -JobCount 3 -PartSize 5MB
        $done.PartCount, $done.Size | Should -Be 5, (21MB + 7)
        Get-ObjectHash $Server.Http $bucket big.bin | Should -BeExactly $hash
        Get-StoredUpload $bucket | Should -BeNullOrEmpty
    }

    It 'Send-FromThreadJobs sends folders, and reports each file that failed' {
        foreach ($name in 'one', 'two') {
            $null = New-Item -ItemType Directory "$folder/$name"
            1..3 | ForEach-Object { New-TestFile "$folder/$name/$_.bin" 70KB -Seed $_ }
        }
        New-TestFile "$folder/two/$('x' * 240)" 1KB
        $null = New-Item -ItemType SymbolicLink "$folder/two/gone.bin" -Target "$folder/nowhere.bin"
        $report = & "$examples/Send-FromThreadJobs.ps1" "$folder/one", "$folder/two" $bucket
        $sent = $report | Where-Object { -not $_.Error }
        $sent | Should -HaveCount 7
        foreach ($row in $sent) {
            Get-ObjectHash $Server.Http $bucket $row.Key | Should -BeExactly (Get-FileHash "$folder/$($row.Key)").Hash
        }
        $failed = @($report | Where-Object Error)
        $failed | Should -HaveCount 1
        $failed.Key | Should -Match 'gone\.bin$'
    }

    It 'Send-FromRunspaces sends one upload from several runspaces' {
        # Each part is read by its runspace.
        $read = [scriptblock]::Create("param(`$Number) `$bytes = [IO.File]::ReadAllBytes('$big'); `$first = (`$Number - 1) * 5MB; , " +
            "[ArraySegment[byte]]::new(`$bytes, `$first, [Math]::Min(5MB, `$bytes.Length - `$first)).ToArray()")
        $done = & "$examples/Send-FromRunspaces.ps1" $bucket dump.bin -ReadPart $read -PartCount 5 -ThrottleLimit 3
        $done.PartCount | Should -Be 5
        Get-ObjectHash $Server.Http $bucket dump.bin | Should -BeExactly $hash
    }

    It 'Remove-OrphanedUpload stops what is old enough, and reports it with what failed' -Tag NeedsInitiated {
        $null = New-S3MultipartUpload $bucket orphan -LiteralPath $big -PartSize 5MB | Add-S3UploadPart -PartNumber 1, 2
        & "$examples/Remove-OrphanedUpload.ps1" $bucket -OlderThan 7.00:00:00 | Should -BeNullOrEmpty
        & "$examples/Remove-OrphanedUpload.ps1" $bucket -OlderThan 5m | Should -BeNullOrEmpty
        & "$examples/Remove-OrphanedUpload.ps1" $bucket -OlderThan ([TimeSpan]::FromDays(2)) | Should -BeNullOrEmpty
        & "$examples/Remove-OrphanedUpload.ps1" $bucket -OlderThan 0d -WhatIf | Should -BeNullOrEmpty
        Get-StoredUpload $bucket | Should -HaveCount 1
        $report = & "$examples/Remove-OrphanedUpload.ps1" 't-none-such-bucket', $bucket -OlderThan 0d
        $report | Should -HaveCount 2
        $report[0].BucketName, $report[0].FreedBytes | Should -Be 't-none-such-bucket', 0
        $report[0].Error | Should -Match 'NoSuchBucket'
        $report[1].Key, $report[1].PartCount, $report[1].FreedBytes, $report[1].Error | Should -Be 'orphan', 2, 10MB, $null
        Get-StoredUpload $bucket | Should -BeNullOrEmpty
    }

    It 'SeveralMachines begins at one, sends from two and completes at a fourth' -Tag NeedsFirstServer {
        Invoke-Shell -File "$examples/SeveralMachines/1-Begin.ps1" $big $bucket -UploadPath "$folder/upload.xml" -PartSize 5MB
        # While one of them has not sent yet, nothing is completed.
        Invoke-Shell -File "$examples/SeveralMachines/2-Send.ps1" "$folder/upload.xml" -Share 1 -Of 2 -PartPath "$folder/parts1.xml"
        $early = Watch-Run { & "$examples/SeveralMachines/3-Complete.ps1" "$folder/parts*.xml" }
        Get-ErrorName $early.Errors[0] | Should -BeExactly 'UploadIncomplete'
        Invoke-Shell -File "$examples/SeveralMachines/2-Send.ps1" "$folder/upload.xml" -Share 2 -Of 2 -PartPath "$folder/parts2.xml"
        Invoke-Shell -File "$examples/SeveralMachines/3-Complete.ps1" "$folder/parts*.xml"
        Get-ObjectHash $Server.Http $bucket big.bin | Should -BeExactly $hash
        Get-StoredUpload $bucket | Should -BeNullOrEmpty
        Get-Content "$folder/upload.xml" -Raw | Should -Not -Match $env:AWS_SECRET_ACCESS_KEY
    }

    Context 'Invoke-Backup' {
        BeforeAll {
            $window = New-TestFolder
            New-TestFile "$window/first.bin" 6MB
            New-TestFile "$window/stuck.bin" (15MB + 3)
            $null = New-Item -ItemType SymbolicLink "$window/gone.bin" -Target "$folder/nowhere.bin"
            $hashes = @{}
            'first.bin', 'stuck.bin' | ForEach-Object { $hashes[$_] = (Get-FileHash "$window/$_").Hash }
        }

        It 'uploads all there is before the deadline, and reports what failed' {
            $report = & "$examples/Invoke-Backup.ps1" $window $bucket -Duration 00:02:00 -DonePath "$folder/done" -KeyPrefix night/
            ($report | Sort-Object Key | ForEach-Object { "$($_.Key) $($_.Result)" }) | Should -BeExactly 'night/first.bin Uploaded',
                'night/gone.bin Failed', 'night/stuck.bin Uploaded'
            ($report | Where-Object Result -EQ Failed).Error | Should -Not -BeNullOrEmpty
            foreach ($name in $hashes.Keys) {
                Get-ObjectHash $Server.Http $bucket "night/$name" | Should -BeExactly $hashes[$name]
                (Get-FileHash "$folder/done/$name").Hash | Should -BeExactly $hashes[$name]
                Move-Item "$folder/done/$name" $window
            }
        }

        It 'stops cleanly at the deadline, and resumes the parts that S3 holds' -Tag NeedsFaults {
            # The last part of one file is never answered, so that only the deadline can end the first run.
            $rule = @{ operation = 'UploadPart'; key = 'stuck.bin'; partNumber = 4; action = 'hang'; ms = 600000 }
            $null = Invoke-RestMethod -Method Post "$($Server.Http)/_/faults" -Body (ConvertTo-Json -InputObject @($rule)) `
                -ContentType application/json
            try { $report = & "$examples/Invoke-Backup.ps1" $window $bucket -Duration 00:00:05 -DonePath "$folder/done" -PartSize 5MB }
            finally { $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/faults" }
            ($report | Where-Object Key -EQ stuck.bin).Result | Should -Be 'Open'
            "$window/stuck.bin" | Should -Exist
            Get-ObjectHash $Server.Http $bucket stuck.bin | Should -BeNullOrEmpty

            $upload = Get-StoredUpload $bucket | Where-Object Key -EQ stuck.bin
            $held = @(Get-StoredPart @{ BucketName = $bucket; Key = 'stuck.bin'; UploadId = $upload.UploadId }).Count
            $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
            $again = & "$examples/Invoke-Backup.ps1" $window $bucket -Duration 00:02:00 -DonePath "$folder/done"
            ($again | Where-Object Key -EQ stuck.bin).Result | Should -Be 'Uploaded'
            foreach ($name in $hashes.Keys) { Get-ObjectHash $Server.Http $bucket $name | Should -BeExactly $hashes[$name] }
            Get-StoredUpload $bucket | Should -BeNullOrEmpty
            $sent = @(Get-LocalS3Request $Server.Http | Where-Object { $_.operation -eq 'UploadPart' -and $_.key -eq 'stuck.bin' })
            $sent.Count | Should -Be (4 - $held) -Because 'what S3 held is not sent again'
        }
    }
}
