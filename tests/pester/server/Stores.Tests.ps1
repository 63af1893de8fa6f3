# Stores of other makers, as LocalS3 plays them: what each refuses is learned, and the same lines work on all of them.
param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery {
    # The table of docs/stores.md: what is written there is what is found here.
    $columns = 'Name', 'Checksums', 'WholeCrc32', 'Look', 'Race', 'Resume', 'Verify', 'Prefix', 'Copy', 'Empty'
    $stores = @(
        Get-Content (Join-Path $PSScriptRoot '../../../docs/stores.md') | Where-Object { $_ -match '^\| .*\(`(\w+)`\)' } | ForEach-Object {
            $row = @{ Store = $Matches[1] }
            $cells = @($_.Trim('|').Split('|').Trim())
            for ($i = 0; $i -lt $columns.Count; $i++) { $row[$columns[$i]] = $cells[$i] }
            # What proves an object where the store confirms no checksum of its parts.
            $row.Object = $row.Checksums -eq 'yes' ? 'CRC64NVME' : 'ETag'
            $row.Part = switch ($row.Checksums) { 'yes' { 'CRC64NVME' } 'adapts' { 'ETag' } }
            $row
        }
    )
}

BeforeAll { . (Join-Path $PSScriptRoot '../common.ps1') -ModulePath $ModulePath -Server $Server }

Describe '<Name>' -Tag NeedsFirstServer -ForEach $stores {
    BeforeAll {
        $running = Start-TestServer LocalS3 -Option '--store', $Store
        $at = $running.Http
        $bucket = New-TestBucket $at
        $to = @{ BucketName = $bucket; EndpointUrl = $at; PartSize = 5MB }
        $path = Join-Path (New-TestFolder) file
        New-TestFile $path (22MB)
        $hash = (Get-FileHash $path SHA256).Hash
        $old = [byte[]](1, 2, 3)

        # What a pipeline of the file emits, warns of and fails with.
        function Send-File([string] $Key, [hashtable] $New = @{}, [hashtable] $Complete = @{}) {
            $run = Watch-Run {
                Get-Item $path | New-S3MultipartUpload @to -Key $Key @New | Add-S3UploadPart | Complete-S3MultipartUpload @Complete
            }
            $run | Add-Member -PassThru Warnings @($run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] })
        }

        function Get-CompletedUpload($Run) { $Run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] } }
    }

    AfterAll { $running | Stop-TestServer }

    It 'takes the pipeline, with one warning of what it refuses' {
        $null = Invoke-RestMethod -Method Delete "$at/_/requests"
        $run = Send-File first
        $run.Errors | Should -BeNullOrEmpty
        $done = Get-CompletedUpload $run
        ($done.Size, $done.PartCount, $done.Evidence) | Should -Be (22MB, 5, $Object)
        Get-ObjectHash $at $bucket first | Should -BeExactly $hash
        @($run.Warnings -match 'refuses') | Should -HaveCount ($Checksums -eq 'adapts' ? 1 : 0)
        if ($Checksums -eq 'adapts') {
            "$($run.Warnings)" | Should -BeLike "*$at refuses S3's checksums*-RequestChecksumCalculation WhenRequired*"
            # Five parts in flight, each refused at most once.
            @(Get-LocalS3Request $at | Where-Object Operation -EQ UploadPart).Count | Should -BeLessOrEqual 10
        }
    }

    It 'is not asked again for what it has refused' {
        $null = Invoke-RestMethod -Method Delete "$at/_/requests"
        $run = Send-File second
        $run.Errors | Should -BeNullOrEmpty
        $run.Warnings | Should -BeNullOrEmpty
        Get-ObjectHash $at $bucket second | Should -BeExactly $hash
        @(Get-LocalS3Request $at | Where-Object Operation -EQ UploadPart) | Should -HaveCount 5
        @(Get-LocalS3Request $at | Where-Object Status -GE 400 | Where-Object Operation -NE HeadObject) | Should -BeNullOrEmpty
    }

    It 'says of each part what proves it' {
        $parts = @(Get-Item $path | New-S3MultipartUpload @to -Key parts | Add-S3UploadPart)
        $parts | Should -HaveCount 5
        foreach ($one in $parts) { $one.Evidence | Should -BeExactly $Part }
        $null = $parts | Complete-S3MultipartUpload
    }

    It 'lets an upload be resumed, and sends what is missing: <Resume>' {
        $upload = Get-Item $path | New-S3MultipartUpload @to -Key resumed
        $null = $upload | Add-S3UploadPart -PartNumber 1, 3
        $null = Invoke-RestMethod -Method Delete "$at/_/requests"
        $run = Send-File resumed -New @{ Resume = $true }
        $run.Errors | Should -BeNullOrEmpty
        (Get-CompletedUpload $run).UploadId | Should -BeExactly $upload.UploadId
        @(Get-LocalS3Request $at | Where-Object Operation -EQ UploadPart) | Should -HaveCount 3
        Get-ObjectHash $at $bucket resumed | Should -BeExactly $hash
        $Resume | Should -BeExactly 'yes'
    }

    It 'is verified: <Verify>' {
        $run = Send-File verified -Complete @{ Verify = $true }
        $run.Errors | Should -BeNullOrEmpty
        (Get-CompletedUpload $run).Evidence | Should -BeExactly $Object
        $Verify | Should -BeExactly 'yes'
    }

    It 'and the CRC32 of a whole object: <WholeCrc32>' {
        $null = Invoke-RestMethod -Method Delete "$at/_/requests"
        $run = Send-File crc32 -New @{ ChecksumAlgorithm = 'CRC32'; ChecksumType = 'FULL_OBJECT' }
        $run.Errors | Should -BeNullOrEmpty
        Get-ObjectHash $at $bucket crc32 | Should -BeExactly $hash
        $requests = @(Get-LocalS3Request $at)
        $refused = @($requests | Where-Object Status -GE 400)
        $sent = @($requests | Where-Object { $_.Headers.'x-amz-checksum-crc32' })
        $found = if ($refused -or -not $sent) { 'adapts' }
        elseif ((Get-CompletedUpload $run).Evidence -eq 'CRC32') { 'yes' }
        else { 'ignored' }
        $found | Should -BeExactly $WholeCrc32
        if ($refused) { "$($run.Warnings)" | Should -BeLike '*refuses the CRC32 of a whole object*-ChecksumType COMPOSITE*' }

        # Without a type it is what all of them know.
        $run = Send-File composite -New @{ ChecksumAlgorithm = 'CRC32' }
        ($run.Errors + $run.Warnings) | Should -BeNullOrEmpty
        Get-ObjectHash $at $bucket composite | Should -BeExactly $hash
    }

    It 'and -NoClobber where an object has the key: <Look>' {
        Set-TestObject $at $bucket there $old
        $null = Invoke-RestMethod -Method Delete "$at/_/requests"
        $run = Send-File there -New @{ NoClobber = $true }
        Get-ErrorName $run.Errors[0] | Should -BeExactly $Look
        @((Get-LocalS3Request $at).Operation | Select-Object -Unique) | Should -Be 'HeadObject'
        $run = Send-File free -New @{ NoClobber = $true }
        $run.Errors | Should -BeNullOrEmpty
    }

    It 'and -NoClobber where an object comes meanwhile: <Race>' {
        if ($Race -eq '?') { Set-ItResult -Skipped -Because 'nobody has said what the real one does' }
        Set-TestObject $at $bucket race $old
        Set-LocalS3Fault $at @{ operation = 'HeadObject'; nth = 1; action = 'error'; code = 'AccessDenied'; status = 403 },
            @{ operation = 'HeadObject'; nth = 2; action = 'error'; code = 'AccessDenied'; status = 403 }
        try { $run = Send-File race -New @{ NoClobber = $true } } finally { Set-LocalS3Fault $at }
        $found = if ($run.Errors) { Get-ErrorName $run.Errors[0] }
        elseif ((Get-ObjectHash $at $bucket race) -eq $hash) { 'replaces' }
        $found | Should -BeExactly $Race
    }

    It 'and a list of uploads by a prefix: <Prefix>' {
        $uploads = 1..2 | ForEach-Object { New-S3MultipartUpload @to -Key "folder/$_" }
        $listed = @(Get-S3MultipartUpload $bucket folder/ -EndpointUrl $at)
        $listed.Count | Should -Be ($Prefix -eq 'yes' ? 2 : 0)
        @(Get-S3MultipartUpload $bucket -Key folder/1 -EndpointUrl $at) | Should -HaveCount 1
        $null = $uploads | Stop-S3MultipartUpload -Force
    }

    It 'and a copy of parts: <Copy>' {
        Set-TestObject $at $bucket source $old
        $run = Watch-Run {
            New-S3MultipartUpload @to -Key copied | Add-S3UploadPart -SourceBucketName $bucket -SourceKey source |
                Complete-S3MultipartUpload
        }
        $found = if ($run.Errors) { Get-ErrorName $run.Errors[0] } else { 'yes' }
        $found | Should -BeExactly $Copy
        if ($Copy -eq 'yes') { Get-ObjectHash $at $bucket copied | Should -BeExactly (Get-ByteHash $old) }
        else { Get-ErrorText $run.Errors[0] | Should -BeLike '*instead of a copy on the server*' }
    }

    It 'and the list of an upload that has no parts: <Empty>' {
        $upload = New-S3MultipartUpload @to -Key empty
        $null = Invoke-RestMethod -Method Delete "$at/_/requests"
        $upload | Get-S3UploadPart | Should -BeNullOrEmpty
        $statuses = @((Get-LocalS3Request $at | Where-Object Operation -EQ ListParts).Status)
        $statuses | Should -HaveCount 1
        ($statuses -ge 400 ? 'adapts' : 'yes') | Should -BeExactly $Empty
        # The same line again finds it, and begins its transfer.
        $run = Send-File empty -New @{ Resume = $true }
        $run.Errors | Should -BeNullOrEmpty
        (Get-CompletedUpload $run).UploadId | Should -BeExactly $upload.UploadId
    }

    It 'tells a wrong secret as one' {
        $run = Watch-Run { Get-Item $path | New-S3MultipartUpload @to -Key secret -AccessKey testaccess -SecretKey wrong }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'SignatureDoesNotMatch'
        Get-ErrorText $run.Errors[0] | Should -BeLike '*-SecretKey*'
        $run.Output | Should -BeNullOrEmpty
    }
}

Describe 'The table of stores' -Tag NeedsFirstServer {
    It 'has every store that LocalS3 plays, but the one of no maker' {
        $source = Get-ChildItem (Join-Path $PSScriptRoot '../../servers/LocalS3') -Recurse -Filter StoreProfile.cs | Get-Content -Raw
        $played = [regex]::Matches($source, '\["(\w+)"\] = \(\) => new') | ForEach-Object { $_.Groups[1].Value } |
            Where-Object { $_ -ne 'unconfirming' }
        $table = Get-Content (Join-Path $PSScriptRoot '../../../docs/stores.md') -Raw
        [regex]::Matches($table, '(?m)^\| .*\(`(\w+)`\)') | ForEach-Object { $_.Groups[1].Value } | Sort-Object |
            Should -BeExactly ($played | Sort-Object)
    }
}
