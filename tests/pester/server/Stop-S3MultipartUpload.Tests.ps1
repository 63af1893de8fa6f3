param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $at = @{ EndpointUrl = $Server.Http }

    function New-Upload([int[]] $Part = @()) {
        $upload = New-S3MultipartUpload @to -Key ([Guid]::NewGuid().ToString('n'))
        foreach ($number in $Part) { $null = Add-S3UploadPart $upload -Value (New-TestBytes (100 * $number)) -PartNumber $number }
        $upload
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Stop-S3MultipartUpload on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'frees the parts and emits nothing' {
        $upload = New-Upload 1, 2
        $run = Watch-Run { $upload | Stop-S3MultipartUpload -Force }
        $run.Output + $run.Errors | Should -BeNullOrEmpty
        Get-StoredUpload $bucket $upload.Key | Should -BeNullOrEmpty
        { Get-StoredPart $upload } | Should -Throw '*404*'
    }

    It 'tells with -PassThru what was freed' {
        $upload = New-Upload 1, 3
        $stopped = $upload | Stop-S3MultipartUpload -Force -PassThru
        $stopped | Should -BeOfType ([S3Multipart.StoppedUpload])
        $stopped.BucketName | Should -BeExactly $bucket
        $stopped.Key | Should -BeExactly $upload.Key
        $stopped.UploadId | Should -BeExactly $upload.UploadId
        $stopped.PartCount, $stopped.FreedBytes | Should -Be 2, 400
        $stopped.Initiated | Should -Be $upload.Initiated
        "$stopped" | Should -BeExactly "s3://$bucket/$($upload.Key)"
    }

    It 'tells with -PassThru of an upload without parts' {
        $stopped = New-Upload | Stop-S3MultipartUpload -Force -PassThru
        $stopped.PartCount, $stopped.FreedBytes | Should -Be 0, 0
    }

    It 'takes <Form>' -ForEach @(
        @{ Form = 'an upload found in the bucket'; Pass = { Get-S3MultipartUpload @to -Key $args[0].Key } }
        @{ Form = 'an upload with its parts'; Pass = { Get-S3MultipartUpload @to -Key $args[0].Key -IncludePart } }
        @{ Form = 'an upload read back from JSON'; Pass = { $args[0] | ConvertTo-Json | ConvertFrom-Json } }
        @{
            Form = 'a hashtable'
            Pass = { @{ BucketName = $bucket; Key = $args[0].Key; UploadId = $args[0].UploadId; EndpointUrl = $Server.Http } }
        }
    ) {
        $upload = New-Upload 1
        $given = & $Pass $upload
        $given | Stop-S3MultipartUpload -Force
        Get-StoredUpload $bucket $upload.Key | Should -BeNullOrEmpty
    }

    It 'takes bucket, key and id by position and by name' {
        $first = New-Upload
        $second = New-Upload
        Stop-S3MultipartUpload $bucket $first.Key $first.UploadId -Force @at
        Stop-S3MultipartUpload -BucketName $bucket -Key $second.Key -UploadId $second.UploadId -Confirm:$false @at
        foreach ($upload in $first, $second) { Get-StoredUpload $bucket $upload.Key | Should -BeNullOrEmpty }
    }

    It 'takes an upload by position' {
        $upload = New-Upload 1
        Stop-S3MultipartUpload $upload -Force
        Get-StoredUpload $bucket $upload.Key | Should -BeNullOrEmpty
    }

    It 'stops the one upload that was meant of two with the same key' {
        $first = New-Upload
        $second = New-S3MultipartUpload @to -Key $first.Key
        $first | Stop-S3MultipartUpload -Force
        (Get-StoredUpload $bucket $first.Key).UploadId | Should -BeExactly $second.UploadId
    }

    It 'takes no part for its upload, which a part is not' {
        $upload = New-Upload
        $part = Add-S3UploadPart $upload -Value (New-TestBytes 10) -PartNumber 1
        foreach ($given in $part, ($part | ConvertTo-Json | ConvertFrom-Json)) {
            $run = Watch-Run { $given | Stop-S3MultipartUpload -Force }
            $run.Errors | Should -HaveCount 1
            $run.Requests | Should -BeNullOrEmpty
        }

        Get-StoredUpload $bucket $upload.Key | Should -HaveCount 1
    }

    It 'asks first: without a response nothing is stopped' {
        $upload = New-Upload
        # This session is not interactive, so that the question itself is the failure.
        $run = Watch-Run { $upload | Stop-S3MultipartUpload }
        $run.Requests | Should -Not -Match '^Abort'
        $run.Thrown.FullyQualifiedErrorId | Should -BeLike 'InvalidOperation,*'
        @($run.Errors) + @($run.Thrown) | Where-Object { $_ } | Should -HaveCount 1
        Get-StoredUpload $bucket $upload.Key | Should -HaveCount 1
    }

    It 'stops nothing with -WhatIf<Also>' -ForEach @{ Also = ''; With = @{} }, @{ Also = ', even with -Force'; With = @{ Force = $true } } {
        $upload = New-Upload 1
        $run = Watch-Run { $upload | Stop-S3MultipartUpload -WhatIf -PassThru @With }
        $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
        Get-SentRequest { $upload | Stop-S3MultipartUpload -WhatIf @With } | Should -BeNullOrEmpty
        Get-StoredUpload $bucket $upload.Key | Should -HaveCount 1
    }

    It 'stops nothing under $WhatIfPreference, even with -Force' {
        $upload = New-Upload
        $run = Watch-Run { $WhatIfPreference = $true; $upload | Stop-S3MultipartUpload -Force }
        $run.Errors + $run.Requests | Should -BeNullOrEmpty
        Get-StoredUpload $bucket $upload.Key | Should -HaveCount 1
    }

    It 'fails for an upload that is gone, and resumes the next' {
        $gone = New-Upload
        $gone | Stop-S3MultipartUpload -Force
        $next = New-Upload
        foreach ($with in @{}, @{ PassThru = $true }) {
            $run = Watch-Run { $gone | Stop-S3MultipartUpload -Force @with }
            $run.Thrown | Should -BeNullOrEmpty
            $run.Errors | Should -HaveCount 1
            Get-ErrorName $run.Errors[0] | Should -BeExactly 'NoSuchUpload'
            $run.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $run.Errors[0].TargetObject | Should -BeExactly "s3://$bucket/$($gone.Key)"
        }

        $run = Watch-Run { $gone, $next | Stop-S3MultipartUpload -Force }
        $run.Errors | Should -HaveCount 1
        Get-StoredUpload $bucket $next.Key | Should -BeNullOrEmpty
    }
}
