param([string] $ModulePath)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $root = Resolve-Path "$PSScriptRoot/../../.."
}

Describe 'build.ps1 Test' {
    It 'ends with exit code <Code> over <Name>' -ForEach @(
        @{ Name = 'a passing test'; Code = 0; Tally = '1 passed, 0 failed, 0 skipped'; Text = 'Describe A { It B { 1 | Should -Be 1 } }' }
        @{
            Name = 'a failing test'
            Code = 1
            Tally = '1 passed, 1 failed, 0 skipped'
            Text = 'Describe A { It B { 1 | Should -Be 1 }; It C { 1 | Should -Be 2 } }'
        }
        @{ Name = 'a file that cannot be parsed'; Code = 1; Tally = '0 passed, 1 failed, 0 skipped'; Text = 'Describe A {' }
        @{
            Name = 'a set-up that fails'
            Code = 1
            Tally = '0 passed, 1 failed, 0 skipped'
            Text = 'BeforeAll { throw 1 }; Describe A { It B { 1 | Should -Be 1 } }'
        }
        @{ Name = 'a file without a test'; Code = 1; Tally = '0 passed, 1 failed, 0 skipped'; Text = 'Describe A { }' }
    ) {
        $file = "$TestDrive/Only.Tests.ps1"
        Set-Content -LiteralPath $file $Text
        $said = @(Invoke-Shell -File "$root/build.ps1" Test -NoBuild -Server LocalS3 -Only $file 2>&1)
        $LASTEXITCODE | Should -Be $Code
        $said[-1] | Should -BeExactly $Tally
    }

    # The second file has a minute too, because its lane starts beside others.
    It 'ends with exit code 1 over a file that hangs, and runs the files after it' {
        Set-Content -LiteralPath "$TestDrive/Stuck.Tests.ps1" 'Describe A { It B { 1 | Should -Be 1; Start-Sleep 600 } }'
        Set-Content -LiteralPath "$TestDrive/Then.Tests.ps1" 'Describe A { It B { 1 | Should -Be 1 } }'
        $pester = "$((Get-Module Pester).ModuleBase)/Pester.psd1"
        $run = "& '$root/tests/Invoke-Tests.ps1' -ModulePath '$ModulePath' -PesterPath '$pester' -Server LocalS3 -Only " +
            "'$TestDrive/Stuck.Tests.ps1', '$TestDrive/Then.Tests.ps1' -FileSeconds 60; exit `$LASTEXITCODE"
        $said = @(Invoke-Shell -Command $run 2>&1)
        $LASTEXITCODE | Should -Be 1
        $said -match 'Stuck\.Tests\.ps1 in lane .*: it did not end within 60 seconds' | Should -HaveCount 1
        $said[-1] | Should -BeExactly '1 passed, 1 failed, 0 skipped'
    }

    It 'ends with another exit code than 0 where <What>' -ForEach @(
        @{
            What = 'no file is named so'
            Arguments = 'Test', '-NoBuild', '-Only', 'NoSuchFile'
            Path = $env:PATH
            Said = 'No test file matches'
        }
        @{ What = 'the .NET SDK is missing'; Arguments = 'Build'; Path = ''; Said = 'dotnet' }
        @{
            What = 'a server does not start'
            Arguments = 'Test', '-NoBuild', '-Server', 'Ceph', '-Only', 'Overlap.'
            Path = ''
            Said = 'Ceph did not start|bash'
        }
    ) {
        $saved = $env:PATH
        # The shell is found by its full path, and what it looks for is not.
        $program, $first = Get-ShellCommand
        if ($Path -eq '') { $env:PATH = "$TestDrive" }
        try { $said = & $program $first -File "$root/build.ps1" $Arguments 2>&1 | Out-String }
        finally { $env:PATH = $saved }
        $LASTEXITCODE | Should -Not -Be 0
        $said | Should -Match $Said
    }
}
