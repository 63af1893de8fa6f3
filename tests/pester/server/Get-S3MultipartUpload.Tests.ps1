param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $at = @{ EndpointUrl = $Server.Http }
    $begun = [DateTime]::UtcNow
    $uploads = 'a/1', 'a/2 ü+%&<>"', 'b/1', 'b/1', 'b/10', 'x' | ForEach-Object { New-S3MultipartUpload @to -Key $_ }
    foreach ($number in 1, 2, 7) { $null = Add-S3UploadPart $uploads[0] -Value (New-TestBytes (100 * $number)) -PartNumber $number }
    $empty = New-TestBucket $Server.Http
}

AfterAll {
    Remove-TestBucket $Server.Http $bucket
    Remove-TestBucket $Server.Http $empty
}

Describe 'Get-S3MultipartUpload on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'lists the uploads of the bucket, in the order of their keys' {
        $found = Get-S3MultipartUpload $bucket @at
        $found.Key | Should -BeExactly 'a/1', 'a/2 ü+%&<>"', 'b/1', 'b/1', 'b/10', 'x'
        $found.UploadId | Sort-Object | Should -BeExactly ($uploads.UploadId | Sort-Object)
    }

    It 'tells all there is to know about an upload' {
        $found = Get-S3MultipartUpload @to -Key 'a/1'
        $found | Should -BeOfType ([S3Multipart.MultipartUpload])
        $found.BucketName | Should -BeExactly $bucket
        $found.UploadId | Should -BeExactly $uploads[0].UploadId
        $found.EndpointUrl | Should -BeExactly $Server.Http
        $found.Region | Should -BeExactly 'us-east-1'
        $found.StorageClass | Should -BeExactly 'STANDARD'
        $found.BucketType | Should -Be 'General purpose'
        $found.Owner | Should -Not -BeNullOrEmpty
        $found.Initiator | Should -Not -BeNullOrEmpty
        $found.Initiated.Kind | Should -Be 'Utc'
        if (-not $Server.Lacks.Initiated) {
            $found.Initiated | Should -BeGreaterThan $begun.AddSeconds(-5)
            $found.Initiated | Should -BeLessThan ([DateTime]::UtcNow.AddSeconds(5))
        }

        # As far as the server tells it.
        $found.ChecksumAlgorithm | Should -BeExactly $(if (-not $Server.Lacks.ListedChecksum) { 'CRC64NVME' })
        $found.ChecksumType | Should -BeExactly $(if (-not $Server.Lacks.ListedChecksum) { 'FULL_OBJECT' })
        foreach ($name in 'LiteralPath', 'Length', 'PartSize', 'PartCount', 'StoredBytes', 'Parts', 'ProfileName') {
            $found.$name | Should -Be $null -Because $name
        }
    }

    It 'says nothing of a bucket without uploads' {
        $run = Watch-Run { Get-S3MultipartUpload $empty @at }
        $run.Output + $run.Errors | Should -BeNullOrEmpty
        $run.Requests | Should -HaveCount 1
    }

    It 'lists by -Prefix: <Prefix>' -ForEach @(
        @{ Prefix = 'a/'; Keys = 'a/1', 'a/2 ü+%&<>"' }
        @{ Prefix = 'a/2 ü+%'; Keys = 'a/2 ü+%&<>"' }
        @{ Prefix = 'b/1'; Keys = 'b/1', 'b/1', 'b/10' }
        @{ Prefix = 'none'; Keys = $null }
    ) {
        (Get-S3MultipartUpload $bucket $Prefix @at).Key | Should -BeExactly $Keys
        (Get-S3MultipartUpload -BucketName $bucket -KeyPrefix $Prefix @at).Key | Should -BeExactly $Keys
    }

    It 'lists by -Key only what has that key, all uploads of it' {
        $found = Get-S3MultipartUpload @to -Key 'b/1'
        $found.UploadId | Sort-Object | Should -BeExactly ($uploads[2, 3].UploadId | Sort-Object)
        (Get-S3MultipartUpload @to -Key 'a/2 ü+%&<>"').UploadId | Should -BeExactly $uploads[1].UploadId
    }

    It 'lists by -UploadId, with its key and without' {
        (Get-S3MultipartUpload @to -Key 'b/1' -UploadId $uploads[3].UploadId).UploadId | Should -BeExactly $uploads[3].UploadId
        (Get-S3MultipartUpload @to -UploadId $uploads[5].UploadId).Key | Should -BeExactly 'x'
    }

    It 'says which <What> there is none of' -ForEach @(
        @{ What = 'key'; By = @{ Key = 'b/' }; Says = "*the key 'b/'*" }
        @{ What = 'id'; By = @{ UploadId = 'unknown' }; Says = "*the id 'unknown'*" }
        @{ What = 'key and id'; By = @{ Key = 'x'; UploadId = 'unknown' }; Says = "*the key 'x' and the id 'unknown'*" }
    ) {
        $run = Watch-Run { Get-S3MultipartUpload @to @By }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Output | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'UploadNotFound'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$($run.Errors[0])" | Should -BeLike $Says
    }

    It 'takes an upload for what is to be looked up again' {
        ($uploads[2] | Get-S3MultipartUpload @at).UploadId | Should -BeExactly $uploads[2].UploadId
        ($uploads[0], $uploads[5] | Get-S3MultipartUpload -IncludePart @at).StoredBytes | Should -Be 1000, 0
    }

    It 'resumes the next bucket after one that is not there' {
        $names = [pscustomobject]@{ BucketName = 't-none-such-bucket' }, [pscustomobject]@{ BucketName = $bucket }
        $run = Watch-Run { $names | Get-S3MultipartUpload @at }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Output | Should -HaveCount 6
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'NoSuchBucket'
    }

    It 'tells with -IncludePart what is stored' {
        $found = Get-S3MultipartUpload $bucket @at -IncludePart
        $found | Should -HaveCount 6
        $found[0].PartCount, $found[0].StoredBytes | Should -Be 3, 1000
        $found[0].Parts.PartNumber | Should -Be 1, 2, 7
        $found[0].Parts.Size | Should -Be 100, 200, 700
        $found[0].Parts[0].ETag | Should -BeExactly (Get-ETag (New-TestBytes 100))
        $found[0].Owner | Should -Not -BeNullOrEmpty
        $found[1].PartCount, $found[1].StoredBytes | Should -Be 0, 0
        $found[1].Parts.Count | Should -Be 0
    }

    It 'lists by -OlderThan <Age>' -Tag NeedsInitiated -ForEach @(
        @{ Age = [TimeSpan]::Zero; Count = 6 }
        @{ Age = '0s'; Count = 6 }
        @{ Age = [TimeSpan]::FromHours(1); Count = 0 }
        @{ Age = '1h'; Count = 0 }
        @{ Age = '7d'; Count = 0 }
        @{ Age = '0.5 d'; Count = 0 }
        @{ Age = '01:00:00'; Count = 0 }
        @{ Age = '-00:05:00'; Count = 6 }
    ) {
        @(Get-S3MultipartUpload $bucket @at -OlderThan $Age) | Should -HaveCount $Count
    }

    It 'takes ages written bare, which PowerShell reads as numbers where their unit is a suffix of its own' -Tag NeedsInitiated {
        @(Get-S3MultipartUpload $bucket @at -OlderThan 0s) | Should -HaveCount 6
        @(Get-S3MultipartUpload $bucket @at -OlderThan 0d) | Should -HaveCount 6
        @(Get-S3MultipartUpload $bucket @at -OlderThan 45d) | Should -HaveCount 0
        @(Get-S3MultipartUpload $bucket @at -OlderThan 12h) | Should -HaveCount 0
        { Get-S3MultipartUpload $bucket @at -OlderThan 7 } | Should -Throw '*is not an age*'
    }

    It 'finds what is older than a moment, and not what is younger' {
        $old = (Get-S3MultipartUpload @to -Key 'x').Initiated
        @(Get-S3MultipartUpload @to -Key 'x' -OlderThan ([DateTime]::UtcNow - $old.AddSeconds(1))) | Should -HaveCount 1
        @(Get-S3MultipartUpload @to -Key 'x' -OlderThan ([DateTime]::UtcNow - $old.AddSeconds(-60))) | Should -HaveCount 0
    }

    It 'finds no fault with a key whose uploads are all too young' {
        (Watch-Run { Get-S3MultipartUpload @to -Key 'x' -OlderThan 1h }).Errors | Should -BeNullOrEmpty
    }

    It 'refuses <Age>, which is no age' -ForEach @(
        @{ Age = 7 }
        @{ Age = '7' }
        @{ Age = 'd' }
        @{ Age = '7y' }
        @{ Age = '' }
        @{ Age = [DateTime]::Now }
    ) {
        $run = Watch-Run { Get-S3MultipartUpload $bucket @at -OlderThan $Age }
        Get-ErrorName $run.Thrown | Should -BeExactly 'ParameterArgumentTransformationError'
        $run.Requests | Should -BeNullOrEmpty
    }
}

Describe 'Get-S3MultipartUpload on <Server.Name>, over more than one page' -Tag NeedsUploadPage -ForEach @{ Server = $Server } {
    BeforeAll {
        $many = New-TestBucket $Server.Http
        # A thousand and more uploads, several of which have one key, across the end of the page.
        $keys = 1..1020 | ForEach-Object { [pscustomobject]@{ Key = 'k ü+{0:d4}' -f $_ } }
        $ids = @(($keys | New-S3MultipartUpload -BucketName $many -ThrottleLimit 16 @at).UploadId)
        $ids += 1..30 | ForEach-Object { (New-S3MultipartUpload $many 'k ü+0990' @at).UploadId }
    }

    AfterAll {
        Get-S3MultipartUpload $many @at | Stop-S3MultipartUpload -Force -ThrottleLimit 16
        Remove-TestBucket $Server.Http $many
    }

    It 'lists every upload once' {
        $run = Watch-Run { Get-S3MultipartUpload $many @at }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -HaveCount 1050
        $run.Output.UploadId | Sort-Object | Should -BeExactly ($ids | Sort-Object)
        $run.Requests | Should -HaveCount 2
    }

    It 'asks for no second page that nobody takes' {
        $run = Watch-Run { Get-S3MultipartUpload $many @at | Select-Object -First 5 }
        $run.Output | Should -HaveCount 5
        $run.Requests | Should -HaveCount 1
    }

    It 'finds an upload on the second page' {
        (Get-S3MultipartUpload $many -UploadId $ids[1019] @at).Key | Should -BeExactly 'k ü+1020'
        @(Get-S3MultipartUpload $many -Key 'k ü+0990' @at) | Should -HaveCount 31
    }
}
