param([string] $ModulePath)

BeforeDiscovery {
    $topics = Get-ChildItem (Join-Path $ModulePath 'en-US') -Filter about_*.help.txt |
        ForEach-Object { @{ Topic = $_.Name -replace '\.help\.txt$'; Path = $_.FullName } }
    $texts = @($topics | ForEach-Object { $_ + @{ Indent = 8 } }) + @{
        Topic = 'README.md'
        Path = Join-Path $PSScriptRoot '../../../README.md'
        Indent = 4
    }
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $source = Join-Path $PSScriptRoot '../../../src'

    # Every error id in the sources, with its categories and whether its place gives advice.
    function Get-SourceError {
        $found = @{}
        foreach ($file in Get-ChildItem $source -Recurse -Filter *.cs | Where-Object FullName -NotMatch '[\\/](obj|bin)[\\/]') {
            $text = Get-Content $file -Raw
            $id = '(?:nameof\((?<id>\w+)\)|"(?<id>[A-Z]\w+)"|FailureIds\.(?<id>\w+))'
            $made = [regex]::Matches($text, "$id,\s*(?<kinds>[^;`"]*?FailureKind\.\w+(?:\s*:\s*FailureKind\.\w+)?)[,)]")
            for ($i = 0; $i -lt $made.Count; $i++) {
                $end = if ($i + 1 -lt $made.Count) { $made[$i + 1].Index } else { $text.Length }
                $entry = $found[$made[$i].Groups['id'].Value] ??= @{ Kinds = @(); HasAdvice = $false }
                $entry.Kinds += [regex]::Matches($made[$i].Groups['kinds'].Value, 'FailureKind\.(\w+)').ForEach{ $_.Groups[1].Value }
                $entry.HasAdvice = $entry.HasAdvice -or
                    $text.Substring($made[$i].Index, $end - $made[$i].Index) -match 'RecommendedAction = '
            }

            foreach ($arm in [regex]::Matches($text, '(?<codes>"\w+"(?:\s+or "\w+")*) =>\s+FailureKind\.(?<kind>\w+)')) {
                foreach ($code in [regex]::Matches($arm.Groups['codes'].Value, '"(\w+)"').ForEach{ $_.Groups[1].Value }) {
                    $entry = $found[$code] ??= @{ Kinds = @(); HasAdvice = $false }
                    $entry.Kinds += $arm.Groups['kind'].Value
                }
            }
        }

        $found
    }

    # The same as the topic tells it.
    function Get-ListedError {
        $text = Get-Content (Join-Path $ModulePath 'en-US/about_S3Multipart_Errors.help.txt') -Raw
        $listed = @{}
        foreach ($match in [regex]::Matches($text, '(?m)^    (?<id>[A-Z]\w+) \((?<kinds>[\w, ]+)\)\r?\n(?<body>(?:        \S.*\r?\n)+)')) {
            $listed.ContainsKey($match.Groups['id'].Value) | Should -BeFalse -Because "$($match.Groups['id'].Value) is in the list once"
            $listed[$match.Groups['id'].Value] = @{ Kinds = $match.Groups['kinds'].Value -split ', '; Body = $match.Groups['body'].Value }
        }

        $listed
    }
}

Describe '<Topic>' -ForEach $topics {
    It 'is what Get-Help shows for its name' {
        $file = Get-Content $Path -Raw
        (Get-Help $Topic) -join "`n" | Should -Be $file
        $file | Should -Match "^TOPIC\r?\n    $Topic\r?\n\r?\nSHORT DESCRIPTION\r?\n    \S"
    }

    It 'is written for a console of 80 columns' {
        Get-Content $Path | Where-Object { $_.Length -gt 80 -or $_ -match "`t|\s$" } | Should -BeNullOrEmpty
    }

    It 'points to what is there' {
        $also = ((Get-Content $Path -Raw) -split '(?m)^SEE ALSO\r?\n')[1] -split '\r?\n' | ForEach-Object Trim | Where-Object { $_ }
        $also | Should -Not -BeNullOrEmpty
        foreach ($name in $also) {
            if ($name -like 'about_*') { Join-Path $ModulePath "en-US/$name.help.txt" | Should -Exist }
            else { Get-Command $name -Module S3Multipart | Should -Not -BeNullOrEmpty }
        }
    }
}

Describe 'The code in <Topic>' -ForEach $texts {
    It 'uses cmdlets and parameters that are there' {
        # What is indented parses into commands, where it is code, whose parameters can be looked up. Help pages are run: see Examples.
        $lines = Get-Content $Path | ForEach-Object { if ($_ -match "^ {$Indent}(.*)") { $Matches[1] } else { '' } }
        $tree = [Management.Automation.Language.Parser]::ParseInput($lines -join "`n", [ref] $null, [ref] $null)
        $calls = $tree.FindAll({
            $args[0] -is [Management.Automation.Language.CommandAst] -and
                $args[0].GetCommandName() -match '-S3(MultipartUpload|UploadPart|Object|File)$'
        }, $true)
        foreach ($call in $calls) {
            $command = Get-Command ($call.GetCommandName() -replace '^.*\\') -Module S3Multipart
            foreach ($parameter in $call.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] }) {
                { $command.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw -Because "$($call.Extent.Text)"
            }
        }

        $calls.Count | Should -BeGreaterOrEqual ($Topic -eq 'about_S3Multipart_Performance' ? 0 : 1)
    }
}

Describe 'The list of errors' {
    BeforeAll {
        $inSource = Get-SourceError
        $listed = Get-ListedError
    }

    It 'has every error of the sources, and no other' {
        $inSource.Count | Should -BeGreaterThan 80
        Compare-Object @($inSource.Keys) @($listed.Keys) | ForEach-Object {
            "$($_.InputObject) is only in $(if ($_.SideIndicator -eq '<=') { 'the sources' } else { 'about_S3Multipart_Errors' })"
        } | Should -BeNullOrEmpty
    }

    It 'has their categories' {
        foreach ($id in $inSource.Keys | Where-Object { $listed[$_] }) {
            $listed[$id].Kinds | Sort-Object | Should -BeExactly ($inSource[$id].Kinds | Sort-Object -Unique) -Because $id
            foreach ($kind in $listed[$id].Kinds) { [Enum]::GetNames([Management.Automation.ErrorCategory]) | Should -Contain $kind }
        }
    }

    It 'gives advice with every failure that the module makes' {
        # The AWS side is loaded when it is used first.
        $nowhere = @{ EndpointUrl = 'http://127.0.0.1:1'; AccessKey = 'a'; SecretKey = 'b'; MaxRetry = 0 }
        $null = try { Get-S3MultipartUpload none @nowhere -ErrorAction Stop } catch { $_ }
        $own = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -match '^S3Multipart' }
        $types = $own | ForEach-Object GetTypes | Where-Object { $_.Name -cmatch '^(\w*Failure)$' -and $_.IsAbstract -and $_.IsSealed }
        $types.Name | Should -Contain 'Failure'
        $types.Name | Should -Contain 'AwsFailure'
        $made = 0
        foreach ($method in $types | ForEach-Object { $_.GetMethods('Static, Public, NonPublic, DeclaredOnly') }) {
            $parameters = $method.GetParameters().ParameterType
            # What takes a failure of the module makes none of its own.
            if ($method.ReturnType -ne [S3Multipart.S3MultipartException] -or $method.Name -match '^<' -or
                ($parameters | Where-Object { [S3Multipart.S3MultipartException].IsAssignableFrom($_) })) { continue }
            $arguments = foreach ($type in $parameters) {
                # Leading commas keep the arrays whole.
                if ($type -eq [string]) { , 'text' }
                elseif ($type -eq [Type]) { , [string] }
                elseif ($type.Name -ceq 'OutsideText') { , [Activator]::CreateInstance($type) }
                elseif ($type -eq [Exception]) { , [IO.IOException]::new('why') }
                elseif ([Exception].IsAssignableFrom($type)) { , [Activator]::CreateInstance($type) }
                elseif ($type -eq [int] -or $type -eq [long]) { , [Convert]::ChangeType(7, $type) }
                elseif ($type.IsValueType) { , [Activator]::CreateInstance($type) }
                else { , $null }
            }
            $name = "$($method.DeclaringType.Name).$($method.Name)"
            $failure = try { $method.Invoke($null, @($arguments)) } catch { throw "${name}: $_" }
            # One looks for a failure in an exception, and makes none.
            if ($null -eq $failure) { continue }
            $made++
            $failure.RecommendedAction | Should -Not -BeNullOrEmpty -Because $name
        }

        $made | Should -BeGreaterThan 75
    }

    It 'gives advice with every code of S3' {
        $create = [S3Multipart.S3ServiceException].GetMethod('Create', [Reflection.BindingFlags]'Static, NonPublic')
        foreach ($code in @($listed.Keys) + 'SomethingNew') {
            $response = [Activator]::CreateInstance($create.GetParameters()[0].ParameterType)
            $response.GetType().GetProperty('ErrorCode').SetValue($response, $code)
            $kind = $create.GetParameters()[1].ParameterType.GetEnumValues()[0]
            $failure = $create.Invoke($null, @($response, $kind, 'message', $null, $null))
            $failure.RecommendedAction | Should -Not -BeNullOrEmpty -Because $code
        }
    }

    It 'says what each means and what to do' {
        foreach ($id in $listed.Keys) {
            $listed[$id].Body | Should -Match '(?s)^        [A-Z][^.]*\..*        Do: [A-Z].*\.\s*$' -Because $id
        }
        ($inSource.Values | Where-Object HasAdvice).Count | Should -BeGreaterThan 12
    }
}
