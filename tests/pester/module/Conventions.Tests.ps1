param([string] $ModulePath)

BeforeDiscovery {
    Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')
    $commands = Get-Command -Module S3Multipart | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $cmdlets = 'Add-S3UploadPart', 'Compare-S3Object', 'Complete-S3MultipartUpload', 'Get-S3MultipartUpload', 'Get-S3UploadPart',
        'New-S3MultipartUpload', 'Send-S3File', 'Stop-S3MultipartUpload'
    $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters

    function Get-OwnParameter($Command) { $Command.Parameters.Values | Where-Object { $_.Name -notin $common } }
}

Describe 'The manifest' -Tag Quick {
    BeforeAll { $manifest = Test-ModuleManifest (Join-Path $ModulePath 'S3Multipart.psd1') }

    It 'exports exactly its cmdlets, and nothing else' {
        $manifest.ExportedCmdlets.Keys | Sort-Object | Should -BeExactly $cmdlets
        $module = Get-Module S3Multipart
        $module.ExportedCmdlets.Keys | Sort-Object | Should -BeExactly $cmdlets
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'names each export, so that it can be found without being loaded' {
        $data = Import-PowerShellDataFile (Join-Path $ModulePath 'S3Multipart.psd1')
        $data.CmdletsToExport | Should -BeExactly $cmdlets
        foreach ($kind in 'Functions', 'Aliases', 'Variables') { $data["${kind}ToExport"].Count | Should -Be 0 -Because $kind }
    }

    It 'asks for PowerShell 7.6, Core' {
        $manifest.PowerShellVersion | Should -Be '7.6'
        $manifest.CompatiblePSEditions | Should -BeExactly 'Core'
    }
}

Describe '<Name>' -ForEach $commands -Tag Quick {
    BeforeAll {
        $own = @(Get-OwnParameter $Command)
        $class = $Command.ImplementingType
        $cmdlet = $class.GetCustomAttributes([Management.Automation.CmdletAttribute], $false)[0]
    }

    It 'has an approved verb and a singular noun' {
        $Command.Verb | Should -BeIn (Get-Verb).Verb
        $Command.Noun | Should -MatchExactly '^S3[A-Z][A-Za-z]*[a-rt-z]$'
    }

    It 'asks before it changes the store, and only then' {
        $cmdlet.SupportsShouldProcess | Should -Be ($Command.Verb -notin 'Get', 'Compare')
        $impact = switch ($Command.Verb) { 'Stop' { 'High' } 'Add' { 'Low' } 'Get' { 'None' } 'Compare' { 'None' } default { 'Medium' } }
        $cmdlet.ConfirmImpact | Should -Be $impact
    }

    It 'says what it emits' {
        $expected = @{
            'Add-S3UploadPart'           = 'S3Multipart.UploadPart'
            'Complete-S3MultipartUpload' = 'S3Multipart.CompletedUpload'
            'Get-S3MultipartUpload'      = 'S3Multipart.MultipartUpload'
            'Get-S3UploadPart'           = 'S3Multipart.UploadPart'
            'Compare-S3Object'           = 'S3Multipart.ComparedObject'
            'New-S3MultipartUpload'      = 'S3Multipart.MultipartUpload'
            'Send-S3File'                = 'S3Multipart.CompletedUpload'
            'Stop-S3MultipartUpload'     = 'S3Multipart.StoppedUpload'
        }
        $Command.OutputType.Name | Should -Contain $expected[$Name]
        $Command.OutputType.Type | Should -Not -Contain $null
    }

    It 'takes one parameter by value in a parameter set, at most, but for bytes and their upload, of which one is given by name' {
        foreach ($set in $Command.ParameterSets) {
            $most = if ("$Name $($set.Name)" -eq 'Add-S3UploadPart Value') { 2 } else { 1 }
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual $most -Because $set.Name
        }
    }

    It 'takes what is piped in, in every parameter set that is not for bare names' {
        foreach ($set in $Command.ParameterSets | Where-Object Name -NE 'UploadId') {
            @($set.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }).Count |
                Should -BeGreaterThan 0 -Because $set.Name
        }
    }

    It 'has a default parameter set among its sets, and sets that can be told apart' {
        $names = $Command.ParameterSets.Name
        if ($names.Count -gt 1) { $cmdlet.DefaultParameterSetName | Should -BeIn $names }
        $keys = $Command.ParameterSets |
            ForEach-Object { ($_.Parameters | Where-Object IsMandatory | ForEach-Object Name | Sort-Object) -join ' ' }
        $keys | Group-Object | Where-Object Count -GT 1 | Should -BeNullOrEmpty
    }

    It 'has no name that the engine or the gallery keeps for itself' {
        # PSReservedParams and PSReservedCmdletChar of PSScriptAnalyzer, which looks at scripts only.
        $own.Name | Where-Object { $_ -in $common -and $_ -notin 'WhatIf', 'Confirm' } | Should -BeNullOrEmpty
        @($Name) + $own.Name | Should -Not -Match '[#,(){}\[\]&/\\$^;:"''<>|?@`*%+=~ ]'
        $own.Aliases | Where-Object { $_ -and $_ -notin 'wi', 'cf' } | Should -MatchExactly '^[A-Z][A-Za-z0-9]*$'
    }

    It 'takes no remaining arguments, has no switch that is on, and takes each parameter only where it is named or has a place' {
        foreach ($parameter in $own) {
            $parameter.ParameterSets.Values.ValueFromRemainingArguments | Should -Not -Contain $true -Because $parameter.Name
        }
        $instance = [Activator]::CreateInstance($class)
        try {
            foreach ($switch in $own | Where-Object SwitchParameter | Where-Object Name -NotIn 'WhatIf', 'Confirm') {
                $class.GetProperty($switch.Name).GetValue($instance).IsPresent | Should -BeFalse -Because $switch.Name
            }
        }
        finally { $instance.Dispose() }
    }

    It 'completes the values of each parameter that has a set of them' {
        foreach ($parameter in $own | Where-Object {
            $_.ParameterType.IsEnum -or $_.Attributes.TypeId -contains [Management.Automation.ValidateSetAttribute]
        }) {
            $line = "$Name -$($parameter.Name) "
            [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.Count |
                Should -BeGreaterThan 0 -Because $line
        }
    }

    It 'lives in the namespace and has the class name of its kind' {
        $class.FullName | Should -BeExactly "S3Multipart.Commands.$($Name.Replace('-', ''))Command"
        [IDisposable].IsAssignableFrom($class) | Should -BeTrue
    }

    It 'has help of its own for the cmdlet and each of its parameters' {
        (Get-Help $Name).Synopsis | Should -Match '^[A-Z].*\.$'
        $helped = @((Get-Help $Name -Full).parameters.parameter | Where-Object { $_.description.Text } | ForEach-Object name)
        $own.Name | Where-Object { $_ -notin $helped } | Should -BeNullOrEmpty
    }

    It 'never takes the bucket by value' {
        foreach ($set in $Command.ParameterSets) {
            $set.Parameters | Where-Object { $_.Name -like '*BucketName' -and $_.ValueFromPipeline } | Should -BeNullOrEmpty
        }
    }

    It 'has switches and no booleans' {
        $own | Where-Object { $_.ParameterType -in [bool], [Nullable[bool]] } | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'has names of parameters in PascalCase and in the singular' {
        foreach ($parameter in $own) {
            $parameter.Name | Should -MatchExactly '^[A-Z][A-Za-z0-9]*$'
            # Words that end so without being plurals.
            $parameter.Name -creplace '(Kms|Status|Expires)$' | Should -Not -MatchExactly '[a-rt-z]s$'
        }
    }

    It 'binds nothing by the property Directory of a file, nor by any alias that a file has by chance' {
        # FullName and PSPath are meant; Name, Length, Directory and the like would bind what nobody meant.
        $properties = (Get-Item $PSCommandPath).PSObject.Properties.Name
        $bound = foreach ($set in $Command.ParameterSets) {
            foreach ($parameter in $set.Parameters | Where-Object ValueFromPipelineByPropertyName) {
                @($parameter.Name) + @($parameter.Aliases)
            }
        }
        $bound | Where-Object { $_ -in $properties -and $_ -notin 'FullName', 'PSPath' } | Should -BeNullOrEmpty
        $own.Aliases | Should -Not -Contain 'Directory'
    }

    It 'has no name or alias twice' {
        $names = $Command.Parameters.Values | ForEach-Object { $_.Name; $_.Aliases }
        $names | Group-Object | Where-Object Count -GT 1 | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'knows how to connect by the names and aliases of AWS Tools' {
        $expected = @{
            AccessKey                = 'AK'
            SecretKey                = 'SK', 'SecretAccessKey'
            SessionToken             = 'ST'
            ProfileName              = 'StoredCredentials', 'AWSProfileName'
            ProfileLocation          = 'AWSProfilesLocation', 'ProfilesLocation'
            Credential               = @()
            Region                   = @()
            EndpointUrl              = @()
            ForcePathStyleAddressing = @()
            UseAccelerateEndpoint    = @()
            UseDualstackEndpoint     = @()
            ExpectedBucketOwner      = @()
            RequestPayer             = @()
        }
        foreach ($one in $expected.Keys) {
            $Command.Parameters.Keys | Should -Contain $one
            $Command.Parameters[$one].Aliases | Sort-Object | Should -BeExactly ($expected[$one] | Sort-Object) -Because $one
            $Command.Parameters[$one].ParameterSets.Keys |
                Should -BeExactly '__AllParameterSets' -Because "$one belongs to every parameter set"
        }
    }

    It 'keeps secrets and the connection out of the pipeline' {
        foreach ($set in $Command.ParameterSets) {
            $piped = $set.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }
            $piped.Name | Where-Object { $_ -in 'AccessKey', 'SecretKey', 'SessionToken', 'Credential' } | Should -BeNullOrEmpty
        }
    }

    It 'has the bucket first, where nothing else names one; the cmdlet that sends files has them before it, and the prefix after it' {
        foreach ($set in $Command.ParameterSets) {
            if ($Name -eq 'Send-S3File') {
                # The bucket may come from the pipeline, or by the first position where files do, so it is not mandatory to the binder.
                ($set.Parameters | Where-Object Position -GE 0 | Sort-Object Position).Name |
                    Should -BeExactly 'Path', 'BucketName', 'KeyPrefix' -Because $set.Name
                continue
            }
            $hasObject = [bool] ($set.Parameters | Where-Object { $_.IsMandatory -and $_.Name -in 'Upload', 'Part', 'CompletedUpload' })
            $set.Parameters | Where-Object Name -EQ 'BucketName' |
                Where-Object { $hasObject ? $_.IsMandatory : $_.Position -ne 0 -or -not $_.IsMandatory } |
                Should -BeNullOrEmpty -Because $set.Name
        }
    }

    It 'has positions without gaps' {
        foreach ($set in $Command.ParameterSets) {
            $positions = @($set.Parameters.Position | Where-Object { $_ -ge 0 } | Sort-Object)
            $positions -join ' ' | Should -BeExactly ((0..$positions.Count | Select-Object -SkipLast 1) -join ' ') -Because $set.Name
        }
    }

    It 'takes PSPath and FullName where it takes a file from the pipeline, and wildcards in Path alone' {
        $wrong = foreach ($parameter in $own | Where-Object { $_.Name -like '*Path' }) {
            $isWild = $parameter.Attributes.TypeId -contains [Management.Automation.SupportsWildcardsAttribute]
            $isPiped = $parameter.ParameterSets.Values.ValueFromPipelineByPropertyName -contains $true
            $aliases = if ($isPiped) { 'FullName PSPath' } else { '' }
            if ($isWild -ne ($parameter.Name -eq 'Path') -or ($parameter.Aliases | Sort-Object) -join ' ' -ne $aliases) { $parameter.Name }
        }
        $wrong | Should -BeNullOrEmpty
    }
}

Describe 'The scripts' -Tag Quick {
    BeforeDiscovery { $hasAnalyzer = [bool](Get-Module -ListAvailable PSScriptAnalyzer) }

    It 'pass PSScriptAnalyzer with the gallery''s rules' -Skip:(-not $hasAnalyzer) {
        $root = Resolve-Path "$PSScriptRoot/../../.."
        $scripts = Invoke-FreshPwsh 'param($Root) Import-Module PSScriptAnalyzer
            @(Get-Item "$Root/S3Multipart.psd1") + @(Get-ChildItem "$Root/examples" -Recurse -Filter *.ps1) |
                ForEach-Object { Invoke-ScriptAnalyzer $_.FullName -Settings PSGallery } |
                ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName)" } | Join-String -Separator "`n"' @{ Root = "$root" }
        $scripts | Should -BeNullOrEmpty
    }

    It 'parse' {
        $root = Resolve-Path "$PSScriptRoot/../../.."
        $files = Get-ChildItem $root/build.ps1, $root/build, $root/examples, $root/tests -Recurse -Include *.ps1, *.psm1
        $files.Count | Should -BeGreaterThan 50
        foreach ($file in $files) {
            $errors = $null
            $null = [Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty -Because $file
        }
    }
}

Describe 'The sources' -Tag Quick {
    BeforeAll { $root = (Resolve-Path "$PSScriptRoot/../../..").Path }

    # The formatter knows max_line_length of .editorconfig and does not hold it.
    It 'have lines of at most 140 characters' {
        $files = @(Get-ChildItem $root -File) + @(Get-ChildItem (Get-ChildItem $root -Directory -Exclude out) -Recurse -File) |
            Where-Object { $_.Extension -in '.cs', '.ps1', '.psm1', '.psd1' -and $_.FullName -notmatch '[\\/](bin|obj)[\\/]' }
        $files.Count | Should -BeGreaterThan 100
        $long = foreach ($file in $files) {
            $number = 0
            foreach ($line in [IO.File]::ReadLines($file.FullName)) {
                $number++
                # Length counts a character outside the basic plane twice.
                if ($line.Length -gt 140 -and [Globalization.StringInfo]::new($line).LengthInTextElements -gt 140) {
                    "$([IO.Path]::GetRelativePath($root, $file.FullName)):$number"
                }
            }
        }
        $long | Should -BeNullOrEmpty
    }

    It 'are built and formatted as one solution, because a project that is not in it is built for debugging and formatted by nobody' {
        # What draws the benchmark's plots needs packages of its own, and the runtime of the Windows lane has no source.
        $others = 'tests/benchmark/Plot/Plot.csproj', 'tests/windows/Runtime.csproj'
        $projects = 'src', 'tests' | ForEach-Object { Get-ChildItem (Join-Path $root $_) -Recurse -Filter *.csproj } |
            ForEach-Object { [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') } | Where-Object { $_ -notin $others }
        $solution = (Get-Content (Join-Path $root S3Multipart.sln) -Raw).Replace('\', '/')
        $projects | Should -Not -BeNullOrEmpty
        $projects | Where-Object { -not $solution.Contains("`"$_`"") } | Should -BeNullOrEmpty
    }

    It 'are debugged in the PowerShell that builds and tests them' {
        $version = (Get-Content "$root/.config/dotnet-tools.json" -Raw | ConvertFrom-Json).tools.powershell.version
        [regex]::Matches((Get-Content "$root/.vscode/launch.json" -Raw), 'packages/powershell/([^/]+)/').ForEach{ $_.Groups[1].Value } |
            Should -Be $version, $version
    }
}

Describe 'What tests need of a server' -Tag Quick {
    It 'is in the table of what servers lack, so that a name with a mistake in it skips nothing' {
        $root = Resolve-Path "$PSScriptRoot/../../.."
        $table = Get-Content "$root/tests/servers/TestServers.psm1" -Raw
        $known = [regex]::Matches($table, '(?m)^        (\w+) +=').ForEach{ $_.Groups[1].Value } + 'Restart'
        foreach ($file in Get-ChildItem "$root/tests/pester/server" -Filter *.ps1) {
            $text = Get-Content -LiteralPath $file -Raw
            $named = [regex]::Matches($text, '\bNeeds(\w+)|\.Lacks\.(\w+)|Skip-Without (\w+)').ForEach{ -join $_.Groups[1, 2, 3] }
            $named | Where-Object { $_ -notin $known } | Should -BeNullOrEmpty -Because $file.Name
        }
    }
}

Describe 'The cmdlets together' -Tag Quick {
    It 'give one parameter one meaning: type and aliases are the same wherever it is' {
        # Path-like parameters take one or several; LiteralPath of Add is one file, that of New many.
        $all = $cmdlets | ForEach-Object { Get-OwnParameter (Get-Command $_) }
        foreach ($group in $all | Where-Object Name -NE 'LiteralPath' | Group-Object Name) {
            $group.Group.ParameterType.FullName | Select-Object -Unique | Should -HaveCount 1 -Because $group.Name
            @($group.Group | ForEach-Object { ($_.Aliases | Sort-Object) -join ' ' } | Select-Object -Unique) |
                Should -HaveCount 1 -Because $group.Name
        }
    }

    It 'take each other''s objects by value' {
        $takes = {
            param($name, $type)
            (Get-Command $name).ParameterSets.Parameters |
                Where-Object { $_.ValueFromPipeline -and $_.ParameterType -in $type, $type.MakeArrayType() }
        }
        foreach ($name in 'Add-S3UploadPart', 'Complete-S3MultipartUpload', 'Stop-S3MultipartUpload', 'Get-S3UploadPart') {
            & $takes $name ([S3Multipart.MultipartUpload]) | Should -Not -BeNullOrEmpty -Because $name
        }

        & $takes 'Complete-S3MultipartUpload' ([S3Multipart.UploadPart]) | Should -Not -BeNullOrEmpty
    }
}
