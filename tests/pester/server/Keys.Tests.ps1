param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'The key <Name>, on <Server.Name>' -ForEach @(
    foreach ($key in '/lead', '//lead', 'a/../b', './x', '../x', 'a/./b', 'a//b', 'trail/', '..', 'a b', ' lead', 'trail ', 'a+b',
    'a%2Fb', 'a%b', '%',
        'a?b', 'a#b', 'a&b=c', 'a;b,c', 'a"b''c', 'a<b>c', 'a\b', 'a:b@c', 'a*b!c(d)', 'a{b}[c]^d', 'a|b`c~d$e', 'ü', '日本', '😀',
        "e`u{301}", "a`tb", "a`nb") { @{ Server = $Server; Key = $key; Name = $key.Replace("`n", '\n').Replace("`t", '\t') } }
) {
    It 'is the same in every operation' {
        if ($Key -match '%2F|\n') { Skip-Without OddKey }
        $bytes = New-TestBytes 100
        $upload = New-S3MultipartUpload @to -Key $Key
        $upload.Key | Should -BeExactly $Key
        $part = Add-S3UploadPart $upload -Value $bytes -PartNumber 1

        $found = Get-S3MultipartUpload @to -Key $Key
        $found.Key | Should -BeExactly $Key
        $found.UploadId | Should -BeExactly $upload.UploadId
        ($found | Get-S3UploadPart).ETag | Should -BeExactly $part.ETag

        ($found | Complete-S3MultipartUpload -MpuObjectSize 100).Key | Should -BeExactly $Key
        Get-ObjectHash $Server.Http $bucket $Key | Should -BeExactly (Get-ByteHash $bytes)

        $copy = New-S3MultipartUpload @to -Key "copy of $Key"
        if (-not $Server.Lacks.CopyEscape -or $Key -notlike '*%*') {
            $null = $copy | Add-S3UploadPart -SourceBucketName $bucket -SourceKey $Key | Complete-S3MultipartUpload
            Get-ObjectHash $Server.Http $bucket "copy of $Key" | Should -BeExactly (Get-ByteHash $bytes)
        }

        New-S3MultipartUpload @to -Key $Key | Stop-S3MultipartUpload -Force
        Get-StoredUpload $bucket $Key | Where-Object Key -CEQ $Key | Should -BeNullOrEmpty
    }
}
