param([string] $ModulePath)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $source = Join-Path $PSScriptRoot '../../../src'
    $assemblies = [S3Multipart.MultipartUpload].Assembly, (Get-Command New-S3MultipartUpload).ImplementingType.Assembly
    $types = $assemblies | ForEach-Object GetExportedTypes
    $data = $types | Where-Object { $_.Namespace -eq 'S3Multipart' -and $_.IsClass -and -not [Exception].IsAssignableFrom($_) }
    $aws = '^(AWSSDK|Amazon|S3Multipart\.Aws)'
    $flags = [Reflection.BindingFlags]'Public, NonPublic, Instance, Static, DeclaredOnly'

    # A type with all that it is made of.
    function Expand-Type([Type] $Type) {
        if ($Type.HasElementType) { return Expand-Type $Type.GetElementType() }
        $Type
        if ($Type.IsGenericType) { foreach ($argument in $Type.GetGenericArguments()) { Expand-Type $argument } }
    }

    # Every type that a user of a type can see: through what it is, has, takes, returns and throws at him.
    function Get-VisibleType([Type] $Type) {
        $seen = @($Type.BaseType) + @($Type.GetInterfaces()) + @($Type.CustomAttributes.AttributeType)
        foreach ($member in $Type.GetMembers($flags) | Where-Object { $_.IsPublic -or $_.IsFamily -or $_.IsFamilyOrAssembly }) {
            if ($member -is [Reflection.MethodBase]) { $seen += $member.GetParameters().ParameterType }
            if ($member -is [Reflection.MethodInfo]) { $seen += $member.ReturnType }
            if ($member -is [Reflection.FieldInfo]) { $seen += $member.FieldType }
        }

        $seen | Where-Object { $_ } | ForEach-Object { Expand-Type $_ } | Select-Object -Unique
    }
}

Describe 'The public types' {
    It 'are found under their names before any cmdlet has run' {
        $names = 'S3Multipart.MultipartUpload', 'S3Multipart.UploadPart', 'S3Multipart.CompletedUpload', 'S3Multipart.S3ServiceException'
        $script = "Import-Module '$ModulePath/S3Multipart.psd1'; $(($names | ForEach-Object { "[$_].FullName" }) -join '; ')"
        Invoke-Shell -Command $script | Should -BeExactly $names
    }

    It 'show nothing of the AWS SDK, nor of the assembly that uses it' {
        $types.Count | Should -BeGreaterThan 10
        foreach ($type in $types) {
            foreach ($visible in Get-VisibleType $type) {
                $visible.Assembly.GetName().Name | Should -Not -Match $aws -Because "$type shows $visible"
            }
        }
    }

    It 'are in assemblies that do not refer to the AWS SDK' {
        foreach ($assembly in $assemblies) {
            $assembly.GetReferencedAssemblies().Name | Should -Not -Match $aws -Because $assembly.FullName
        }
    }

    It 'cannot be changed once they are made' {
        $data | Should -Not -BeNullOrEmpty
        foreach ($type in $data) {
            $type.IsSealed | Should -BeTrue -Because $type
            $type.GetFields('Public, Instance') | Should -BeNullOrEmpty -Because $type
            foreach ($property in $type.GetProperties()) {
                if ($property.SetMethod.IsPublic) {
                    $property.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Name |
                        Should -Contain 'IsExternalInit' -Because "$type.$($property.Name)"
                }
            }
        }
    }

    It 'have no property that a secret could be in' {
        $data.GetProperties().Name | Should -Not -Match 'Secret|Password|Credential|CustomerKey$|AccessKey|SessionToken'
    }

    It 'have a text form of their own' {
        foreach ($type in $data) { $type.GetMethod('ToString', [Type[]]@()).DeclaringType | Should -Be $type }
    }
}

Describe 'The sources' {
    It 'never leave the category of an error open' {
        $files = Get-ChildItem $source -Recurse -Filter *.cs | Where-Object FullName -NotMatch '[\\/](obj|bin)[\\/]'
        $files.Count | Should -BeGreaterThan 50
        $files | Select-String -Pattern 'NotSpecified' -CaseSensitive | Should -BeNullOrEmpty
    }

    It 'use the AWS SDK in one project alone' {
        Get-ChildItem "$source/S3Multipart", "$source/S3Multipart.Core", "$source/S3Multipart.Transfer" -Recurse -Include *.cs, *.csproj |
            Select-String -Pattern '^using Amazon|AWSSDK\.(Core|S3)"' -CaseSensitive | Should -BeNullOrEmpty
    }
}

Describe 'docs/inputs.md' {
    BeforeAll { $text = Get-Content -LiteralPath "$PSScriptRoot/../../../docs/inputs.md" -Raw }

    It 'names parameters that there are' {
        $named = [regex]::Matches($text, '`-([A-Z]\w*)').ForEach{ $_.Groups[1].Value } | Select-Object -Unique
        $named.Count | Should -BeGreaterThan 40
        $parameters = (Get-Command -Module S3Multipart).Parameters.Keys | Select-Object -Unique
        $named | Where-Object { $_ -notin $parameters } | Should -BeNullOrEmpty
    }

    It 'names tests that there are' {
        $rows = $text -split '\n' | Where-Object { $_ -match '^\| (?!input |output |---)' }
        $named = [regex]::Matches($rows.ForEach{ ($_ -split ' \| ')[-1] } -join ' ', '`([A-Z][\w.-]+)`').ForEach{ $_.Groups[1].Value } |
            Select-Object -Unique
        $named.Count | Should -BeGreaterThan 20
        $files = (Get-ChildItem "$PSScriptRoot/../.." -Recurse -Include *.Tests.ps1, *Tests.cs).Name -replace '\.(Tests\.ps1|cs)$'
        $named | Where-Object { $_ -notin $files } | Should -BeNullOrEmpty
    }
}
