param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $folder = New-TestFolder
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }

    # The line in a process of its own, as on another machine over the same share.
    function Start-Line([string] $Name, [string] $Path) {
        $script = "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$ModulePath/S3Multipart.psd1'; " +
            "Get-ChildItem '$Path' -File | New-S3MultipartUpload -BucketName $bucket -KeyPrefix shared/ -EndpointUrl $($Server.Http) " +
            '-PartSize 5MB -Resume | Add-S3UploadPart | Complete-S3MultipartUpload | ForEach-Object { "$($_.Key) $($_.Outcome)" }'
        $shell, $first = Get-ShellCommand
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))
        Start-Process $shell -ArgumentList ($first + '-EncodedCommand' + $encoded) -PassThru `
            -RedirectStandardOutput "$folder/$Name.txt" -RedirectStandardError "$folder/$Name.err"
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'The same line on two machines at once, on <Server.Name>' -ForEach @{ Server = $Server } {
    It 'leaves every object right and no upload, and neither run fails' -Tag NeedsGoneUpload {
        $files = New-TestFolder
        foreach ($i in 1..10) { New-TestFile "$files/$i.bin" (11MB + $i) -Seed $i }
        $runs = 'one', 'two' | ForEach-Object { Start-Line $_ $files }
        $runs | ForEach-Object { $_.WaitForExit(200000) | Should -BeTrue }
        foreach ($name in 'one', 'two') {
            Get-Content "$folder/$name.err" -Raw | Should -BeNullOrEmpty
            @(Get-Content "$folder/$name.txt") | Should -HaveCount 10
        }
        foreach ($i in 1..10) {
            Get-ObjectHash $Server.Http $bucket "shared/$i.bin" | Should -BeExactly (Get-FileHash "$files/$i.bin").Hash
        }
        Get-StoredUpload $bucket shared/ | Should -BeNullOrEmpty
        $outcomes = Get-Content "$folder/one.txt", "$folder/two.txt" | ForEach-Object { ($_ -split ' ')[1] } | Group-Object -NoElement
        Write-Host "    $(($outcomes | ForEach-Object { "$($_.Name) $($_.Count)" }) -join ', ')"
    }

    It 'keeps of two uploads the one that began first, and aborts only its own' -Tag NeedsInitiated {
        $path = "$folder/late.bin"
        New-TestFile $path (6MB + 1)
        $first = New-S3MultipartUpload @to -LiteralPath $path
        if ($Server.Name -eq 'Ceph') { Start-Sleep -Milliseconds 1100 } # Its dates of uploads have seconds only.
        $mine = New-S3MultipartUpload @to -LiteralPath $path -Resume
        $mine.UploadId | Should -BeExactly $first.UploadId
        $mine.Resumed | Should -BeTrue
        (Get-StoredUpload $bucket late.bin).UploadId | Should -BeExactly $first.UploadId
        $first | Stop-S3MultipartUpload -Force
    }

    It 'finds that another run has completed an upload: while parts are sent, and at the completion' -Tag NeedsGoneUpload {
        $path = "$folder/done.bin"
        foreach ($moment in 'parts', 'completion') {
            New-TestFile $path (11MB + 1) -Seed ($moment.Length)
            $upload = New-S3MultipartUpload @to -LiteralPath $path -PartSize 5MB -Resume
            $sent = if ($moment -eq 'completion') { $upload | Add-S3UploadPart }
            # The other run: it comes to the same upload, and is faster.
            $other = Copy-AsText $upload | Add-S3UploadPart -EndpointUrl $Server.Http | Complete-S3MultipartUpload
            $other.Size | Should -Be (11MB + 1)
            $run = Watch-Run { ($sent ?? ($upload | Add-S3UploadPart)) | Complete-S3MultipartUpload }
            $run.Errors | Should -BeNullOrEmpty
            $run.Output | Should -HaveCount 1
            $run.Output.Outcome | Should -BeIn 'Unchanged', 'Uploaded'
            Get-ObjectHash $Server.Http $bucket done.bin | Should -BeExactly (Get-FileHash $path).Hash
            Get-StoredUpload $bucket done.bin | Should -BeNullOrEmpty
        }
    }
}
