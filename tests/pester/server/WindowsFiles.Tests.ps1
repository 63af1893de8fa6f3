param([string] $ModulePath, [hashtable] $Server)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath -Server $Server
    $bucket = New-TestBucket $Server.Http
    $to = @{ BucketName = $bucket; EndpointUrl = $Server.Http }

    # Wine shows the tests' folder as that of another system; its own drive is a plain one.
    $folder = if ($IsWindows) { (New-Item -ItemType Directory "C:\S3MultipartTest-$([Guid]::NewGuid().ToString('n'))").FullName }
    if ($folder) {
        $null = New-Item -ItemType Directory "$folder\Sub"
        foreach ($name in 'File.bin', 'other.bin', 'Sub\Inner.bin') { New-TestFile "$folder\$name" 1000 -Seed $name.Length }
    }

    function Get-Key([hashtable] $File) {
        $prefix = "$(New-Guid)/"
        $created = New-S3MultipartUpload @to -KeyPrefix $prefix @File
        $sent = Send-S3File @to -KeyPrefix $prefix @File 6> $null
        $sent.Key | Should -BeExactly $created.Key
        $created | Stop-S3MultipartUpload -Force
        $created.Key.Substring($prefix.Length)
    }
}

AfterAll {
    Remove-TestBucket $Server.Http $bucket
    if ($folder) { Remove-Item -LiteralPath $folder -Recurse }
}

Describe 'A file on Windows that another program has open' -Tag NeedsFirstServer -Skip:(-not $IsWindows) {
    It 'is uploaded where that one writes to it and shares it' {
        $writer = [IO.File]::Open("$folder\File.bin", 'Open', 'ReadWrite', 'ReadWrite')
        try {
            (Send-S3File @to -LiteralPath "$folder\File.bin" -Key shared 6> $null).Size | Should -Be 1000
            $done = New-S3MultipartUpload @to -LiteralPath "$folder\File.bin" -Key parts | Add-S3UploadPart | Complete-S3MultipartUpload
            $done.Size | Should -Be 1000
        }
        finally { $writer.Dispose() }
        foreach ($key in 'shared', 'parts') {
            Get-ObjectHash $Server.Http $bucket $key | Should -BeExactly (Get-FileHash "$folder\File.bin").Hash
        }
    }

    It 'is not completed where that one writes to it while it is read' {
        $path = "$folder\growing.bin"
        New-TestFile $path 12MB
        $writer = [IO.File]::Open($path, 'Open', 'ReadWrite', 'ReadWrite')
        try {
            $run = Watch-Run {
                New-S3MultipartUpload @to -LiteralPath $path -PartSize 5MB | Add-S3UploadPart -ThrottleLimit 1 | ForEach-Object {
                    if ($_.PartNumber -eq 1) {
                        $writer.Position = 11MB
                        $writer.WriteByte(1)
                        $writer.SetLength(13MB)
                        $writer.Flush($true)
                    }

                    $_
                } | Complete-S3MultipartUpload
            }
        }
        finally { $writer.Dispose() }
        $run.Errors + $run.Thrown | Where-Object { $_ } | ForEach-Object { Get-ErrorName $_ } | Should -Contain 'FileChanged'
        $run.Output | Should -BeNullOrEmpty
    }

    It 'is refused where that one does not share it, with how to find that program, and the others are sent' {
        $holder = [IO.File]::Open("$folder\File.bin", 'Open', 'ReadWrite', 'None')
        try {
            $run = Watch-Run { "$folder\File.bin", "$folder\other.bin" | Send-S3File @to -KeyPrefix held/ 6> $null }
            $pipeline = Watch-Run {
                "$folder\File.bin", "$folder\other.bin" | New-S3MultipartUpload @to -KeyPrefix held2/ | Add-S3UploadPart |
                    Complete-S3MultipartUpload
            }
        }
        finally { $holder.Dispose() }
        foreach ($seen in $run, $pipeline) {
            $seen.Thrown | Should -BeNullOrEmpty
            $seen.Errors | Should -HaveCount 1
            Get-ErrorName $seen.Errors[0] | Should -BeExactly 'FileNotReadable'
            Get-ErrorText $seen.Errors[0] | Should -BeLike "*$folder\File.bin*used by another process*Resource Monitor*snapshot*"
            $seen.Output.Key | Should -BeLike '*/other.bin'
        }
    }

    It 'is refused in the same words where that one has locked a range of it' {
        Skip-UnderWine 'a locked range can be read'
        $path = "$folder\range.bin"
        New-TestFile $path 1000
        $holder = [IO.File]::Open($path, 'Open', 'ReadWrite', 'ReadWrite')
        $holder.Lock(0, 1000)
        try { $run = Watch-Run { Send-S3File @to -LiteralPath $path 6> $null } } finally { $holder.Dispose() }
        Get-ErrorName $run.Errors[0] | Should -BeExactly 'FileNotReadable'
        Get-ErrorText $run.Errors[0] | Should -BeLike '*Resource Monitor*'
    }
}

Describe 'A path on Windows' -Tag NeedsFirstServer -Skip:(-not $IsWindows) {
    It 'gives the key that the folder lists where it is written <_>' -ForEach @(
        'file.BIN', 'File.bin.', 'File.bin ', 'FILE.bin. .', 'sub\..\file.bin'
    ) {
        Get-Key @{ LiteralPath = "$folder\$_" } | Should -BeExactly 'File.bin'
        Get-Key @{ Path = "$folder\$_" } | Should -BeExactly 'File.bin'
        Get-Key @{ LiteralPath = "$folder\$_"; RelativeTo = $folder } | Should -BeExactly 'File.bin'
    }

    It 'gives the folders in the key as they are listed' {
        foreach ($root in $folder, $folder.ToUpperInvariant(), "$folder\", "$folder.") {
            foreach ($path in "$folder\SUB\inner.BIN", "$folder\sub.\INNER.bin.") {
                Get-Key @{ LiteralPath = $path; RelativeTo = $root } | Should -BeExactly 'Sub/Inner.bin'
            }
        }

        $found = Get-Item "$folder\SUB\INNER.BIN"
        ($found | New-S3MultipartUpload @to -RelativeTo $folder).Key | Should -BeExactly 'Sub/Inner.bin'
        $sent = Send-S3File @to -LiteralPath $folder.ToUpperInvariant() -Recurse -Include inner.bin -KeyPrefix tree/ 6> $null
        $sent.Key | Should -BeExactly 'tree/Sub/Inner.bin'
        ($sent | Compare-S3Object).IsIdentical | Should -BeTrue
        (Compare-S3Object @to -LiteralPath "$folder\sub\inner.bin" -RelativeTo $folder -KeyPrefix tree/).Key |
            Should -BeExactly 'tree/Sub/Inner.bin'
    }

    It 'names the same key in each of its forms, as <_>' -ForEach '{0}', '\\?\{0}', '\\.\{0}', 'slashes' {
        $path = $_ -eq 'slashes' ? "$folder\Sub\Inner.bin".Replace('\', '/') : $_ -f "$folder\Sub\Inner.bin"
        foreach ($root in $folder, "\\?\$folder", "\\.\$folder", "\\?\$folder\", $folder.Replace('\', '/')) {
            Get-Key @{ LiteralPath = $path; RelativeTo = $root } | Should -BeExactly 'Sub/Inner.bin'
        }
    }

    It 'is not under a folder of another drive or beside it, in any form' {
        foreach ($root in "$folder\Sub", "\\?\$folder\Sub", '\\?\C:\windows') {
            Assert-Refused PathNotUnderRelativeTo { New-S3MultipartUpload @to -LiteralPath "$folder\File.bin" -RelativeTo $root }
        }
    }

    It 'that no file can have is refused with advice about the path: <_>' -ForEach @(
        'a?b', 'a|b', 'a<b', 'a"b', 'a*b', "a`tb", 'a?b\File.bin', 'F?le.bin'
    ) {
        $path = "$folder\$_"
        foreach ($run in (Watch-Run { New-S3MultipartUpload @to -LiteralPath $path -Verbose }),
            (Watch-Run { Send-S3File @to -LiteralPath $path -Verbose 6> $null })) {
            $run.Thrown | Should -BeNullOrEmpty
            $run.Errors | Should -HaveCount 1
            Get-ErrorName $run.Errors[0] | Should -BeExactly 'PathInvalid'
            $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
            $run.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike 'Correct the path.*< > : " | ? `**'
            $run.Requests | Should -BeNullOrEmpty
        }
    }

    It 'that is too long is refused with advice about the path: <_> characters' -ForEach 300, 40000 {
        $run = Watch-Run { Send-S3File @to -LiteralPath "$folder\$('x' * $_)" -Verbose 6> $null }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
        # To wine it is only the name of a file that is not there.
        Get-ErrorName $run.Errors[0] | Should -BeIn 'PathInvalid', 'FileNotFound'
        $run.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike 'C* the path*'
        $run.Requests | Should -BeNullOrEmpty
    }

    It 'that leads to a device is refused before anything is sent: <_>' -ForEach @(
        'NUL', 'nul', 'CON', 'CONIN$', 'PRN', 'AUX', 'COM1', 'LPT1', 'NUL ', '{0}\NUL', '{0}\COM1', '\\.\NUL', '\\.\COM1',
        '\\.\PhysicalDrive0', '\\?\PhysicalDrive0', '\\.\C:', '\\.\pipe\none'
    ) {
        $path = $_ -f $folder
        Assert-Refused FileNotRegular { New-S3MultipartUpload @to -LiteralPath $path -Verbose }
        Assert-Refused FileNotRegular { Send-S3File @to -LiteralPath $path -Verbose 6> $null }
    }

    It 'with the name of a device before a dot is refused where Windows takes it for the device' {
        $path = "$folder\NUL.txt"
        if ([IO.Path]::GetFullPath($path) -eq $path) { Set-ItResult -Skipped -Because 'this Windows takes NUL.txt for a plain name' }
        Assert-Refused FileNotRegular { New-S3MultipartUpload @to -LiteralPath $path -Verbose }
        Assert-Refused FileNotRegular { Send-S3File @to -LiteralPath $path -Verbose 6> $null }
    }
}
