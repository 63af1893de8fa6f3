param([string] $ModulePath, [hashtable] $Server)

BeforeDiscovery {
    $canDropRights = $IsLinux -and [Environment]::IsPrivilegedProcess -and
        (Get-Command setpriv -CommandType Application -ErrorAction Ignore)
    $sysFile = '/sys/kernel/mm/transparent_hugepage/enabled', '/sys/kernel/profiling', '/sys/kernel/uevent_seqnum' |
        Where-Object { Test-Path $_ } | Select-Object -First 1
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $folder = New-TestFolder
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }

    function New-Fifo([string] $Path) {
        mkfifo $Path
        if ($LASTEXITCODE) { throw "mkfifo $Path failed." }
        $Path
    }

    # Runs a script where it can be given up, because what hangs here hangs for ever.
    function Invoke-InTime([string] $Script, [hashtable] $Arguments) {
        $shell = [PowerShell]::Create()
        $null = $shell.AddScript("Import-Module '$ModulePath/S3Multipart.psd1'; `$ProgressPreference = 'SilentlyContinue'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddScript($Script).AddParameters($Arguments)
        $running = $shell.BeginInvoke()
        if (-not $running.AsyncWaitHandle.WaitOne(30000)) { throw 'It did not end in half a minute.' }
        [pscustomobject]@{ Output = @($shell.EndInvoke($running)); Errors = @($shell.Streams.Error) }
    }
}

AfterAll { Remove-TestBucket $Server.Http $bucket }

Describe 'Files that have no length' -Tag NeedsFirstServer -Skip:(-not $IsLinux) {
    It 'refuses a pipe that nobody writes to, in New and in Add, without waiting for a writer' {
        $fifo = New-Fifo "$folder/fifo"
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $run = Invoke-InTime -Arguments @{ File = $fifo; To = $to } 'param($File, $To) New-S3MultipartUpload @To -LiteralPath $File'
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileNotRegular'
        Get-LocalS3Request $Server.Http | Should -BeNullOrEmpty
        $upload = New-S3MultipartUpload @to -Key fifo
        $run = Invoke-InTime -Arguments @{ File = $fifo; Upload = $upload } '
            param($File, $Upload) Add-S3UploadPart $Upload -LiteralPath $File'
        $run.Output | Should -BeNullOrEmpty
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileNotRegular'
        $upload | Stop-S3MultipartUpload -Force
    }

    It 'uploads all else of a folder with a pipe and a socket in it, and names both' {
        $tree = New-TestFolder
        1..3 | ForEach-Object { New-TestFile "$tree/$_.bin" 1000 -Seed $_ }
        $null = New-Fifo "$tree/2a.fifo"
        $socket = [Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
        $socket.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new("$tree/2b.socket"))
        try {
            $run = Invoke-InTime -Arguments @{ Tree = $tree; To = $to } '
                param($Tree, $To)
                Get-ChildItem -LiteralPath $Tree | New-S3MultipartUpload @To -KeyPrefix tree/ |
                    Add-S3UploadPart | Complete-S3MultipartUpload'
        }
        finally { $socket.Dispose() }
        $run.Output.Key | Sort-Object | Should -BeExactly 'tree/1.bin', 'tree/2.bin', 'tree/3.bin'
        $run.Errors | ForEach-Object { Get-ErrorName $_ } | Should -BeExactly 'FileNotRegular', 'FileNotRegular'
    }

    It 'refuses a pipe that was put in the place of the file between New and Add' {
        $path = "$(New-TestFolder)/swapped.bin"
        New-TestFile $path 1000
        $upload = New-S3MultipartUpload @to -LiteralPath $path
        Remove-Item -LiteralPath $path
        $null = New-Fifo $path
        $run = Invoke-InTime -Arguments @{ Upload = $upload } 'param($Upload) $Upload | Add-S3UploadPart'
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeIn 'FileNotRegular', 'FileChanged'
        Get-StoredUpload $bucket 'swapped' | ForEach-Object { Stop-S3MultipartUpload @to -Key $_.Key -UploadId $_.UploadId -Force }
    }

    It 'refuses <_>, whose length is not what it says, before an upload is begun' -ForEach @(
        '/dev/null', '/dev/zero', '/proc/self/status', $sysFile | Where-Object { $_ }
    ) {
        $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
        $run = Watch-Run { New-S3MultipartUpload @to -Key k -LiteralPath $_ }
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileNotRegular'
        $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $run.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*-InputStream*'
        Get-LocalS3Request $Server.Http | Should -BeNullOrEmpty
    }

    It 'says of a file that may not be read just that, the first time in a process too' -Skip:(-not $canDropRights) {
        $path = "$(New-TestFolder)/secret.bin"
        New-TestFile $path 1000
        $null = New-S3MultipartUpload @to -LiteralPath $path | Add-S3UploadPart | Complete-S3MultipartUpload
        chmod 000 $path
        $program, $first = Get-ShellCommand
        # Root reads everything, so it gives the right to up.
        $none = '-dac_override,-dac_read_search'
        $said = & setpriv --bounding-set $none --inh-caps $none $program @first -Command "
            Import-Module '$ModulePath/S3Multipart.psd1'
            Send-S3File '$path' '$bucket' -EndpointUrl '$($Server.Http)'" 2>&1 | Out-String -Width 1000
        $said | Should -Match 'cannot be read: Permission denied'
    }

    It 'takes an empty file, and one of just a page' -ForEach 0, ([Environment]::SystemPageSize) {
        $path = "$(New-TestFolder)/plain.bin"
        New-TestFile $path $_
        (New-S3MultipartUpload @to -LiteralPath $path | Add-S3UploadPart | Complete-S3MultipartUpload).Size | Should -Be $_
    }

    It 'reads a device as a stream' {
        $device = [IO.File]::OpenRead('/dev/null')
        try { 
            $done = New-S3MultipartUpload @to -Key device | Add-S3UploadPart -InputStream $device | Complete-S3MultipartUpload
            $done.Size | Should -Be 0
        }
        finally { $device.Dispose() }
    }
}
