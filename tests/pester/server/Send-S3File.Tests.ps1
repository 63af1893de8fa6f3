param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $at = @{ EndpointUrl = $Server.Http; InformationAction = 'SilentlyContinue' }
    $to = $at + @{ BucketName = $bucket }

    # A folder with all that a tree has: files that are put, cut and empty, folders in folders, a hidden file.
    function New-Tree {
        $tree = New-TestFolder
        $null = New-Item -ItemType Directory "$tree/sub/deep", "$tree/empty"
        New-TestFile "$tree/small.txt" 1000 -Seed 1
        New-TestFile "$tree/nothing.txt" 0
        New-TestFile "$tree/sub/large.bin" (17MB + 3) -Seed 2
        New-TestFile "$tree/sub/deep/umlaut ä.txt" 77 -Seed 3
        New-TestFile "$tree/sub/.hidden" 55 -Seed 4
        $tree
    }

    $names = 'nothing.txt', 'small.txt', 'sub/.hidden', 'sub/deep/umlaut ä.txt', 'sub/large.bin'

    function Assert-Tree([string] $Tree, [string] $Prefix, [string[]] $Names = $names) {
        foreach ($name in $Names) {
            Get-ObjectHash $Server.Http $bucket "$Prefix$name" |
                Should -BeExactly (Get-FileHash -LiteralPath "$Tree/$name").Hash -Because $name
        }
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Send-S3File on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'sends a folder with all that is in it, small files by one request each, and nothing the second time' -Tag Quick {
        $tree = New-Tree
        $first = Send-S3File $tree $bucket tree/ -Recurse @at -InformationVariable told
        $first | Should -HaveCount 5
        Assert-Tree $tree tree/
        $first.Outcome | Sort-Object -Unique | Should -BeExactly Uploaded
        $put = $first | Where-Object Key -EQ tree/small.txt
        $put.UploadId | Should -BeNullOrEmpty
        $put.PartCount | Should -Be 0
        $put.Evidence | Should -Not -BeIn '', 'Size', 'PartCount'
        $put.LiteralPath | Should -BeExactly (Get-Item "$tree/small.txt").FullName
        ($first | Where-Object Key -EQ tree/sub/large.bin).PartCount | Should -Be 2
        $told.MessageData | Should -BeOfType S3Multipart.RunSummary
        $told.MessageData.Uploaded | Should -Be 5
        $told.MessageData.BytesSent | Should -Be (17MB + 3 + 1000 + 77 + 55)
        "$($told.MessageData)" | Should -Match '^5 files: 5 uploaded; 17\.0 MiB sent in .* requests\.$'

        $second = Send-S3File $tree $bucket tree/ -Recurse @at -InformationVariable told
        $second.Outcome | Sort-Object -Unique | Should -BeExactly Unchanged
        $told.MessageData.Unchanged | Should -Be 5
        $told.MessageData.BytesSent | Should -Be 0
        $told.MessageData.BytesReused | Should -Be (17MB + 3 + 1000 + 77 + 55)
        Get-S3MultipartUpload -BucketName $bucket -EndpointUrl $Server.Http | Should -BeNullOrEmpty
    }

    It 'makes the same objects as the pipeline' {
        $tree = New-Tree
        $with = @{ Metadata = @{ origin = 'here' }; CacheControl = 'no-cache' }
        $sent = Send-S3File $tree $bucket one/ -Recurse @with @at
        Get-ChildItem $tree -Recurse -File -Force |
            New-S3MultipartUpload @to -KeyPrefix two/ -RelativeTo $tree @with | Add-S3UploadPart | Complete-S3MultipartUpload |
            Should -HaveCount 5
        $sent | Should -HaveCount 5
        foreach ($name in $names) {
            $all = foreach ($prefix in 'one/', 'two/') {
                $response = Send-S3Request -Endpoint $Server.Http -Method HEAD -Bucket $bucket -Key "$prefix$name" -Headers @{
                    'x-amz-checksum-mode' = 'ENABLED'
                }
                # Where parts have no checksum, an object of parts has none either.
                $checksum = $Server.Lacks.Checksum ? 'x-amz-meta-origin' : 'x-amz-checksum-crc64nvme'
                $known = 'Content-Type', 'Content-Length', 'Cache-Control', 'x-amz-meta-origin', $checksum
                $known | ForEach-Object {
                    $values = $null
                    $null = $response.Headers.TryGetValues($_, [ref] $values) -or
                        $response.Content.Headers.TryGetValues($_, [ref] $values)
                    "${_}: $values"
                }
                $response.Dispose()
            }
            $all | Should -HaveCount 10
            $all[2], $all[3] | Should -Be 'Cache-Control: no-cache', 'x-amz-meta-origin: here'
            $all[0..4] | Should -BeExactly $all[5..9] -Because $name
            Get-ObjectHash $Server.Http $bucket "one/$name" | Should -BeExactly (Get-ObjectHash $Server.Http $bucket "two/$name")
        }
    }

    It 'takes its positions as they are meant: <_>' -ForEach @(
        'Send-S3File $a $bucket p/'
        'Get-Item $a | Send-S3File $bucket p/'
        'Get-Item $a | Send-S3File $bucket -KeyPrefix p/'
        'Get-Item $a | Send-S3File -BucketName $bucket p/'
        'Get-Item $a | Send-S3File -BucketName $bucket -KeyPrefix p/'
        'Send-S3File -LiteralPath $a -BucketName $bucket -Key p/a.txt'
        '$a | Send-S3File $bucket -Key { "p/" + $_.Split("/")[-1].Split("\")[-1] }'
        'Send-S3File "$folder/a*.txt" -BucketName $bucket -KeyPrefix p/'
        '[pscustomobject]@{ LiteralPath = $a; BucketName = $bucket; Key = "p/a.txt" } | Send-S3File'
    ) {
        $folder = New-TestFolder
        $a = Join-Path $folder a.txt
        New-TestFile $a 10
        $PSDefaultParameterValues = @{ 'Send-S3File:EndpointUrl' = $Server.Http; 'Send-S3File:InformationAction' = 'SilentlyContinue' }
        $done = & ([scriptblock]::Create($_))
        $done.BucketName, $done.Key | Should -Be $bucket, 'p/a.txt'
    }

    It 'refuses what names no file or no bucket, before anything is sent: <Id>' -ForEach @(
        @{ Id = 'BucketNameMissing'; Script = 'Send-S3File $a' }
        @{ Id = 'PathMissing'; Script = 'Send-S3File -BucketName $bucket' }
        @{ Id = 'PathAndLiteralPath'; Script = 'Send-S3File $a $bucket -LiteralPath $a' }
        @{ Id = 'PathAndLiteralPath'; Script = 'Get-Item $a | Send-S3File $bucket p/ more' }
        @{ Id = 'FolderNeedsRecurse'; Script = 'Send-S3File $folder $bucket' }
        @{ Id = 'KeyForFolder'; Script = 'Send-S3File $folder $bucket -Key k -Recurse' }
        @{ Id = 'FileNotFound'; Script = 'Send-S3File "$folder/none.txt" $bucket' }
        @{ Id = 'ReportNotWritable'; Script = 'Send-S3File $a $bucket -Report "$folder/no/where.jsonl"' }
    ) {
        $folder = New-TestFolder
        $a = Join-Path $folder a.txt
        New-TestFile $a 10
        $PSDefaultParameterValues = @{ 'Send-S3File:EndpointUrl' = $Server.Http; 'Send-S3File:InformationAction' = 'SilentlyContinue' }
        $run = Watch-Run ([scriptblock]::Create("$Script -Verbose"))
        @($run.Errors; $run.Thrown).FullyQualifiedErrorId | Should -Be "$Id,S3Multipart.Commands.SendS3FileCommand"
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'writes one error where no file could be sent, however many there are' {
        $tree = New-Tree
        $run = Watch-Run { Get-ChildItem $tree -File | Send-S3File -EndpointUrl $Server.Http }
        @($run.Errors; $run.Thrown) | Should -HaveCount 1
        $run = Watch-Run { Send-S3File $tree 'No Bucket' -Recurse -EndpointUrl $Server.Http }
        @($run.Errors; $run.Thrown) | Should -HaveCount 1
        { Send-S3File $tree $bucket -MaxBandwidth @{ '8:00' = '5MB'; '08:00' = '6MB' } } | Should -Throw '*08:00 twice*'
    }

    It 'sends what the names take in, and not what they leave out' {
        $tree = New-Tree
        (Send-S3File $tree $bucket in/ -Recurse -Include *.txt -Exclude small*, DEEP @at).Key | Should -Be in/nothing.txt
        # A folder that a wildcard matches, or that is piped, keeps its name as with Copy-Item, and can be left out by it.
        (Send-S3File "$tree/*" $bucket wild/ -Recurse -Exclude empty, *.txt, .hidden @at).Key | Should -Be wild/sub/large.bin
        (Send-S3File "$tree/*" $bucket none/ -Recurse -Exclude sub, *.txt @at) | Should -BeNullOrEmpty
        (Get-Item "$tree/sub" | Send-S3File $bucket piped/ -Recurse -Include large* @at).Key | Should -Be piped/sub/large.bin
        (Send-S3File "$tree/sub" $bucket named/ -Recurse -Include large* @at).Key | Should -Be named/large.bin
        (Send-S3File "$tree/sub/*" $bucket vis/ @at -ErrorAction SilentlyContinue).Key | Should -Be vis/large.bin
        (Send-S3File "$tree/sub/*" $bucket hid/ -Force -Exclude deep @at -ErrorAction SilentlyContinue).Key | Sort-Object |
            Should -Be hid/.hidden, hid/large.bin
    }

    It 'follows links, and ends where one leads back' -Skip:$IsWindows {
        $tree = New-TestFolder
        $null = New-Item -ItemType Directory "$tree/real", "$tree/real/below"
        New-TestFile "$tree/real/a.txt" 5
        $null = New-Item -ItemType SymbolicLink "$tree/real/b.txt" -Target "$tree/real/a.txt"
        $null = New-Item -ItemType SymbolicLink "$tree/other" -Target "$tree/real"
        $null = New-Item -ItemType SymbolicLink "$tree/real/below/up" -Target "$tree/real"
        $run = Watch-Run { Send-S3File $tree $bucket links/ -Recurse @at }
        ($run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] }).Key | Sort-Object |
            Should -Be links/other/a.txt, links/other/b.txt, links/real/a.txt, links/real/b.txt
        $run.Errors.FullyQualifiedErrorId | Should -Be (@('FolderLoop,S3Multipart.Commands.SendS3FileCommand') * 2)
    }

    It 'goes on after a file that cannot be sent, and counts it' {
        $folder = New-TestFolder
        New-TestFile "$folder/a.txt" 10
        New-TestFile "$folder/c.txt" 10
        $run = Watch-Run { "$folder/a.txt", "$folder/b.txt", "$folder/c.txt" | Send-S3File $bucket bad/ -EndpointUrl $Server.Http }
        $run.Errors.FullyQualifiedErrorId | Should -Be 'FileNotFound,S3Multipart.Commands.SendS3FileCommand'
        $summary = $run.Output.MessageData | Where-Object { $_ -is [S3Multipart.RunSummary] }
        $summary.Files, $summary.Uploaded, $summary.Failed | Should -Be 3, 2, 1
    }

    It 'resumes what another run has begun, and counts it so' -Tag NeedsInitiated {
        $folder = New-TestFolder
        New-TestFile "$folder/large.bin" (33MB) -Seed 9
        $upload = New-S3MultipartUpload @to -LiteralPath "$folder/large.bin" -Key r/large.bin
        $null = $upload | Add-S3UploadPart -PartNumber 1
        $plan = Send-S3File $folder $bucket r/ -Recurse -WhatIf @at -InformationVariable planned
        $plan | Should -BeNullOrEmpty
        $done = Send-S3File $folder $bucket r/ -Recurse @at -InformationVariable ran
        $done.Outcome | Should -BeExactly Resumed
        $done.UploadId | Should -BeExactly $upload.UploadId
        $done.BytesSent, $done.BytesReused | Should -Be 17MB, 16MB
        foreach ($summary in $planned.MessageData, $ran.MessageData) {
            $summary.Resumed, $summary.BytesSent, $summary.BytesReused, $summary.Parts | Should -Be 1, 17MB, 16MB, 2
        }
        Get-ObjectHash $Server.Http $bucket r/large.bin | Should -BeExactly (Get-FileHash "$folder/large.bin").Hash
    }

    It 'plans with -WhatIf just what it then does, and changes nothing' {
        $tree = New-Tree
        $null = Send-S3File "$tree/small.txt" $bucket plan/ @at
        $run = Watch-Run { Send-S3File $tree $bucket plan/ -Recurse -WhatIf -EndpointUrl $Server.Http }
        $run.Errors | Should -BeNullOrEmpty
        $plan = $run.Output.MessageData | Where-Object { $_ -is [S3Multipart.RunSummary] }
        $plan.IsPlan | Should -BeTrue
        Get-ObjectHash $Server.Http $bucket plan/sub/large.bin | Should -BeNullOrEmpty
        Get-S3MultipartUpload -BucketName $bucket -EndpointUrl $Server.Http | Should -BeNullOrEmpty
        $null = Send-S3File $tree $bucket plan/ -Recurse @at -InformationVariable told
        $did = $told.MessageData
        $did.IsPlan | Should -BeFalse
        foreach ($name in 'Files', 'Uploaded', 'Resumed', 'Unchanged', 'Failed', 'BytesSent', 'BytesReused') {
            $plan.$name | Should -Be $did.$name -Because $name
        }
        # A store whose response to a completion proves nothing is asked once more for each upload.
        $plan.Requests | Should -Be ($did.Requests - ($Server.Lacks.CompletedETag ? 1 : 0))
        $did.Retries | Should -Be 0
        "$plan" | Should -Match ('^5 files: 4 to upload, 1 unchanged; 17\.0 MiB to be sent in 2 parts, 1000 B already in S3, ' +
            '[0-9]+ requests\.$')
    }

    It 'appends a line of JSON for each file that has ended' {
        $tree = New-Tree
        $report = Join-Path (New-TestFolder) report.jsonl
        $null = Send-S3File $tree $bucket rep/ -Recurse -Report $report @at -InformationVariable one
        $null = "$tree/small.txt", "$tree/none.txt" | Send-S3File $bucket rep/ -Report $report @at -ErrorAction SilentlyContinue
        $lines = @(Get-Content $report | ConvertFrom-Json)
        $lines | Should -HaveCount 7
        ($lines | Group-Object run | ForEach-Object Count) | Sort-Object | Should -Be 2, 5
        $lines[0..4].run | Sort-Object -Unique | Should -BeExactly $one.MessageData.RunId
        ($lines[0..4].key | Sort-Object) | Should -Be ($names | ForEach-Object { "rep/$_" } | Sort-Object)
        $large = $lines | Where-Object key -EQ rep/sub/large.bin
        $large.outcome, $large.size, $large.bytesSent, $large.bytesReused, $large.parts | Should -Be Uploaded, (17MB + 3), (17MB + 3), 0, 2
        $large.evidence | Should -Not -BeNullOrEmpty
        $same = $lines | Where-Object outcome -EQ Unchanged
        $same.bytesSent, $same.bytesReused | Should -Be 0, 1000
        $none = $lines | Where-Object outcome -EQ Failed
        $none.path, $none.errorId | Should -Be (Join-Path $tree none.txt), FileNotFound
    }

    It 'replaces nothing with -NoClobber but leaves what is the same' {
        $folder = New-TestFolder
        New-TestFile "$folder/a.txt" 10 -Seed 1
        New-TestFile "$folder/b.txt" 10 -Seed 2
        $null = Send-S3File "$folder/a.txt" $bucket -Key nc/a.txt @at
        $null = Send-S3File "$folder/a.txt" $bucket -Key nc/b.txt @at
        $run = Watch-Run { Send-S3File "$folder/*" $bucket nc/ -NoClobber @at }
        $run.Errors.FullyQualifiedErrorId | Should -Be 'ObjectExists,S3Multipart.Commands.SendS3FileCommand'
        ($run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] }).Outcome | Should -BeExactly Unchanged
        Get-ObjectHash $Server.Http $bucket nc/b.txt | Should -BeExactly (Get-FileHash "$folder/a.txt").Hash
    }

    It 'takes the list of keys in place of a request for each file' {
        $folder = New-TestFolder
        1..60 | ForEach-Object { New-TestFile "$folder/$('{0:000}' -f $_).txt" 10 -Seed $_ }
        $requests = (Watch-Run { Send-S3File $folder $bucket many/ -Recurse @at -Verbose }).Requests
        @($requests -match '^HeadObject').Count | Should -BeLessOrEqual 16
        @($requests -match '^ListObjectsV2').Count | Should -Be 1
        @($requests -match '^PutObject').Count | Should -Be 60
        $requests = (Watch-Run { Send-S3File $folder $bucket many/ -Recurse @at -Verbose }).Requests
        @($requests -match '^PutObject') | Should -BeNullOrEmpty
    }

    It 'writes one error for a bucket that is not there, and the number of the files that were not tried' {
        $tree = New-Tree
        $report = Join-Path (New-TestFolder) report.jsonl
        $run = Watch-Run { Send-S3File $tree no-such-bucket-here -Recurse -EndpointUrl $Server.Http -ThrottleLimit 1 -Report $report }
        (Get-Content $report | ConvertFrom-Json).outcome | Sort-Object | Should -Be Failed, NotTried, NotTried, NotTried, NotTried
        $run.Errors.FullyQualifiedErrorId -replace ',.*' | Should -Be NoSuchBucket, InputsNotTried
        $summary = $run.Output.MessageData | Where-Object { $_ -is [S3Multipart.RunSummary] }
        $summary.Files, $summary.Failed, $summary.NotTried | Should -Be 5, 1, 4
    }
}
