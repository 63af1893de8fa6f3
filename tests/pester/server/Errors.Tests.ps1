param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $path = Join-Path $TestDrive a.bin
    New-TestFile $path 1000
    $gone = @{ Key = 'gone'; UploadId = 'unknown' } + $to

    function Set-Fault([hashtable] $Rule) {
        $null = Invoke-RestMethod -Method Post "$($Server.Http)/_/faults" -ContentType application/json -Body (ConvertTo-Json @($Rule))
    }
    function Clear-Fault { $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/faults" }

    # What a user sees of an error in the view, on one line of any length.
    function Show-Error([Management.Automation.ErrorRecord] $ErrorRecord, [string] $View = 'ConciseView') {
        $ErrorView = $View
        $ErrorRecord | Out-String -Width 10000
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Errors that scripts branch on, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'are caught by class: an upload that is not there' {
        $caught = try { Add-S3UploadPart $gone -LiteralPath $path -ErrorAction Stop } catch [S3Multipart.NoSuchUploadException] { $_ }
        $caught.Exception.ErrorCode | Should -BeExactly 'NoSuchUpload'
        [int]$caught.Exception.StatusCode | Should -Be 404
        $caught.Exception.RequestId | Should -Not -BeNullOrEmpty
        $caught.Exception.PSObject.Properties.Name | Should -Contain 'HostId'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught.FullyQualifiedErrorId | Should -BeLike 'NoSuchUpload,*'
    }

    It 'are caught by class: <Command> of an upload that is not there' -ForEach @(
        @{ Command = 'Get-S3UploadPart' }, @{ Command = 'Complete-S3MultipartUpload' }, @{ Command = 'Stop-S3MultipartUpload' }
    ) {
        $caught = try {
            & $Command @gone -ErrorAction Stop -Confirm:$false
        }
        catch [S3Multipart.NoSuchUploadException] {
            $_
        } catch [Management.Automation.ParameterBindingException] {
            try { & $Command @gone -ErrorAction Stop } catch [S3Multipart.NoSuchUploadException] { $_ }
        }
        $caught.Exception | Should -BeOfType ([S3Multipart.S3ServiceException])
        $caught.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'are caught by class: a condition that does not hold' -Tag NeedsNoClobber {
        $file = Get-Item $path
        $null = $file | New-S3MultipartUpload @to -Key there | Add-S3UploadPart | Complete-S3MultipartUpload
        $caught = try {
            $file | New-S3MultipartUpload @to -Key there | Add-S3UploadPart | Complete-S3MultipartUpload -NoClobber -ErrorAction Stop
        }
        catch [S3Multipart.PreconditionFailedException] {
            $_
        }
        [int]$caught.Exception.StatusCode | Should -Be 412
        $caught.ErrorDetails.RecommendedAction | Should -BeLike '*-NoClobber*'
    }

    It 'are caught by class: <Code>' -Tag NeedsFaults -ForEach @(
        @{ Code = 'AccessDenied'; Status = 403; Class = 'AccessDeniedException'; Category = 'PermissionDenied' }
        @{ Code = 'BadDigest'; Status = 400; Class = 'BadDigestException'; Category = 'InvalidData' }
        @{ Code = 'XAmzContentSHA256Mismatch'; Status = 400; Class = 'BadDigestException'; Category = 'InvalidData' }
        @{ Code = 'NoSuchUpload'; Status = 404; Class = 'NoSuchUploadException'; Category = 'ObjectNotFound' }
        @{ Code = 'InvalidRequest'; Status = 400; Class = 'S3ServiceException'; Category = 'InvalidArgument' }
    ) {
        $upload = New-S3MultipartUpload @to -Key $Code -LiteralPath $path
        Set-Fault @{ operation = 'UploadPart'; key = $Code; action = 'error'; code = $Code; status = $Status; message = "S3's own words" }
        try {
            $caught = try { $upload | Add-S3UploadPart -ErrorAction Stop } catch { $_ }
            $caught.Exception.GetType().FullName | Should -BeExactly "S3Multipart.$Class"
            $caught.Exception | Should -BeOfType ([S3Multipart.S3ServiceException])
            $caught.Exception.ErrorCode, [int]$caught.Exception.StatusCode | Should -Be $Code, $Status
            $caught.CategoryInfo.Category | Should -Be $Category
            "$caught" | Should -BeLike "*S3's own words*"
        }
        finally { Clear-Fault }
    }
}

Describe 'Errors that teach, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'are one line with what happened and one with what to do: <What>' -ForEach @(
        @{
            What = 'a bucket that is not there'
            Run = { New-S3MultipartUpload t-none-such-bucket k -EndpointUrl $Server.Http }
            Name = 'NoSuchBucket'
            Advice = '*bucket*-EndpointUrl*'
        }
        @{
            What = 'a wrong secret'
            Run = { New-S3MultipartUpload @to -Key k -AccessKey testaccess -SecretKey wrong }
            Name = 'SignatureDoesNotMatch'
            Advice = '*-SecretKey*'
        }
        @{
            What = 'an unknown access key'
            Run = { New-S3MultipartUpload @to -Key k -AccessKey nobody -SecretKey wrong }
            Name = 'InvalidAccessKeyId'
            Advice = '*-AccessKey*'
        }
        @{
            What = 'a file that is not there'
            Run = { New-S3MultipartUpload @to -LiteralPath "$TestDrive/none" }
            Name = 'FileNotFound'
            Advice = '*-LiteralPath*'
        }
        @{
            What = 'an upload that is not there'
            Run = { Add-S3UploadPart $gone -LiteralPath $path }
            Name = 'NoSuchUpload'
            Advice = '*Get-S3MultipartUpload*'
        }
        @{
            What = 'no such upload in a list'
            Run = { Get-S3MultipartUpload @to -Key none }
            Name = 'UploadNotFound'
            Advice = "*Get-S3MultipartUpload*"
        }
    ) {
        if ($What -match 'wrong secret|access key') { Skip-Without Signature }
        $seen = Watch-Run $Run
        $failure = @($seen.Errors) + @($seen.Thrown) | Where-Object { $_ }
        $failure | Should -HaveCount 1
        Get-ErrorName $failure | Should -BeExactly $Name
        "$failure" | Should -Not -Match '[\r\n]'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike $Advice
        $failure.ErrorDetails.RecommendedAction | Should -Not -Match '[\r\n]'
        $failure.Exception.RecommendedAction | Should -BeExactly $failure.ErrorDetails.RecommendedAction
        # For a script file the view cuts the message into lines with a bar before each.
        $bare = { $args[0] -replace '[\s|]' }
        $shown = & $bare (Show-Error $failure)
        $shown.Contains((& $bare "$failure")) | Should -BeTrue -Because $shown
        $shown.Contains((& $bare $failure.ErrorDetails.RecommendedAction)) | Should -BeTrue -Because $shown
        (& $bare (Show-Error $failure NormalView)).Contains((& $bare "$failure")) | Should -BeTrue
    }

    It 'do not advise the line that has just failed when the source of a copy is missing' {
        $upload = New-S3MultipartUpload @to -Key copy
        $seen = Watch-Run { $upload | Add-S3UploadPart -SourceBucketName $bucket -SourceKey 'none such' }
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $advice = $seen.Errors[0].ErrorDetails.RecommendedAction
        $advice | Should -BeLike "*source*Get-S3MultipartUpload*-UploadId*Add-S3UploadPart -SourceBucketName BUCKET -SourceKey KEY*"
        $advice | Should -Not -Match 'none such'
    }

    It 'give a line to resume that a shell reads back, whatever quotes the names have' -Tag NeedsFaults {
        $key = "it's $([char]0x2018)q$([char]0x2019); throw 'run'"
        $upload = New-S3MultipartUpload @to -Key $key -LiteralPath $path
        Set-Fault @{ operation = 'UploadPart'; action = 'error'; code = 'InvalidRequest'; status = 400; times = 1 }
        try { $seen = Watch-Run { $upload | Add-S3UploadPart } } finally { Clear-Fault }
        $line = $seen.Errors[0].ErrorDetails.RecommendedAction -replace '^.*To resume: '
        $done = & ([scriptblock]::Create($line))
        $done.Key | Should -BeExactly $key
        Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-FileHash $path).Hash
    }

    It 'have the properties of a response of S3 whatever they are, so that a runbook lives under Set-StrictMode' {
        Set-StrictMode -Version Latest
        New-S3MultipartUpload -BucketName $bucket -LiteralPath (Join-Path $TestDrive none.bin) -EndpointUrl $Server.Http `
            -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].Exception.ErrorId | Should -BeExactly FileNotFound
        foreach ($name in 'ErrorCode', 'StatusCode', 'RequestId', 'HostId') { $failed[0].Exception.$name | Should -BeNullOrEmpty }
        Get-S3UploadPart -BucketName $bucket -Key k -UploadId none -EndpointUrl $Server.Http -ErrorAction SilentlyContinue `
            -ErrorVariable refused
        $refused[0].Exception.ErrorCode | Should -Not -BeNullOrEmpty
        [int]$refused[0].Exception.StatusCode | Should -BeGreaterOrEqual 400
    }

    It 'are as many as the files, each with its own target' {
        # Of one bucket that is not there, all would be one error.
        $files = 1..3 | ForEach-Object {
            New-TestFile "$TestDrive/f$_.bin" 10
            [pscustomobject]@{ LiteralPath = "$TestDrive/f$_.bin"; BucketName = "t-none-such-$_"; Key = "f$_.bin" }
        }
        $seen = Watch-Run {
            $files | New-S3MultipartUpload -EndpointUrl $Server.Http | Add-S3UploadPart | Complete-S3MultipartUpload
        }
        $seen.Output | Should -BeNullOrEmpty
        $seen.Errors.TargetObject | Should -BeExactly (1..3 | ForEach-Object { "s3://t-none-such-$_/f$_.bin" })
    }
}
