param([string] $ModulePath)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath

    Import-Module (Join-Path $PSScriptRoot '../../tools/TestTools.psm1')
    $store = [S3Multipart.TestTools.SlowBodyStore]::new()
    $file = "$TestDrive/file.bin"
    [IO.File]::Create($file).Dispose()
    $stream = [IO.File]::OpenWrite($file)
    $stream.SetLength(20MB)
    $stream.Dispose()
}

AfterAll { $store.Dispose() }

Describe 'A pipeline that a failure has ended while other requests were in flight' {
    It 'leaves no connection behind on which a later request reads the response of an earlier one' {
        # In a session of its own: a request that waits for a response which another one has taken never returns.
        $shell = [PowerShell]::Create().AddScript({
            param($module, $url, $file)
            Import-Module $module
            $ProgressPreference = 'SilentlyContinue'
            foreach ($round in 1..12) {
                $upload = New-S3MultipartUpload bucket "k$round" -LiteralPath $file -PartSize 5MB -EndpointUrl $url -AccessKey a `
                    -SecretKey s
                $upload.UploadId
                try { $upload | Add-S3UploadPart -ErrorAction Stop } catch { $_.Exception.ErrorCode }
            }
        })
        $running = $shell.AddArgument((Join-Path $ModulePath 'S3Multipart.psd1')).AddArgument($store.Url).AddArgument($file).BeginInvoke()
        try {
            $running.AsyncWaitHandle.WaitOne(20000) | Should -BeTrue -Because 'every request is answered at once'
            $shell.EndInvoke($running) | Should -BeExactly (1..12 | ForEach-Object { "id-$_"; 'NoSuchUpload' })
        }
        finally { $null = $shell.BeginStop($null, $null) }

        # A request that had to be repeated would have begun an upload that nobody knows of, and S3 bills it.
        $store.Creations | Should -Be 12
    }
}
