param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $otherSdk = Join-Path $PSScriptRoot '../../../out/build/publish/OtherSdk/release'
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Isolation on <Server.Name>' -Tag NeedsFirstServer -ForEach @{ Server = $Server } {
    It 'works, and its types resolve, in a session that has loaded another build of the AWS SDK before' {
        $file = Join-Path (New-TestFolder) 'a.bin'
        New-TestFile $file (11MB)
        $result = Invoke-FreshPwsh -Arguments @{
            ModulePath = $ModulePath
            OtherSdk = $otherSdk
            Bucket = $bucket
            File = $file
            Url = $Server.Http
        } -Script @'
            param($ModulePath, $OtherSdk, $Bucket, $File, $Url)
            $core = [Reflection.Assembly]::LoadFrom("$OtherSdk/AWSSDK.Core.dll")
            $s3 = [Reflection.Assembly]::LoadFrom("$OtherSdk/AWSSDK.S3.dll")
            # Used before the module comes, as AWS Tools would have.
            $null = [Amazon.S3.AmazonS3Config]::new()
            Import-Module "$ModulePath/S3Multipart.psd1"
            $type = [S3Multipart.MultipartUpload].FullName
            $done = Get-Item $File | New-S3MultipartUpload -BucketName $Bucket -Key { 'k/' + $_.Name } -EndpointUrl $Url -PartSize 5MB |
                Add-S3UploadPart | Complete-S3MultipartUpload
            $loaded = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'AWSSDK.S3' } |
                ForEach-Object { [Diagnostics.FileVersionInfo]::GetVersionInfo($_.Location).FileVersion }
            @{
                Type = $type
                Key = $done.Key
                Loaded = @($loaded)
                Exports = (Import-Module "$ModulePath/S3Multipart.psd1" -Force -PassThru).ExportedCmdlets.Count
            }
'@
        $result.Type | Should -Be 'S3Multipart.MultipartUpload'
        $result.Loaded | Should -HaveCount 2
        $result.Loaded | Select-Object -Unique | Should -HaveCount 2
        $result.Exports | Should -Be 8
        Get-ObjectHash $Server.Http $bucket $result.Key | Should -Be (Get-FileHash $file).Hash
    }

    It 'loads nothing of AWS at import, and its types resolve before the first command' {
        $result = Invoke-FreshPwsh -Arguments @{ ModulePath = $ModulePath } -Script @'
            param($ModulePath)
            Import-Module "$ModulePath/S3Multipart.psd1"
            $type = [S3Multipart.UploadPart].FullName
            @{
                Type = $type
                Aws = @(
                    [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -match 'AWSSDK|S3Multipart.Aws' }
                ).Count
            }
'@
        $result.Type | Should -Be 'S3Multipart.UploadPart'
        $result.Aws | Should -Be 0
    }
}
