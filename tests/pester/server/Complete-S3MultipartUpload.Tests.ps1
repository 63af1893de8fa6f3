param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $at = @{ EndpointUrl = $Server.Http }
    $path = Join-Path $TestDrive 'three parts.bin'
    New-TestFile $path (10MB + 7)
    $hash = (Get-FileHash $path).Hash

    function New-Upload([hashtable] $With = @{ LiteralPath = $path; PartSize = 5MB }) {
        New-S3MultipartUpload @to @With -Key ([Guid]::NewGuid().ToString('n'))
    }

    # The upload as another process finds it.
    function Find-Upload($Upload) { Get-S3MultipartUpload @to -Key $Upload.Key -UploadId $Upload.UploadId }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Complete-S3MultipartUpload on <Server.Name>, from parts' -ForEach @{ Server = $Server } {
    It 'tells all there is to know about the object' -Tag Quick {
        $upload = New-Upload
        $done = $upload | Add-S3UploadPart | Complete-S3MultipartUpload

        $done | Should -BeOfType ([S3Multipart.CompletedUpload])
        $done.BucketName | Should -BeExactly $bucket
        $done.Key | Should -BeExactly $upload.Key
        $done.UploadId | Should -BeExactly $upload.UploadId
        $done.Size | Should -Be (10MB + 7)
        $done.PartCount | Should -Be 3
        $done.LiteralPath | Should -BeExactly $path
        $done.Location | Should -BeLike "*$($upload.Key)"
        $done.VersionId | Should -Be $(if ($Server.Name -eq 'moto') { 'null' })
        $done.Duration | Should -BeGreaterThan ([TimeSpan]::Zero)
        $done.BytesPerSecond | Should -BeGreaterThan 0
        # Where the response to Complete does not tell the ETag, a HEAD does.
        $done.ETag | Should -Match '^"[0-9a-f]{32}-3"$'
        # What a server does not tell is not made up.
        if ($Server.Lacks.Checksum) { $done.Checksum | Should -BeNullOrEmpty }
        else {
            $done.ChecksumAlgorithm | Should -BeExactly 'CRC64NVME'
            $done.ChecksumType | Should -BeExactly 'FULL_OBJECT'
            [Convert]::FromBase64String($done.Checksum) | Should -HaveCount 8
        }

        "$done" | Should -BeExactly "s3://$bucket/$($upload.Key)"
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash
        Get-StoredUpload $bucket $upload.Key | Should -BeNullOrEmpty
    }

    It 'takes the parts in any order' {
        $upload = New-Upload
        $parts = $upload | Add-S3UploadPart | Sort-Object PartNumber -Descending
        ($parts | Complete-S3MultipartUpload).PartCount | Should -Be 3
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash
    }

    It 'sorts out the parts of several uploads' {
        $uploads = (New-Upload), (New-Upload), (New-Upload @{ LiteralPath = $path; PartSize = 6MB })
        $parts = $uploads | Add-S3UploadPart | Sort-Object PartNumber, UploadId
        $done = $parts | Complete-S3MultipartUpload
        $done.Key | Sort-Object | Should -BeExactly ($uploads.Key | Sort-Object)
        foreach ($upload in $uploads) { Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash }
    }

    It 'tells apart several uploads of one key, the last completed of which the object is' {
        $first = New-Upload
        $second = New-S3MultipartUpload @to -Key $first.Key
        $small = New-TestBytes 100
        $parts = @($first | Add-S3UploadPart) + @(Add-S3UploadPart $second -Value $small -PartNumber 1)
        ($parts | Complete-S3MultipartUpload -ThrottleLimit 1).Size | Should -Be (10MB + 7), 100
        Get-ObjectHash $Server.Http $bucket $first.Key | Should -BeExactly (Get-ByteHash $small)
    }

    It 'takes the later of two parts with one number' {
        $upload = New-Upload @{}
        $bytes = New-TestBytes 50
        $parts = @(Add-S3UploadPart $upload -Value (New-TestBytes 40) -PartNumber 1),
            @(Add-S3UploadPart $upload -Value $bytes -PartNumber 1)
        ($parts | Complete-S3MultipartUpload).Size | Should -Be 50
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly (Get-ByteHash $bytes)
    }

    It 'completes an upload as soon as it holds all its parts, before the input ends' {
        $first = New-Upload
        $second = New-Upload
        $parts = @($first | Add-S3UploadPart) + @($second | Add-S3UploadPart)
        $seen = $parts | ForEach-Object {
            if ($_.UploadId -eq $second.UploadId -and $_.PartNumber -eq 1) {
                $script:early = Get-ObjectHash $Server.Http $bucket $first.Key
            }
            $_
        } | Complete-S3MultipartUpload -ThrottleLimit 1
        $seen | Should -HaveCount 2
        $early | Should -BeExactly $hash
    }

    It 'takes parts after <How>' -ForEach @(
        @{ How = 'Clixml'; Pass = { Copy-AsText $args[0] } }
        @{ How = 'JSON'; Pass = { $args[0] | ConvertTo-Json | ConvertFrom-Json } }
        @{ How = 'CSV'; Pass = { $args[0] | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $upload = New-Upload
        $parts = & $Pass @($upload | Add-S3UploadPart)
        $parts | Should -HaveCount 3
        $parts[0] | Should -Not -BeOfType ([S3Multipart.UploadPart])
        ($parts | Complete-S3MultipartUpload).Size | Should -Be (10MB + 7)
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash
    }

    It 'takes parts by -Part' {
        $parts = @(New-Upload | Add-S3UploadPart)
        (Complete-S3MultipartUpload -Part $parts).PartCount | Should -Be 3
    }

    It 'completes nothing with -WhatIf' {
        $upload = New-Upload
        $parts = $upload | Add-S3UploadPart
        $run = Watch-Run { $parts | Complete-S3MultipartUpload -WhatIf }
        $run.Output + $run.Errors + $run.Requests | Should -BeNullOrEmpty
        Get-SentRequest { $parts | Complete-S3MultipartUpload -WhatIf } | Should -BeNullOrEmpty
        (Get-StoredUpload $bucket $upload.Key).UploadId | Should -BeExactly $upload.UploadId
        ($parts | Complete-S3MultipartUpload).Size | Should -Be (10MB + 7)
    }
}

Describe 'Complete-S3MultipartUpload on <Server.Name>, from uploads' -ForEach @{ Server = $Server } {
    It 'lists the parts of <Form> itself' -ForEach @(
        @{ Form = 'an upload of this process'; Pass = { $args[0] } }
        @{ Form = 'an upload found in the bucket'; Pass = { Find-Upload $args[0] } }
        @{ Form = 'an upload with its parts'; Pass = { Get-S3MultipartUpload @to -Key $args[0].Key -IncludePart } }
        @{ Form = 'an upload read back from Clixml'; Pass = { Copy-AsText $args[0] } }
        @{
            Form = 'a hashtable'
            Pass = {
                @{ BucketName = $args[0].BucketName; Key = $args[0].Key; UploadId = $args[0].UploadId; EndpointUrl = $args[0].EndpointUrl }
            }
        }
    ) {
        $upload = New-Upload
        $null = $upload | Add-S3UploadPart
        $given = & $Pass $upload
        $done = $given | Complete-S3MultipartUpload
        $done.Size, $done.PartCount | Should -Be (10MB + 7), 3
        Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash
    }

    It 'takes bucket, key and id by position and by name' {
        $first = New-Upload
        $second = New-Upload
        $null = $first, $second | Add-S3UploadPart
        (Complete-S3MultipartUpload $bucket $first.Key $first.UploadId @at).Size | Should -Be (10MB + 7)
        (Complete-S3MultipartUpload -BucketName $bucket -Key $second.Key -UploadId $second.UploadId @at).Size | Should -Be (10MB + 7)
        foreach ($upload in $first, $second) { Get-ObjectHash $Server.Http $bucket $upload.Key | Should -BeExactly $hash }
    }

    It 'takes an upload by position' {
        $upload = New-Upload
        $null = $upload | Add-S3UploadPart
        (Complete-S3MultipartUpload $upload).Size | Should -Be (10MB + 7)
    }

    It 'completes all the uploads that are piped' {
        $uploads = 1..5 | ForEach-Object { New-Upload }
        $null = $uploads | Add-S3UploadPart
        ($uploads | Complete-S3MultipartUpload).Key | Sort-Object | Should -BeExactly ($uploads.Key | Sort-Object)
    }
}
