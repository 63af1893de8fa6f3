param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery {
    $examples = foreach ($page in Get-ChildItem "$PSScriptRoot/../../../docs/help" -Filter *-*.md) {
        [regex]::Matches((Get-Content $page -Raw), '(?s)### Example \d+: ([^\n]+)\n\n```powershell\n(.*?)\n```').ForEach{
            @{ Cmdlet = $page.BaseName; Title = $_.Groups[1].Value; Code = $_.Groups[2].Value }
        }
    }
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $work = New-TestFolder
    $sizes = @{
        'a.iso' = 6MB
        'b.iso' = 100KB
        'big.vhdx' = 11MB + 5
        'day.bak' = 3KB
        'disk.img' = 9MB + 1
        'report.pdf' = 30KB
        'images/top.bin' = 1KB
        'images/2026/a.vhdx' = 2KB
    }
    $null = New-Item -ItemType Directory "$work/images/2026"
    foreach ($name in $sizes.Keys) { New-TestFile "$work/$name" $sizes[$name] }

    function Assert-Object([hashtable] $Expected) {
        foreach ($address in $Expected.Keys) {
            $bucket, $key = $address -split '/', 2
            Get-ObjectHash $Server.Http $bucket $key |
                Should -BeExactly (Get-FileHash -LiteralPath "$work/$($Expected[$address])").Hash -Because $address
        }
    }

    function Assert-Upload([int] $Count) { Get-StoredUpload backups | Should -HaveCount $Count }

    # What a server must have for an example.
    $needs = @{
        'Compare what was just uploaded' = 'UnversionedHead'
        'Encrypt with a key of AWS KMS' = 'BucketKey'
        'Encrypt with a key of your own' = 'CustomerKey'
        'Find what nobody finished' = 'Initiated'
        'Say what the object shall be' = 'StorageClass'
        'Replace an object only if nobody else did' = 'CompletedETag'
        'List with other credentials, in the right account only' = 'BucketOwner'
    }
    $isos = @{ 'backups/a.iso' = 'a.iso'; 'backups/b.iso' = 'b.iso' }
    $images = @{ 'backups/images/top.bin' = 'images/top.bin'; 'backups/images/2026/a.vhdx' = 'images/2026/a.vhdx' }
    # What must be true after each example, beside that it ran without an error. Before each of another cmdlet than these, big.vhdx is
    # begun and its first part sent.
    $withoutUpload = 'Compare-S3Object', 'New-S3MultipartUpload', 'Send-S3File'
    $then = @{
        'Compare-S3Object: Find files that are not in S3 as they are here'            = {
            $out.Key | Sort-Object | Should -BeExactly 'images/2026/a.vhdx', 'images/top.bin'
            $out.Reason | Select-Object -Unique | Should -BeExactly 'there is no such object'
        }
        'Compare-S3Object: Compare what was just uploaded'                            = {
            $out.Key | Sort-Object | Should -BeExactly 'a.iso', 'b.iso'
            $out.IsIdentical | Should -Be $true, $true
        }
        'Compare-S3Object: Ask for yes or no'                                         = { $out | Should -Be $false }
        'Compare-S3Object: Compare with an object that another tool has sent'         = { $out.IsIdentical | Should -BeTrue }
        'Compare-S3Object: Delete the files that are in S3'                           = {
            $out | Should -BeNullOrEmpty
            "$work/day.bak" | Should -Exist
        }
        'New-S3MultipartUpload: Upload files'                                         = {
            Assert-Object $isos
            $out.Key | Sort-Object | Should -Be 'a.iso', 'b.iso'
        }
        'New-S3MultipartUpload: Keep the folders in the keys'                         = {
            Assert-Object @{ 'backups/images/top.bin' = 'images/top.bin'; 'backups/images/2026/a.vhdx' = 'images/2026/a.vhdx' }
        }
        'New-S3MultipartUpload: Make the keys from the files'                         = {
            Assert-Object @{ "backups/$((Get-Item "$work/day.bak").LastWriteTime.Year)/day.bak" = 'day.bak' }
        }
        'New-S3MultipartUpload: Say what the object shall be'                         = {
            $headers = Get-ObjectHeader backups report.pdf
            $headers['x-amz-meta-year'], $headers['x-amz-storage-class'], $headers['x-amz-tagging-count'] |
                Should -Be '2026', 'STANDARD_IA', '1'
            $headers['Content-Disposition'] | Should -Be 'attachment; filename="report.pdf"'
            ConvertFrom-EncodedWord $headers['x-amz-meta-author'] | Should -Be 'J. Müller'
        }
        'New-S3MultipartUpload: Encrypt with a key of AWS KMS'                        = {
            $out.Encryption, $out.BucketKeyEnabled | Should -Be 'aws:kms', $true
        }
        'New-S3MultipartUpload: Encrypt with a key of your own'                       = { $out.Encryption | Should -Be 'SSE-C' }
        'New-S3MultipartUpload: Begin an upload without a file'                       = {
            (Get-ObjectHeader backups notes/today.txt)['Content-Type'] | Should -Be 'text/plain'
            $out.Size | Should -Be 12
        }
        'New-S3MultipartUpload: See what would be done'                               = { $out | Should -BeNullOrEmpty; Assert-Upload 0 }
        'New-S3MultipartUpload: Run the same line until it is done'                   = { Assert-Object $isos }
        'Send-S3File: Send a folder'                                                  = {
            Assert-Object $images
            $out.Outcome | Should -BeExactly 'Uploaded', 'Uploaded'
        }
        'Send-S3File: Send what matches'                                              = {
            Assert-Object @{ 'backups/nightly/a.iso' = 'a.iso'; 'backups/nightly/b.iso' = 'b.iso'; 'backups/nightly/day.bak' = 'day.bak' }
        }
        'Send-S3File: Send files from the pipeline'                                   = {
            Assert-Object @{ "backups/$((Get-Item "$work/day.bak").LastWriteTime.Year)/day.bak" = 'day.bak' }
        }
        'Send-S3File: See the plan, and run it if it is small enough'                 = {
            Assert-Object $images
            $out.Key | Sort-Object | Should -BeExactly 'images/2026/a.vhdx', 'images/top.bin'
        }
        'Send-S3File: Report and summary in a runbook'                                = {
            Assert-Object $images
            $out.key | Sort-Object | Should -BeExactly 'images/2026/a.vhdx', 'images/top.bin'
            $out.bytesSent | Sort-Object | Should -Be 1KB, 2KB
            Get-Content "$work/run.jsonl" | Should -HaveCount 2
        }
        'Send-S3File: Leave room for others by day'                                   = { Assert-Object $images }
        'Send-S3File: Send one file under a key of its own'                           = {
            Assert-Object @{ 'backups/reports/2026/q3.pdf' = 'report.pdf' }
            (Get-ObjectHeader backups reports/2026/q3.pdf)['x-amz-tagging-count'] | Should -Be '1'
            $out.PartCount | Should -Be 0
        }
        'Send-S3File: Send a folder without some of it'                               = { Assert-Object $images }
        'Add-S3UploadPart: Upload with larger parts, and more of them in flight'      = {
            Assert-Object @{ 'backups/big.vhdx' = 'big.vhdx' }
            $out.PartCount | Should -Be 3
        }
        'Add-S3UploadPart: Resume an upload of an earlier session'                    = {
            Assert-Object @{ 'backups/big.vhdx' = 'big.vhdx' }
            Assert-Upload 0
        }
        'Add-S3UploadPart: Upload a stream'                                           = {
            Assert-Object @{ 'backups/disk.img' = 'disk.img' }
        }
        'Add-S3UploadPart: Upload the output of another command'                      = {
            Assert-Object @{ 'backups/disk.img.bin' = 'disk.img' }
            $out.PartCount | Should -Be 2
        }
        'Add-S3UploadPart: Copy an object without moving its bytes'                   = {
            Assert-Object @{ 'archive/big.bak' = 'big.vhdx' }
            $out.PartCount | Should -Be 3
        }
        'Add-S3UploadPart: Put one object together from pieces'                       = {
            $out.Size, $out.PartCount | Should -Be (6MB + 14), 2
        }
        'Add-S3UploadPart: Send the parts of one file from two jobs'                  = {
            Assert-Object @{ 'backups/big.vhdx' = 'big.vhdx' }
            Assert-Upload 1
        }
        'Add-S3UploadPart: Leave room for others, and clean up on failure'            = { Assert-Object $isos }
        'Complete-S3MultipartUpload: Complete at the end of the pipeline'             = {
            Assert-Object $isos
            ($out | Out-String) | Should -Match 'a\.iso'
        }
        'Complete-S3MultipartUpload: Complete an upload whose parts are all in S3'    = {
            Assert-Object @{ 'backups/big.vhdx' = 'big.vhdx' }
            Assert-Upload 0
        }
        'Complete-S3MultipartUpload: Complete from parts that were kept in a file'    = {
            Assert-Object @{ 'backups/big.vhdx' = 'big.vhdx' }
            Assert-Upload 1
        }
        'Complete-S3MultipartUpload: Replace an object only if nobody else did'       = {
            Assert-Object @{ 'backups/report.pdf' = 'report.pdf' }
        }
        'Complete-S3MultipartUpload: Complete by name and id'                         = { $out.Key, $out.Size | Should -Be 'notes.txt', 12 }
        'Complete-S3MultipartUpload: Read the file once more before completing'       = {
            Assert-Object @{ 'backups/big.vhdx' = 'big.vhdx' }
            Assert-Upload 1
        }
        'Stop-S3MultipartUpload: See what would be stopped'                           = { $out | Should -BeNullOrEmpty; Assert-Upload 1 }
        'Stop-S3MultipartUpload: Clean up and report'                                 = {
            $out.Key, $out.PartCount, $out.FreedBytes | Should -Be 'big.vhdx', 1, 5MB
            Assert-Upload 0
        }
        'Stop-S3MultipartUpload: Give up an upload that was just begun'               = { $out | Should -BeNullOrEmpty; Assert-Upload 1 }
        'Stop-S3MultipartUpload: Stop by name and id'                                 = {
            (Get-StoredUpload backups).Key | Should -Be 'big.vhdx'
        }
        'Stop-S3MultipartUpload: Count what was freed'                                = {
            $out | Should -Be ('1 uploads, {0:N0} bytes' -f 5MB)
            Assert-Upload 0
        }
        'Stop-S3MultipartUpload: Clean up in all buckets'                             = {
            $out.Name, $out.Count | Should -Be 'backups', 1
            Assert-Upload 0
        }
        'Get-S3MultipartUpload: List what is in progress'                             = { $out.Key | Should -Be 'big.vhdx' }
        'Get-S3MultipartUpload: Find what is held and billed'                         = {
            ($out | Out-String) | Should -Match "big\.vhdx .* 1 +(5242880|5 MiB|5[.,]0+ MiB)"
        }
        'Get-S3MultipartUpload: Resume an upload'                                     = {
            Assert-Object @{ 'backups/big.vhdx' = 'big.vhdx' }
            Assert-Upload 0
        }
        'Get-S3MultipartUpload: Find what nobody finished'                            = { $out | Should -BeNullOrEmpty }
        'Get-S3MultipartUpload: See the folders that have uploads'                    = { ($out | Out-String) | Should -Match 'big\.vhdx' }
        'Get-S3MultipartUpload: List with other credentials, in the right account only' = {
            $out.Key, $out.ProfileName | Should -Be 'big.vhdx', 'ops'
        }
        'Get-S3MultipartUpload: See in which buckets money lies'                      = {
            $of = $out | Where-Object Name -Like 'backups*'
            $of.Name, $of.Count | Should -Be 'backups, False', 1
            [Math]::Round($of.MonthlyCost, 8) | Should -Be 0.00011230
        }
        'Get-S3UploadPart: List the parts of an upload'                               = { $out.PartNumber, $out.Size | Should -Be 1, 5MB }
        'Get-S3UploadPart: List by name and id'                                       = { $out.PartNumber, $out.Size | Should -Be 1, 5MB }
        'Get-S3UploadPart: Find the parts that are missing'                           = { $out | Should -Be 2, 3 }
        'Get-S3UploadPart: See how far an upload is'                                  = {
            $out | Should -Be ('{0:P0}' -f (5MB / $sizes['big.vhdx']))
        }
    }
}

Describe 'The examples of the help, on <Server.Name>' -Tag NeedsVolume -ForEach @{ Server = $Server } {
    BeforeAll {
        # The examples name neither a store nor credentials, so the environment does.
        $saved = $env:AWS_ENDPOINT_URL_S3, $env:AWS_SHARED_CREDENTIALS_FILE
        $env:AWS_ENDPOINT_URL_S3, $env:AWS_SHARED_CREDENTIALS_FILE = ($Server.Https ?? $Server.Http), "$work/credentials"
        Set-Content "$work/credentials" "[ops]`naws_access_key_id = testaccess`naws_secret_access_key = testsecret"
    }
    AfterAll { $env:AWS_ENDPOINT_URL_S3, $env:AWS_SHARED_CREDENTIALS_FILE = $saved }

    BeforeEach {
        $null = 'backups', 'archive' | ForEach-Object { New-TestBucket $Server.Http $_ }
        if ($Code -match 'big\.bak') { Set-TestObject $Server.Http backups big.bak ([IO.File]::ReadAllBytes("$work/big.vhdx")) }
        if ($Cmdlet -notin $withoutUpload) {
            $begun = New-S3MultipartUpload backups big.vhdx -LiteralPath "$work/big.vhdx" -PartSize 5MB
            $null = $begun | Add-S3UploadPart -PartNumber $(if ($Title -like '*parts are all in S3') { 1, 2, 3 } else { 1 })
        }
    }
    AfterEach { 'backups', 'archive' | ForEach-Object { Remove-TestBucket $Server.Http $_ } }

    It '<Cmdlet>: <Title>' -ForEach $examples {
        if ($needs[$Title]) { Skip-Without $needs[$Title] }
        $check = $then["${Cmdlet}: $Title"]
        $check | Should -Not -BeNullOrEmpty -Because 'every example must be known to do what it says'
        if ($Code -match '-ProfileName') {
            # The AWS SDK looks for the file of credentials where the environment said it was when the process first asked.
            $out = Invoke-FreshPwsh "param(`$Module, `$Work) Import-Module `$Module; Set-Location `$Work; $Code" @{
                Module = "$ModulePath/S3Multipart.psd1"
                Work = $work
            }
        }
        else {
            Push-Location $work
            try { $out = @(& ([scriptblock]::Create($Code))) } finally { Pop-Location }
        }

        . $check
    }
}
