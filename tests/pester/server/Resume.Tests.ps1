param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
    $file = Join-Path $TestDrive file.bin

    # An upload of the file of which S3 holds some parts: what a run that was cut off leaves behind.
    function New-HalfUpload([int[]] $Parts, [hashtable] $With = @{}, [string] $Key = 'file.bin', [string] $Of = $file) {
        $upload = New-S3MultipartUpload @to -LiteralPath $Of -Key $Key -PartSize 5MB @With
        if ($Parts) { $null = $upload | Add-S3UploadPart -PartNumber $Parts }
        $upload
    }

    # The line of the README, run again.
    function Invoke-Line([hashtable] $New = @{}, [hashtable] $Add = @{}, [hashtable] $Complete = @{}) {
        Watch-Run {
            New-S3MultipartUpload @to -LiteralPath $file -Resume @New -Verbose |
                Add-S3UploadPart @Add -Verbose | Complete-S3MultipartUpload @Complete -Verbose
        }
    }

    function Get-Sent($Run) {
        @($Run.Requests -match '^UploadPart ' | ForEach-Object { [int]($_ -replace '.* part (\d+),.*', '$1') } | Sort-Object)
    }

    function Assert-Whole($Run) {
        $Run.Errors | Should -BeNullOrEmpty
        $Run.Thrown | Should -BeNullOrEmpty
        Get-ObjectHash $Server.Http $bucket 'file.bin' | Should -BeExactly (Get-FileHash $file).Hash
        @(Get-StoredUpload $bucket 'file.bin' | Where-Object Key -CEQ 'file.bin') | Should -BeNullOrEmpty
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'The same line again, with -Resume, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach {
        New-TestFile $file (22MB + 11)
        # An object with the bytes of the file would be left as it is.
        $null = Invoke-S3 @{ Endpoint = $Server.Http; Method = 'DELETE'; Bucket = $bucket; Key = 'file.bin' }
        Get-S3MultipartUpload @to | Stop-S3MultipartUpload -Force
    }

    It 'begins an upload where there is none' {
        $run = Invoke-Line
        Assert-Whole $run
        $run.Requests -match '^CreateMultipartUpload' | Should -HaveCount 1
    }

    It 'sends only what S3 does not hold, in parts of the size that it holds' -Tag Quick {
        $half = New-HalfUpload 1, 3, 5
        $run = Invoke-Line
        Get-Sent $run | Should -Be 2, 4
        Assert-Whole $run
        $run.Requests -match '^CreateMultipartUpload' | Should -BeNullOrEmpty
        $run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] } | ForEach-Object UploadId | Should -BeExactly $half.UploadId
        $run.Verbose -match '^Resumed ' | Should -Match '3 of 5 parts'
    }

    It 'marks the upload that it took up and the parts that it kept' {
        $null = New-HalfUpload 2, 4
        $upload = New-S3MultipartUpload @to -LiteralPath $file -Resume
        $upload.Resumed | Should -BeTrue
        $parts = @($upload | Add-S3UploadPart)
        $parts | Where-Object Resumed | ForEach-Object PartNumber | Sort-Object | Should -Be 2, 4
        $parts | Should -HaveCount 5
    }

    It 'sends nothing but the completion where S3 holds all' {
        $null = New-HalfUpload (1..5)
        $run = Invoke-Line
        Get-Sent $run | Should -BeNullOrEmpty
        Assert-Whole $run
    }

    It 'sends again what has changed in the file, and says so' {
        $null = New-HalfUpload (1..5)
        $stream = [IO.File]::OpenWrite($file)
        $stream.Position = 7MB
        $stream.WriteByte(255)
        $stream.WriteByte(254)
        $stream.Dispose()
        $run = Invoke-Line
        Get-Sent $run | Should -Be 2
        @($run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) | Should -Match '^1 part that S3 held'
        Assert-Whole $run
    }

    It 'resumes a file that has <What>' -ForEach @(
        @{ What = 'grown'; Length = 31MB; Sent = 5, 6, 7 }
        @{ What = 'shrunk'; Length = 12MB; Sent = @(3) }
    ) {
        $bytes = [IO.File]::ReadAllBytes($file)
        $null = New-HalfUpload (1..5)
        [Array]::Resize([ref]$bytes, $Length)
        [IO.File]::WriteAllBytes($file, $bytes)
        $run = Invoke-Line
        Get-Sent $run | Should -Be $Sent
        if ($What -eq 'shrunk' -and $Server.Lacks.PartSubset) {
            Get-ErrorText $run.Errors[0] | Should -Match 'InvalidPart.*begin again'
        }
        else { Assert-Whole $run }
    }

    It 'keeps the size of the parts that are there, whatever -PartSize says, and warns' {
        $null = New-HalfUpload 1, 2
        $run = Invoke-Line @{ PartSize = 8MB }
        Get-Sent $run | Should -Be 3, 4, 5
        @($run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) | Should -Match '5.0 MiB'
        Assert-Whole $run
    }

    It 'takes the oldest of several, and warns of the others' -Tag NeedsInitiated {
        $old = New-HalfUpload 1
        if ($Server.Name -eq 'Ceph') { Start-Sleep -Milliseconds 1100 } # Its dates of uploads have seconds only.
        $new = New-HalfUpload 1, 2
        $run = Invoke-Line
        $run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] } | ForEach-Object UploadId | Should -BeExactly $old.UploadId
        @($run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) | Should -Match '1 other upload'
        (Get-StoredUpload $bucket 'file.bin').UploadId | Should -BeExactly $new.UploadId
    }

    It 'leaves an upload of a longer key alone' {
        $null = New-HalfUpload 1 -Key 'file.bin2'
        Assert-Whole (Invoke-Line)
        (Get-StoredUpload $bucket 'file.bin2').Key | Should -BeExactly 'file.bin2'
    }

    It 'begins anew where another checksum is requested' {
        Skip-Without ListedChecksum
        $half = New-HalfUpload 1, 2
        $run = Invoke-Line @{ ChecksumAlgorithm = 'SHA256' }
        Get-Sent $run | Should -Be (1..2) -Because 'the default size is 16 MiB'
        (Get-StoredUpload $bucket 'file.bin').UploadId | Should -BeExactly $half.UploadId
        @($run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) | Should -Match '^Left as it is'
    }

    It 'refuses an upload that is encrypted otherwise than asked, and completes nothing' {
        Skip-Without UploadEncryption
        $null = New-HalfUpload (1..5)
        $run = Invoke-Line @{ SseKms = $true; Force = $true }
        $run.Errors | Where-Object { (Get-ErrorName $_) -eq 'ResumedEncryptionDiffers' } | Should -HaveCount 1
        $run.Output | Where-Object { $_ -is [S3Multipart.CompletedUpload] } | Should -BeNullOrEmpty
        Get-StoredUpload $bucket 'file.bin' | Should -HaveCount 1
    }

    It 'resumes an upload that was begun without checksums, by the MD5 of its parts' {
        $null = New-HalfUpload 1, 2, 4 @{ RequestChecksumCalculation = 'WhenRequired' }
        $run = Invoke-Line
        Get-Sent $run | Should -Be 3, 5
        Assert-Whole $run
    }

    It 'resumes an upload of composite checksums' {
        $null = New-HalfUpload 1, 5 @{ ChecksumAlgorithm = 'SHA256' }
        $run = Invoke-Line
        Get-Sent $run | Should -Be 2, 3, 4
        Assert-Whole $run
    }
}

Describe 'Going on by hand, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach {
        New-TestFile $file (22MB + 11)
        Get-S3MultipartUpload @to | Stop-S3MultipartUpload -Force
    }

    It 'skips what is there when an upload comes from <From>' -ForEach @(
        @{ From = 'Get-S3MultipartUpload'; Get = { Get-S3MultipartUpload @to -Key file.bin } }
        @{ From = 'serialisation'; Get = { Copy-AsText $half } }
        @{ From = 'the same variable, after a first Add'; Get = { $half } }
    ) {
        $half = New-HalfUpload 1, 2, 3
        $run = Watch-Run { & $Get | Add-S3UploadPart -LiteralPath $file -Verbose | Complete-S3MultipartUpload -EndpointUrl $Server.Http }
        Get-Sent $run | Should -Be 4, 5
        Assert-Whole $run
    }

    It 'resumes the line that the error of a failed upload tells' {
        Skip-Without Faults
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; partNumber = 4; action = 'error'; code = 'AccessDenied'; status = 403 }
        try {
            $failed = Watch-Run {
                New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB | Add-S3UploadPart -ThrottleLimit 1 | Complete-S3MultipartUpload
            }
        }
        finally { Set-LocalS3Fault $Server.Http }
        $line = $failed.Errors[0].ErrorDetails.RecommendedAction -replace '.*To resume: '
        $run = Watch-Run ([scriptblock]::Create("`$VerbosePreference = 'Continue'; $line"))
        Get-Sent $run | Should -Be 4, 5
        Assert-Whole $run
    }

    It 'warns when two uploads of a key get the same file' {
        $null = New-HalfUpload 1
        $null = New-HalfUpload 2
        $run = Watch-Run { Get-S3MultipartUpload @to -Key file.bin | Add-S3UploadPart -LiteralPath $file }
        @($run.Output | Where-Object { $_ -is [Management.Automation.WarningRecord] }) | Should -Match '-UploadId'
    }

    It 'sends a range of parts from each of two processes and completes in a third' -Tag NeedsFirstServer {
        $half = New-HalfUpload
        $script = 'param($ModulePath, $Xml, $Numbers, $Endpoint)
            Import-Module (Join-Path $ModulePath S3Multipart.psd1)
            @([Management.Automation.PSSerializer]::Deserialize($Xml) | Add-S3UploadPart -PartNumber $Numbers -EndpointUrl $Endpoint).Count'
        $xml = [Management.Automation.PSSerializer]::Serialize($half)
        foreach ($numbers in (1, 2), (3, 4, 5)) {
            Invoke-FreshPwsh $script @{ ModulePath = $ModulePath; Xml = $xml; Numbers = $numbers; Endpoint = $Server.Http } |
                Should -Be $numbers.Count
        }
        Assert-Whole (Watch-Run { Copy-AsText $half | Complete-S3MultipartUpload })
    }
}

Describe 'Stops and checks on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeEach {
        New-TestFile $file (22MB + 11)
        Get-S3MultipartUpload @to | Stop-S3MultipartUpload -Force
    }

    It 'stops a failed upload with -StopOnError, and says so' {
        Skip-Without Faults
        Set-LocalS3Fault $Server.Http @{ operation = 'UploadPart'; partNumber = 3; action = 'error'; code = 'AccessDenied'; status = 403 }
        try { $run = Watch-Run { New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB | Add-S3UploadPart -StopOnError } }
        finally { Set-LocalS3Fault $Server.Http }
        $run.Errors | Should -HaveCount 1
        Get-ErrorText $run.Errors[0] | Should -Match 'AccessDenied.*was stopped'
        Get-StoredUpload $bucket | Should -BeNullOrEmpty
    }

    It 'compares the parts with the file before it completes, with -Verify' {
        $run = Watch-Run {
            New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB | Add-S3UploadPart | Complete-S3MultipartUpload -Verify
        }
        Assert-Whole $run
        $parts = @(New-HalfUpload | Add-S3UploadPart)
        $stream = [IO.File]::OpenWrite($file)
        $stream.Position = 11MB
        $stream.WriteByte(255)
        $stream.WriteByte(254)
        $stream.Dispose()
        $run = Watch-Run { $parts | Complete-S3MultipartUpload -Verify }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'VerifyDiffers'
        "$($run.Errors[0])" | Should -Match 'part 3'
        Get-StoredUpload $bucket | Should -HaveCount 1
    }

    It 'compares by MD5 where the store has no checksums, the object too' {
        $run = Watch-Run {
            New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB -RequestChecksumCalculation WhenRequired |
                Add-S3UploadPart | Complete-S3MultipartUpload -Verify
        }
        Assert-Whole $run
    }

    It 'compares the ETag of the object where the store has no checksums' -Tag NeedsFaults {
        Set-LocalS3Fault $Server.Http @{ operation = 'CompleteMultipartUpload'; action = 'wrong-etag' },
            @{ operation = 'HeadObject'; action = 'wrong-etag' }
        try {
            $run = Watch-Run {
                New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB -RequestChecksumCalculation WhenRequired |
                    Add-S3UploadPart | Complete-S3MultipartUpload -Verify
            }
        }
        finally { Set-LocalS3Fault $Server.Http }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'ChecksumMismatch'
    }

    It 'refuses -Verify where no file is known' {
        $half = New-HalfUpload (1..5)
        $run = Watch-Run { Get-S3MultipartUpload @to -Key file.bin | Complete-S3MultipartUpload -MpuObjectSize (22MB + 11) -Verify }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'VerifyNeedsFile'
        Get-StoredUpload $bucket | Should -HaveCount 1
    }

    It 'tells how to continue when <How> ends it' -Tag NeedsFirstServer -ForEach @(
        @{
            How = 'Select-Object -First'
            Run = '$null = New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB | Add-S3UploadPart -ThrottleLimit 1 | ' +
                'Select-Object -First 1'
        }
        @{
            How = '-ErrorAction Stop elsewhere'
            Run = 'try { $null = New-S3MultipartUpload @to -LiteralPath $file -PartSize 5MB | Add-S3UploadPart -ThrottleLimit 1 | ' +
                'ForEach-Object { throw 1 } } catch { }'
        }
    ) {
        $said = Invoke-Shell -Command "
            Import-Module '$ModulePath/S3Multipart.psd1'
            `$to = @{ BucketName = '$bucket'; EndpointUrl = '$($Server.Http)' }
            `$file = '$file'
            $Run" | Out-String -Width 2000
        $said | Should -Match 'Stopped before .* was complete'
        $id = (Get-StoredUpload $bucket).UploadId
        $said | Should -Match ([regex]::Escape($id))
        $said | Should -Not -Match 'testsecret'
    }

    It 'tells of an upload that is in S3 whole but not completed' -Tag NeedsFirstServer {
        $said = Invoke-Shell -Command "
            Import-Module '$ModulePath/S3Multipart.psd1'
            `$null = New-S3MultipartUpload -BucketName $bucket -EndpointUrl $($Server.Http) -LiteralPath '$file' -PartSize 64MB |
                Add-S3UploadPart | Select-Object -First 1" | Out-String -Width 2000
        $said | Should -Match ([regex]::Escape((Get-StoredUpload $bucket).UploadId))
    }

    It 'leaves no last words when all is done' -Tag NeedsFirstServer {
        $said = Invoke-Shell -Command "
            Import-Module '$ModulePath/S3Multipart.psd1'
            `$null = New-S3MultipartUpload -BucketName $bucket -EndpointUrl $($Server.Http) -LiteralPath '$file' |
                Add-S3UploadPart | Complete-S3MultipartUpload" | Out-String
        $said | Should -BeNullOrEmpty
    }
}
