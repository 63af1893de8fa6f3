# Uploads in buckets that nobody has named: found by a wildcard, priced, and stopped bucket by bucket.
param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $at = @{ EndpointUrl = $Server.Http }
    $mark = "o$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
    $names = 'a', 'b', 'c' | ForEach-Object { New-TestBucket $Server.Http "$mark-$_" }
    $lifecycle = '<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>abort</ID>' +
        '<Filter><Prefix>old/</Prefix></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload>' +
        '<DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>'

    $denied = @{ action = 'error'; code = 'AccessDenied'; status = 403 }

    # Two uploads that nobody finishes, in the first and the last of the buckets.
    function New-Orphan {
        foreach ($where in @{ BucketName = $names[0]; Key = 'old/one' }, @{ BucketName = $names[2]; Key = 'two' }) {
            $upload = New-S3MultipartUpload @where @at
            $null = Add-S3UploadPart $upload -Value (New-TestBytes 3MB) -PartNumber 1
            $upload
        }
    }

    function Get-Left { foreach ($name in $names) { Get-StoredUpload $name } }

    function Get-Warning($Run) { @($Run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) }

    function Get-Upload($Run) { @($Run.Output | Where-Object { $_ -is [S3Multipart.MultipartUpload] }) }
}

AfterAll { foreach ($name in $names) { Remove-TestBucket $Server.Http $name } }

Describe 'Uploads in all buckets on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll { $orphans = @(New-Orphan) }

    It 'are found in the buckets that match, in the order of these' {
        $run = Watch-Run { Get-S3MultipartUpload "$mark-*" @at }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.UploadId | Should -BeExactly $orphans.UploadId
        $run.Output.BucketName | Should -BeExactly $names[0, 2]
        @($run.Requests -like 'ListBuckets *') | Should -HaveCount 1
        @($run.Requests -like "ListMultipartUploads s3://$mark*") | Should -HaveCount 3
    }

    It 'are found by <Pattern> in <Found>' -ForEach @(
        @{ Pattern = '{0}-?'; Found = 'a', 'c' }
        @{ Pattern = '{0}-[bc]'; Found = @('c') }
        @{ Pattern = '*{1}-A'; Found = @('a') }
        @{ Pattern = '{0}-[b]'; Found = @() }
    ) {
        $run = Watch-Run { Get-S3MultipartUpload ($Pattern -f $mark, $mark.Substring(1).ToUpperInvariant()) @at }
        $run.Errors | Should -BeNullOrEmpty
        @($run.Output.BucketName) | Should -BeExactly @($Found | ForEach-Object { "$mark-$_" })
    }

    It 'are never those of all buckets because a bucket was forgotten: <What>' -ForEach @(
        @{ What = 'null'; Name = $null }
        @{ What = 'nothing'; Name = '' }
    ) {
        $run = Watch-Run { Get-S3MultipartUpload -BucketName $Name @at }
        Get-ErrorName $run.Thrown | Should -BeExactly 'ParameterArgumentValidationError'
        $run.Output + $run.Requests | Should -BeNullOrEmpty
    }

    It 'are not zero where no bucket matches: that is a warning' {
        $run = Watch-Run { Get-S3MultipartUpload "$mark-none*" @at }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -HaveCount 1
        "$($run.Output[0])" | Should -BeLike "None of the account's * buckets matches '$mark-none?'*"
    }

    It 'are not looked for by a pattern that is none' {
        $run = Watch-Run { Get-S3MultipartUpload "$mark-[a" @at }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'BucketNameInvalid'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'have names in no other cmdlet' {
        $run = Watch-Run { New-S3MultipartUpload "$mark-*" key @at }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'BucketNameInvalid'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'are picked by -Key, which is looked for in all of them' {
        (Get-S3MultipartUpload "$mark-*" -Key two @at).BucketName | Should -BeExactly $names[2]
        $run = Watch-Run { Get-S3MultipartUpload "$mark-*" -Key three @at }
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'UploadNotFound'
    }

    It 'are no more than -MaxUpload says, over all buckets' {
        @(Get-S3MultipartUpload "$mark-*" -MaxUpload 1 @at).Key | Should -BeExactly 'old/one'
        $more = New-S3MultipartUpload $names[2] three @at
        @(Get-S3MultipartUpload "$mark-*" -MaxUpload 2 @at).BucketName | Should -BeExactly $names[0, 2]
        $more | Stop-S3MultipartUpload -Force
    }

    It 'are listed no further than somebody takes them' {
        $run = Watch-Run { Get-S3MultipartUpload "$mark-*" @at | Select-Object -First 1 }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.Key | Should -BeExactly 'old/one'
    }

    It 'tell whether a rule of the bucket aborts them' {
        (Get-S3MultipartUpload "$mark-*" @at).HasAbortRule | Should -Be $false, $false
        Set-BucketSetting $names[0] lifecycle $lifecycle
        (Get-S3MultipartUpload "$mark-*" @at).HasAbortRule | Should -Be $true, $false
        (Get-S3MultipartUpload $names[0] @at).HasAbortRule | Should -Be $null
        $other = New-S3MultipartUpload $names[0] new/one @at
        (Get-S3MultipartUpload "$mark-a*" -IncludePart @at | Sort-Object Key).HasAbortRule | Should -Be $false, $true
        $other | Stop-S3MultipartUpload -Force
    }

    It 'name the owner that their bucket must have' -Tag NeedsBucketOwner {
        $owner = @{ ExpectedBucketOwner = '111122223333' }
        $wire = Watch-Wire { Get-S3MultipartUpload "$mark-*" @owner @at }
        $wire.Output | Should -HaveCount 2
        $of = $wire.Requests | Where-Object { $_.Bucket -like "$mark-*" }
        ($of.Operation | Select-Object -Unique | Sort-Object) | Should -BeExactly 'GetBucketLifecycleConfiguration', 'ListMultipartUploads'
        $of | Where-Object { $_.Headers.'x-amz-expected-bucket-owner' -ne '111122223333' } | Should -BeNullOrEmpty
        ($wire.Requests | Where-Object Operation -EQ ListBuckets).Headers.'x-amz-expected-bucket-owner' | Should -BeNullOrEmpty
        $run = Watch-Run { Get-S3MultipartUpload "$mark-*" -ExpectedBucketOwner 999999999999 @at }
        $run.Errors | ForEach-Object { Get-ErrorName $_ } | Should -BeExactly 'AccessDenied', 'AccessDenied', 'AccessDenied'
    }

    It 'are priced by <Price> for 2^30 bytes in a month' -ForEach @{ Price = 0.023d }, @{ Price = '0.1' }, @{ Price = 1 } {
        $found = Get-S3MultipartUpload "$mark-*" -PricePerGBMonth $Price @at
        $found.StoredBytes | Should -Be 3MB, 3MB
        $found.MonthlyCost | Should -Be (@([decimal]$Price * 3MB / 1GB) * 2)
        $found.MonthlyCost | Should -BeOfType ([decimal])
        (Get-S3MultipartUpload $names[0] -PricePerGBMonth $Price @at).MonthlyCost | Should -Be ([decimal]$Price * 3MB / 1GB)
        ($found[0] | Format-List | Out-String) | Should -Match 'MonthlyCost +: \d'
        (Get-S3MultipartUpload "$mark-*" -IncludePart @at).MonthlyCost | Should -Be $null, $null
    }

    It 'have no price of <Price>' -ForEach @{ Price = 0 }, @{ Price = -1 } {
        $run = Watch-Run { Get-S3MultipartUpload "$mark-*" -PricePerGBMonth $Price @at }
        Get-ErrorName $run.Thrown | Should -BeExactly 'ParameterArgumentValidationError'
    }

    It 'are listed though one bucket refuses it, which is one error' -Tag NeedsFaults {
        Set-LocalS3Fault $Server.Http ($denied + @{ operation = 'ListMultipartUploads'; bucket = $names[0] })
        try { $run = Watch-Run { Get-S3MultipartUpload "$mark-*" @at } } finally { Set-LocalS3Fault $Server.Http }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Output.Key | Should -BeExactly 'two'
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'AccessDenied'
        $run.Errors[0].TargetObject | Should -BeExactly "s3://$($names[0])"
    }

    It 'are not said to be none where a bucket refused its list' -Tag NeedsFaults {
        Set-LocalS3Fault $Server.Http ($denied + @{ operation = 'ListMultipartUploads'; bucket = $names[2] })
        try { $run = Watch-Run { Get-S3MultipartUpload "$mark-*" -Key two @at } } finally { Set-LocalS3Fault $Server.Http }
        $run.Errors | ForEach-Object { Get-ErrorName $_ } | Should -BeExactly 'AccessDenied'
    }

    It 'cannot be looked for without the right to list buckets, which is an error of its own' -Tag NeedsFaults {
        Set-LocalS3Fault $Server.Http ($denied + @{ operation = 'ListBuckets' })
        try { $run = Watch-Run { Get-S3MultipartUpload "$mark-*" @at } } finally { Set-LocalS3Fault $Server.Http }
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'BucketsNotListable'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $run.Errors[0].TargetObject | Should -BeExactly "s3://$mark-*"
        $run.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*s3:ListAllMyBuckets*-BucketName*'
        @($run.Requests -notlike 'ListBuckets *') | Should -BeNullOrEmpty
    }

    It 'have an unknown rule where the rules may not be read: <Code>' -Tag NeedsFaults -ForEach @(
        @{ Code = 'AccessDenied'; Status = 403 }
        @{ Code = 'NotImplemented'; Status = 501 }
    ) {
        Set-LocalS3Fault $Server.Http @{ operation = 'GetBucketLifecycleConfiguration'; action = 'error'; code = $Code; status = $Status }
        try { $run = Watch-Run { Get-S3MultipartUpload "$mark-*" @at } } finally { Set-LocalS3Fault $Server.Http }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.HasAbortRule | Should -Be $null, $null
    }

    It 'are listed though the rules of their bucket fail, which is an error' -Tag NeedsFaults {
        Set-LocalS3Fault $Server.Http @{ operation = 'GetBucketLifecycleConfiguration'; bucket = $names[0]; action = 'error'; status = 500 }
        try { $run = Watch-Run { Get-S3MultipartUpload "$mark-*" -MaxRetry 0 @at } } finally { Set-LocalS3Fault $Server.Http }
        $run.Output.HasAbortRule | Should -Be $null, $false
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'InternalError'
        $run.Errors[0].TargetObject | Should -BeExactly "s3://$($names[0])"
    }

    It 'are found, priced and stopped, two in three buckets' {
        Get-Left | Should -HaveCount 2
        $found = Get-S3MultipartUpload "$mark-*" -PricePerGBMonth 0.023 @at
        ($found | Measure-Object MonthlyCost -Sum).Sum | Should -Be (0.023 * 6MB / 1GB)
        $stopped = $found | Stop-S3MultipartUpload -Force -PassThru
        $stopped.BucketName | Sort-Object | Should -BeExactly $names[0, 2]
        ($stopped | Measure-Object FreedBytes -Sum).Sum | Should -Be 6MB
        Get-Left | Should -BeNullOrEmpty
        (Watch-Run { Get-S3MultipartUpload "$mark-*" @at }).Output | Should -BeNullOrEmpty
    }
}

Describe 'Uploads in buckets of several Regions' -Tag NeedsAmazonNames {
    It 'are listed at the Region of their bucket, and stopped there' {
        $far = "$mark-far"
        $place = '<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>'
        $body = [Text.Encoding]::UTF8.GetBytes($place)
        $null = Invoke-S3 @{ Endpoint = $Server.Http; Method = 'PUT'; Bucket = $far; Body = $body }
        try {
            New-S3MultipartUpload $far away @at | Should -Not -BeNullOrEmpty
            New-S3MultipartUpload $names[1] near @at | Should -Not -BeNullOrEmpty
            $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
            $found = Invoke-AtAmazon @'
                $found = Get-S3MultipartUpload "$($a.Mark)-*" -ErrorVariable failed
                $found | Stop-S3MultipartUpload -Force -ErrorVariable +failed
                @{ Found = @($found | ForEach-Object { "$_ $($_.Region)" }); Failed = @($failed | ForEach-Object { "$_" }) }
'@ @{ Mark = $mark }
            $found.Failed | Should -BeNullOrEmpty
            $found.Found | Should -BeExactly "s3://$($names[1])/near us-east-1", "s3://$far/away eu-west-1"
            $seen = Get-LocalS3Request $Server.Http
            # No request is sent to the wrong Region first.
            $seen | Where-Object { $_.Status -ge 300 -and $_.ErrorCode -notlike 'NoSuch*' } | Should -BeNullOrEmpty
            $seen | Where-Object Bucket -EQ $far | ForEach-Object Host | Select-Object -Unique |
                Should -BeExactly "$far.s3.eu-west-1.amazonaws.com"
            Get-StoredUpload $far | Should -BeNullOrEmpty
        }
        finally { Remove-TestBucket $Server.Http $far }
    }
}

Describe 'Stop-S3MultipartUpload of several buckets on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot '../../tools/TestTools.psm1')

        # Runs a script in a runspace with that host, and returns what it was asked.
        function Get-Question([string[]] $Answer, [string] $Script) {
            $choosing = [S3Multipart.TestTools.AnsweringHost]::new('', $Answer)
            $space = [runspacefactory]::CreateRunspace($choosing)
            $space.Open()
            $shell = [PowerShell]::Create($space)
            try {
                $null = $shell.AddScript("param(`$ModulePath, `$Mark, `$At) Import-Module `"`$ModulePath/S3Multipart.psd1`"`n$Script").
                    AddArgument($ModulePath).AddArgument($mark).AddArgument($at).Invoke()
                $shell.Streams.Error | Should -BeNullOrEmpty
                $choosing.Asked.Questions
            }
            finally {
                $shell.Dispose()
                $space.Dispose()
            }
        }
    }

    BeforeEach {
        foreach ($where in 0, 2) { foreach ($key in 'one', 'two') { $null = New-S3MultipartUpload $names[$where] $key @at } }
    }
    AfterEach { Get-S3MultipartUpload "$mark-*" @at | Stop-S3MultipartUpload -Force }

    It 'asks for each bucket: yes to all in one does not reach into the next' {
        $asked = @(Get-Question 'Yes to All', 'No to All' 'Get-S3MultipartUpload "$Mark-*" @At | Stop-S3MultipartUpload')
        $asked | Should -HaveCount 2
        $asked[0] | Should -BeLike "*bucket '$($names[0])'*s3://$($names[0])/one*"
        $asked[1] | Should -BeLike "*bucket '$($names[2])'*s3://$($names[2])/one*"
        Get-StoredUpload $names[0] | Should -BeNullOrEmpty
        Get-StoredUpload $names[2] | Should -HaveCount 2
    }

    It 'asks for each upload where the answers are for one' {
        $asked = @(Get-Question 'Yes', 'No', 'No', 'Yes' 'Get-S3MultipartUpload "$Mark-*" @At | Stop-S3MultipartUpload')
        $asked | Should -HaveCount 4
        (Get-StoredUpload $names[0]).Key | Should -BeExactly 'two'
        (Get-StoredUpload $names[2]).Key | Should -BeExactly 'one'
    }

    It 'asks nothing with <With>, and stops all' -ForEach @(
        @{ With = '-Force' }
        @{ With = '-Confirm:$false' }
    ) {
        Get-Question @() "Get-S3MultipartUpload `"`$Mark-*`" @At | Stop-S3MultipartUpload $With" | Should -BeNullOrEmpty
        Get-Left | Should -BeNullOrEmpty
    }

    It 'asks nothing under $ConfirmPreference = None, and nothing with -WhatIf' {
        Get-Question @() 'Get-S3MultipartUpload "$Mark-*" @At | Stop-S3MultipartUpload -WhatIf' | Should -BeNullOrEmpty
        Get-Left | Should -HaveCount 4
        Get-Question @() '$ConfirmPreference = "None"; Get-S3MultipartUpload "$Mark-*" @At | Stop-S3MultipartUpload' | Should -BeNullOrEmpty
        Get-Left | Should -BeNullOrEmpty
    }

    It 'asks as PowerShell does about buckets that were named' {
        $asked = @(Get-Question 'Yes to All' '"a", "c" | ForEach-Object { Get-S3MultipartUpload "$Mark-$_" @At } | Stop-S3MultipartUpload')
        $asked | Should -HaveCount 1
        Get-Left | Should -BeNullOrEmpty
    }
}

Describe 'A store that lists the uploads of exact keys alone' -Tag NeedsFirstServer {
    BeforeAll {
        $minio = Start-TestServer LocalS3 -Option '--store', minio
        $bucket = New-TestBucket $minio.Http "$mark-minio"
        $there = @{ EndpointUrl = $minio.Http }
        $null = New-S3MultipartUpload $bucket key @there
    }
    AfterAll { $minio | Stop-TestServer }

    It 'warns by <Bucket><Prefix>, and never reports zero' -ForEach @(
        @{ Bucket = '{0}-*'; Prefix = '' }
        @{ Bucket = '{0}-minio'; Prefix = '' }
        @{ Bucket = '{0}-minio'; Prefix = 'k' }
    ) {
        $run = Watch-Run { Get-S3MultipartUpload ($Bucket -f $mark) $Prefix @there }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -HaveCount 1
        "$($run.Output[0])" | Should -BeLike '*MinIO*exact key*there may be others*-Key*'
    }

    It 'warns once of several buckets' {
        $null = New-TestBucket $minio.Http "$mark-other"
        Get-Warning (Watch-Run { Get-S3MultipartUpload "$mark-*" @there }) | Should -HaveCount 1
    }

    It 'does not warn of a key' {
        $run = Watch-Run { Get-S3MultipartUpload "$mark-*" -Key key @there }
        Get-Upload $run | Should -HaveCount 1
        Get-Warning $run | Should -BeNullOrEmpty
    }
}
