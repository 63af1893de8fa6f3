param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery {
    $text = Get-Content "$PSScriptRoot/../../../README.md" -Raw
    $blocks = [regex]::Matches($text, '(?s)```powershell\n(.*?)\n```').ForEach{
        @{ Code = $_.Groups[1].Value; First = ($_.Groups[1].Value -split '\n')[0] }
    }
    # The package's own tests run the line that installs it.
    $blocks = $blocks | Where-Object First -NotLike 'Expand-Archive*'
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $work = New-TestFolder
    $files = @{
        'report.pdf' = 30KB; 'a.iso' = 6MB; 'b.iso' = 100KB; 'day.bak' = 3KB; 'big.vhdx' = 11MB + 5
        'images/top.bin' = 1KB; 'images/2026/a.vhdx' = 17MB; 'images/2026/left.tmp' = 10
    }
    $null = New-Item -ItemType Directory "$work/images/2026"
    foreach ($name in $files.Keys) { New-TestFile "$work/$name" $files[$name] }

    function Assert-Object([string] $Key, [string] $File = $Key, [string] $Bucket = 'backups') {
        Get-ObjectHash $Server.Http $Bucket $Key | Should -BeExactly (Get-FileHash -LiteralPath "$work/$File").Hash -Because $Key
    }

    function Assert-Image {
        Assert-Object images/top.bin
        Assert-Object images/2026/a.vhdx
    }

    # What a server must have for a block, by what the block says.
    $needs = @{ '-SseKms' = 'BucketKey'; '-OlderThan' = 'Initiated' }
    # What must be true after the block whose first line begins so, beside that it ran without an error.
    $then = @{
        'Send-S3File ./report.pdf backups -ProfileName' = { Assert-Object report.pdf; $out.Outcome | Should -BeExactly Uploaded }
        '$PSDefaultParameterValues' = { (New-S3MultipartUpload backups k).ProfileName | Should -BeExactly ops }
        'Send-S3File ./images backups images/ -Recurse -WhatIf' = {
            $out | Should -BeNullOrEmpty
            Get-ObjectHash $Server.Http backups images/top.bin | Should -BeNullOrEmpty
        }
        'Send-S3File ./images backups images/ -Recurse -Exclude' = {
            Assert-Image
            Get-ObjectHash $Server.Http backups images/2026/left.tmp | Should -BeNullOrEmpty
            Get-Content "$work/images.jsonl" | Should -HaveCount 2
            ($out | Out-String) | Should -Match 'Uploaded +: 2'
        }
        'Get-ChildItem ./images -Recurse -File -Force | Send' = { Assert-Image }
        'Get-ChildItem ./images -Recurse -File -Force | Compare' = { $out | Should -HaveCount 3 }
        'Get-S3MultipartUpload * -OlderThan' = { $out.Sum | Should -BeIn $null, 0 }
        'Get-S3MultipartUpload backups -OlderThan' = { $out | Should -BeNullOrEmpty; Get-StoredUpload backups | Should -HaveCount 1 }
        'Get-ChildItem *.iso | Send-S3File backups -ProfileName store' = { Assert-Object a.iso; Assert-Object b.iso }
        'Send-S3File ./report.pdf backups -Key' = { $out.Encryption | Should -BeExactly 'aws:kms' }
        'Get-ChildItem *.bak' = { Assert-Object "$((Get-Item "$work/day.bak").LastWriteTime.Year)/day.bak" day.bak }
        'Send-S3File ./images backups images/ -Recurse -MaxBandwidth' = { Assert-Image }
        'Get-ChildItem *.iso | New-S3MultipartUpload' = { Assert-Object a.iso; Assert-Object b.iso }
        '$stream' = { Assert-Object disk.img big.vhdx }
        'New-S3MultipartUpload archive' = { Assert-Object big.bak big.vhdx archive }
        '$upload' = { Assert-Object big.vhdx; $out.PartCount | Should -Be 3 }
        'Set-StrictMode' = { Assert-Image; $out.Uploaded | Should -Be 3 }
        'Get-Help' = { ($out | Out-String) | Should -Match 'EXAMPLE 1' }
    }
}

Describe 'The blocks of README, on <Server.Name>' -ForEach @{ Server = $Server } {
    BeforeAll {
        # As on a machine that has the profiles: no block names a store.
        $saved = $env:AWS_ENDPOINT_URL_S3, $env:AWS_SHARED_CREDENTIALS_FILE, $env:AWS_CONFIG_FILE
        $env:AWS_ENDPOINT_URL_S3, $env:AWS_SHARED_CREDENTIALS_FILE, $env:AWS_CONFIG_FILE =
            ($Server.Https ?? $Server.Http), "$work/credentials", "$work/config"
        $keys = "aws_access_key_id = testaccess`naws_secret_access_key = testsecret`n"
        Set-Content "$work/credentials" "[ops]`n$keys[store]`n$keys"
        Set-Content "$work/config" "[profile ops]`nregion = us-east-1`n[profile store]`nendpoint_url = $($Server.Http)`n"
    }
    AfterAll { $env:AWS_ENDPOINT_URL_S3, $env:AWS_SHARED_CREDENTIALS_FILE, $env:AWS_CONFIG_FILE = $saved }

    BeforeEach {
        $null = 'backups', 'archive' | ForEach-Object { New-TestBucket $Server.Http $_ }
        Set-TestObject $Server.Http backups big.bak ([IO.File]::ReadAllBytes("$work/big.vhdx"))
        $null = New-S3MultipartUpload backups forgotten.bin
    }
    AfterEach {
        $PSDefaultParameterValues.Remove('*-S3*:ProfileName')
        'backups', 'archive' | ForEach-Object { Remove-TestBucket $Server.Http $_ }
    }

    It '<First>' -ForEach $blocks {
        foreach ($need in $needs.Keys | Where-Object { $Code.Contains($_) }) { Skip-Without $needs[$need] }
        $check = $then.Keys | Where-Object { $First.StartsWith($_) }
        $check | Should -HaveCount 1 -Because 'every block must be known to do what it says'
        Push-Location $work
        try { $out = @(. ([scriptblock]::Create($Code))) } finally { Pop-Location }
        . $then[$check]
    }
}
