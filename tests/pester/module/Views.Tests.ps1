param([string] $ModulePath)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $key = 'backups/2026/a folder with a long name/and another one below it/disk image of the file server.vhdx'
    $id = 'VXBsb2FkIElEIGZvciBlbHZpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA.' + ('x' * 60) + 'TheTail8'
    $etag = '"9b2cf535f27731c974343645a3985328"'

    # Objects as they come out of Import-Clixml, so that any value can be in them.
    function New-Shape([string] $Type, [hashtable] $Properties) {
        $made = [pscustomobject](@{ BucketName = 'bucket-of-backups'; Key = $key; UploadId = $id } + $Properties)
        $made.PSTypeNames.Insert(0, "Deserialized.S3Multipart.$Type")
        $made
    }

    $shapes = @{
        MultipartUpload = New-Shape MultipartUpload @{
            Initiated = [DateTime]::UtcNow.AddDays(-3.5)
            PartCount = 10000
            StoredBytes = 48828125MB
            Length = 53687091200000
            PartSize = 5GB
            Encryption = 'aws:kms'
        }
        UploadPart      = New-Shape UploadPart @{
            PartNumber = 10000
            Size = 5368709120
            ETag = $etag
            ChecksumAlgorithm = 'SHA256'
            Checksum = 'uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek='
            LastModified = [DateTime]::UtcNow.AddMinutes(-5)
        }
        CompletedUpload = New-Shape CompletedUpload @{
            Size = 53687091200000
            PartCount = 10000
            Duration = [TimeSpan]::FromHours(30)
            BytesPerSecond = 497102696.3
            ETag = '"9b2cf535f27731c974343645a3985328-10000"'
            Checksum = 'aKvU6TIE7wk='
            Outcome = 'Unchanged'
            Evidence = 'CRC64NVME'
        }
        StoppedUpload   = New-Shape StoppedUpload @{ Initiated = [DateTime]::UtcNow.AddHours(-7); PartCount = 9999; FreedBytes = 1023MB }
    }
    $shapes.CommonPrefix = New-Shape CommonPrefix @{ Prefix = 'backups/2026/' }

    function Show-Table([string] $Type, [int] $Width = 80) {
        @(($shapes.$Type | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ })
    }
    function Show-List([string] $Type) { $shapes.$Type | Format-List | Out-String -Width 400 }
}

Describe 'The table of <_>' -ForEach 'MultipartUpload', 'UploadPart', 'CompletedUpload', 'StoppedUpload', 'CommonPrefix' {
    It 'fits 80 columns and belongs to its bucket' {
        $lines = Show-Table $_
        $lines[0].Trim() | Should -BeExactly 'Bucket: bucket-of-backups'
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 -Because $_ }
    }

    It 'cuts nothing but ids, ETags and checksums' {
        # A key that is too long for the line continues in the next.
        $text = (Show-Table $_) -join "`n"
        if ($_ -ne 'CommonPrefix') {
            $column = ($text -split "`n" | Where-Object { $_ -match '\bKey$' }).IndexOf('Key')
            -join ($text -split "`n" | Select-Object -Skip 3 |
                ForEach-Object { $_.PadRight($column).Substring($column).Trim() }) -replace ' ' | Should -BeExactly ($key -replace ' ')
        }

        $text -replace '…TheTail8|9b2cf535…|uU0nuZNNPgi…' | Should -Not -Match '…|\.\.\.'
    }

    It 'is the same for objects of this process' {
        (Get-FormatData "S3Multipart.$_").FormatViewDefinition.Control |
            ForEach-Object { $_.GetType().Name } | Should -Be 'TableControl', 'ListControl'
    }
}

Describe 'Values in the views' {
    It 'are <Text> in the table of <Type>' -ForEach @(
        @{ Type = 'MultipartUpload'; Text = '3 d' },
        @{ Type = 'MultipartUpload'; Text = '46.6 TiB' },
        @{ Type = 'MultipartUpload'; Text = '48.8 TiB' }
        @{ Type = 'MultipartUpload'; Text = '10,000' }, @{ Type = 'MultipartUpload'; Text = '…TheTail8' }
        @{ Type = 'UploadPart'; Text = '5.0 GiB' },
        @{ Type = 'UploadPart'; Text = ' 9b2cf535… uU0nuZNNPgi… ' },
        @{ Type = 'UploadPart'; Text = '10,000' }
        @{ Type = 'CompletedUpload'; Text = '1 d 06:00' },
        @{ Type = 'CompletedUpload'; Text = '474 MiB/s' },
        @{ Type = 'CompletedUpload'; Text = ' CRC64NVME ' }
        @{ Type = 'StoppedUpload'; Text = '7 h' }, @{ Type = 'StoppedUpload'; Text = '1023 MiB' }
    ) {
        (Show-Table $Type) -join "`n" | Should -BeLike "*$Text*"
    }

    It 'tell <Bytes> bytes as <Text>, and their rate' -ForEach @(
        @{ Bytes = 0; Text = '0 B' }, @{ Bytes = 3; Text = '3 B' }, @{ Bytes = 1023; Text = '1023 B' }, @{ Bytes = 1024; Text = '1.0 KiB' }
        @{ Bytes = 5MB; Text = '5.0 MiB' }, @{ Bytes = 1000GB; Text = '1000 GiB' }
    ) {
        $made = New-Shape CompletedUpload @{
            Size = $Bytes
            PartCount = 1
            Duration = [TimeSpan]::FromSeconds(1)
            BytesPerSecond = [double]$Bytes
        }
        $line = ($made | Out-String -Width 200) -split '\r?\n' | Where-Object { $_ -like "*$key*" }
        $line | Should -Match "^ *$([regex]::Escape($Text)) +1\.0 s +$([regex]::Escape($Text))/s "
    }

    It 'are right-aligned where they are numbers, also where a value is missing' {
        $rows = @(
            New-Shape UploadPart @{ PartNumber = 1; Size = 17; ETag = $etag }
            New-Shape UploadPart @{ PartNumber = 9999; Size = 16MB; ETag = $etag }
        )
        $lines = @(($rows | Out-String -Width 200) -split '\r?\n' | Where-Object { $_ -like '*9b2cf535*' })
        $lines[0].IndexOf('17 B') + 4 | Should -Be ($lines[1].IndexOf('16.0 MiB') + 8)
        $lines[0].IndexOf('1') | Should -Be ($lines[1].IndexOf('9,999') + 4)
        New-Shape MultipartUpload @{} | Out-String -Width 80 | Should -BeLike '*…TheTail8 backups/*'
    }

    It 'hold colour for a host that takes it, and none elsewhere' {
        # Out-String is no such host.
        $old = New-Shape MultipartUpload @{ Initiated = [DateTime]::UtcNow.AddDays(-30) }
        $old | Out-String -Width 80 | Should -BeLike '*30 d*'
        [Management.Automation.Internal.StringDecorated]::new(($old | Out-String -Width 80)).IsDecorated | Should -BeFalse
    }
}

Describe 'The list' {
    It 'of <Type> shows the whole of what the table cuts' -ForEach @(
        @{ Type = 'MultipartUpload'; Names = 'Key', 'UploadId', 'Encryption', 'PartCount' }
        @{ Type = 'UploadPart'; Names = 'Key', 'UploadId', 'ETag', 'Checksum', 'PartNumber' }
        @{ Type = 'CompletedUpload'; Names = 'Key', 'UploadId', 'ETag', 'Checksum', 'Duration' }
        @{ Type = 'StoppedUpload'; Names = 'Key', 'UploadId', 'PartCount' }
    ) {
        $text = Show-List $Type
        foreach ($name in $Names) { $text | Should -Match "(?m)^$name +: $([regex]::Escape($shapes.$Type.$name))\r?$" }
    }

    It 'tells sizes in bytes and in a unit, and leaves out what has no value' {
        $text = Show-List MultipartUpload
        $text | Should -Match '(?m)^PartSize +: 5,368,709,120 B \(5\.0 GiB\)'
        $text | Should -Match '(?m)^Initiated +: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(3 d ago\)'
        $text | Should -Not -Match 'KmsKeyId|AbortDate|Owner'
    }

    It 'of RunSummary is its only view: counts as they are, sizes in bytes and in a unit, and whether it is a plan where it is one' {
        $made = [pscustomobject]@{
            RunId = 'f00d'
            IsPlan = $false
            Files = 41200
            Uploaded = 9
            BytesSent = 5GB
            BytesReused = 3
            Started = [DateTime]::UtcNow
            Duration = [TimeSpan]::FromMinutes(2)
            BytesPerSecond = 5MB + 0.5
        }
        $made.PSTypeNames.Insert(0, 'Deserialized.S3Multipart.RunSummary')
        $text = $made | Out-String -Width 80
        $text | Should -Match '(?m)^Files +: 41200\r?$'
        $text | Should -Match '(?m)^BytesSent +: 5,368,709,120 B \(5\.0 GiB\)\r?$'
        $text | Should -Match '(?m)^BytesReused +: 3 B\r?$'
        $text | Should -Match '(?m)^BytesPerSecond +: 5\.0 MiB/s\r?$'
        $text | Should -Not -Match 'IsPlan'
        $made.IsPlan = $true
        $made | Out-String -Width 80 | Should -Match '(?m)^IsPlan +: True\r?$'
        (Get-FormatData S3Multipart.RunSummary).FormatViewDefinition.Control |
            ForEach-Object { $_.GetType().Name } | Should -Be 'ListControl'
    }

    It 'of <_> names every property but the parts' `
        -ForEach 'MultipartUpload', 'UploadPart', 'CompletedUpload', 'StoppedUpload', 'CommonPrefix', 'ComparedObject', 'RunSummary' {
        $list = (Get-FormatData "S3Multipart.$_").FormatViewDefinition.Control | Where-Object { $_ -is [Management.Automation.ListControl] }
        $shown = $list.Entries.Items | ForEach-Object { if ($_.Label) { $_.Label } else { $_.DisplayEntry.Value } }
        $all = "S3Multipart.$_" -as [Type] | ForEach-Object GetProperties | ForEach-Object Name
        Compare-Object $all $shown | ForEach-Object InputObject | Where-Object { $_ -ne 'Parts' } | Should -BeNullOrEmpty
    }
}
