param([string] $ModulePath)

BeforeDiscovery {
    Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')
    $commands = Get-Command -Module S3Multipart | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    $hasPlatyPS = [bool](Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS | Where-Object { $_.Version.Major -eq 1 })
}

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $root = Resolve-Path "$PSScriptRoot/../../.."
    $common = [Management.Automation.PSCmdlet]::CommonParameters
    $helpFile = Join-Path $ModulePath 'en-US/S3Multipart.dll-Help.xml'
    $namespaces = @{ command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'; maml = 'http://schemas.microsoft.com/maml/2004/10' }
    $maml = [xml](Get-Content $helpFile -Raw)

    function Select-Help([Xml.XmlNode] $Node, [string] $Path) { ($Node | Select-Xml $Path -Namespace $namespaces).Node }

    function Get-AliasText($Parameter) { if ($Parameter.Aliases) { ($Parameter.Aliases | Sort-Object) -join ' ' } else { 'none' } }

    # What a parameter is in one of its sets, in one line that shows what differs.
    function Get-CommandLine($Parameter, [string] $Default) {
        $how = @(if ($Parameter.ValueFromPipeline) { 'ByValue' }) + @(if ($Parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' })
        $type = [Nullable]::GetUnderlyingType($Parameter.ParameterType) ?? $Parameter.ParameterType
        "{0}: type {1}, required {2}, position {3}, pipeline {4}, aliases {5}, wildcards {6}, default {7}" -f $Parameter.Name,
            $type.FullName, $Parameter.IsMandatory,
            $(if ($Parameter.Position -ge 0) { $Parameter.Position } else { 'named' }),
            $(if ($how) { "true ($($how -join ', '))" } else { 'false' }),
            (Get-AliasText $Parameter),
            (@($Parameter.Attributes).ForEach{ $_.GetType() } -contains [Management.Automation.SupportsWildcardsAttribute]), $Default
    }

    function Get-HelpLine([Xml.XmlElement] $Node) {
        "{0}: type {1}, required {2}, position {3}, pipeline {4}, aliases {5}, wildcards {6}, default {7}" -f $Node.name,
            ($Node.type.name -replace '^System\.Nullable`1\[(.*)\]$', '$1'), [bool]::Parse($Node.required),
            $Node.position.ToLowerInvariant(), $Node.pipelineInput,
            (($Node.aliases -split ', ' | Sort-Object) -join ' '), [bool]::Parse($Node.globbing), $Node['dev:defaultValue'].InnerText
    }

    # The value that a parameter has when it is not given; none where it is null or the user's session decides.
    function Get-Default([object] $Cmdlet, [string] $Name) {
        $property = $Cmdlet.GetType().GetProperty($Name)
        if (-not $property) { return $(if ($Name -in 'WhatIf', 'Confirm') { 'False' }) }
        "$($property.GetValue($Cmdlet))"
    }
}

Describe 'The help of <Name>' -ForEach $commands {
    BeforeAll {
        $node = Select-Help $maml "//command:command[command:details/command:name='$Name']"
        $instance = [Activator]::CreateInstance($Command.ImplementingType)
        $own = $Command.Parameters.Values | Where-Object Name -NotIn $common
        $help = Get-Help $Name -Full
        $page = Get-Content "$root/docs/help/$Name.md" -Raw
    }
    AfterAll { $instance.Dispose() }

    It 'has of each parameter set what it needs and what sets it apart, and of the first all but the connection, as in the cmdlet' {
        $items = @(Select-Help $node 'command:syntax/command:syntaxItem')
        $sets = @($Command.ParameterSets | Sort-Object { -not $_.IsDefault }, Name)
        $items.Count | Should -Be $sets.Count
        $base = $Command.ImplementingType
        while ($base.Name -ne 'S3Cmdlet') { $base = $base.BaseType }
        $connection = $base.GetProperties('DeclaredOnly, Public, Instance').Name
        $connection.Count | Should -BeGreaterThan 15
        $expected = $sets | ForEach-Object {
            $set = $_
            $isFirst = $set -eq $sets[0]
            , @(
                $set.Parameters | Where-Object Name -NotIn $common |
                    Where-Object {
                        $name = $_.Name
                        $isCommon = -not ($sets | Where-Object { $name -notin $_.Parameters.Name })
                        $_.IsMandatory -or $_.Position -ge 0 -or ($name -notin $connection -and ($isFirst -or -not $isCommon))
                    } |
                    ForEach-Object { Get-CommandLine $_ (Get-Default $instance $_.Name) } | Sort-Object
            )
        }
        $written = $items | ForEach-Object { , @(Select-Help $_ 'command:parameter' | ForEach-Object { Get-HelpLine $_ } | Sort-Object) }
        # Sets have no names in MAML, so they are compared as a heap: the sort makes their order irrelevant.
        $written = @($written | ForEach-Object { $_ -join "`n" } | Sort-Object)
        $expected = @($expected | ForEach-Object { $_ -join "`n" } | Sort-Object)
        for ($i = 0; $i -lt $expected.Count; $i++) {
            Compare-Object ($expected[$i] -split "`n") ($written[$i] -split "`n") |
                ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" } | Should -BeNullOrEmpty
        }
    }

    It 'names the parameter sets as the cmdlet does' {
        $named = [regex]::Matches(($page -split '## ALIASES')[0], '(?m)^### (\w+|__AllParameterSets)( \(Default\))?$') |
            ForEach-Object Value | Sort-Object
        $named | Should -BeExactly ($Command.ParameterSets |
            ForEach-Object { "### $($_.Name)$(if ($_.IsDefault) { ' (Default)' })" } | Sort-Object)
        ($page -split '## DESCRIPTION')[0] | Should -Match ([regex]::Escape('[<CommonParameters>]'))
    }

    It 'says something of every parameter, and of no other' {
        $described = @($help.parameters.parameter)
        $described.name | Sort-Object | Should -BeExactly ($own.Name | Sort-Object)
        foreach ($one in $described) { $one.description.Text | Should -Match '^[A-Z1].{15,}[.]$' -Because $one.name }
    }

    It 'shows by Get-Help -Parameter <_> what the cmdlet has' -ForEach ($Command.Parameters.Keys |
        Where-Object { $_ -notin [Management.Automation.PSCmdlet]::CommonParameters }) {
        $shown = Get-Help $Name -Parameter $_
        $parameter = $Command.Parameters[$_]
        $sets = @($parameter.ParameterSets.Values)
        $shown.name | Should -BeExactly $_
        "$($shown.defaultValue)" | Should -BeExactly "$(Get-Default $instance $_)"
        ($shown.aliases -split ', ' | Sort-Object) -join ' ' | Should -BeExactly (Get-AliasText $parameter)
        $shown.required | Should -Be "$($sets.IsMandatory -contains $true)"
        ($shown.pipelineInput -ne 'false') |
            Should -Be ((@($sets.ValueFromPipeline) + @($sets.ValueFromPipelineByPropertyName)) -contains $true)
    }

    It 'has a synopsis, a description, inputs and outputs of its own' {
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        $help.description.Text -join ' ' | Should -Match '.{100}'
        foreach ($type in $Command.OutputType.Name) { $help.returnValues.returnValue.type.name | Should -Contain $type }
        $help.inputTypes.inputType.type.name | Should -Not -BeNullOrEmpty
    }

    It 'has four examples at least, each of it with words about it' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterOrEqual 4
        foreach ($example in $examples) {
            $example.title | Should -Match 'Example \d+: [A-Z].{8,}'
            $example.code | Should -Match $Name
            ($example.remarks.Text -join '') | Should -Match '.{20}\.'
        }
        ($help | Out-String) | Should -Not -Match '```|\{\{'
    }
}

Describe 'The help file' {
    It 'is what the pages in docs/help give' -Skip:(-not $hasPlatyPS) {
        # In a process of its own, because PlatyPS brings libraries along that other tests should not meet.
        $made = Invoke-FreshPwsh @'
            param($Root, $Out)
            Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0
            Import-Module "$Root/build/Help.psm1"
            (Export-ModuleHelp -MarkdownPath "$Root/docs/help" -OutputPath $Out).FullName
'@ @{ Root = "$root"; Out = "$TestDrive/help" }
        Get-Content $made -Raw |
            Should -BeExactly (Get-Content "$root/en-US/S3Multipart.dll-Help.xml" -Raw) -Because 'build.ps1 Docs writes it'
    }

    It 'is found in sessions of any language' {
        foreach ($language in 'de-DE', 'ja-JP', '') {
            $said = Invoke-FreshPwsh @'
                param($ModulePath, $Language)
                [Threading.Thread]::CurrentThread.CurrentUICulture = [Globalization.CultureInfo]::DefaultThreadCurrentUICulture = $Language
                Import-Module "$ModulePath/S3Multipart.psd1"
                (Get-Help New-S3MultipartUpload).Synopsis
'@ @{ ModulePath = $ModulePath; Language = $language }
            $said | Should -BeExactly 'Begins a multipart upload.' -Because "the language is '$language'"
        }
    }
}
