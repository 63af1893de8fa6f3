param([string] $ModulePath)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath
    $root = Resolve-Path "$PSScriptRoot/../../.."
    Import-Module "$root/build/Package.psm1"
    $manifest = Import-PowerShellDataFile (Join-Path $ModulePath 'S3Multipart.psd1')
    $out = Join-Path $TestDrive 'package'
    $made = New-ModulePackage -ModulePath $ModulePath -OutputPath $out -ProjectPath "$root/src/S3Multipart/S3Multipart.csproj"
    $nupkg = $made | Where-Object Extension -EQ .nupkg

    # What PSResourceGet leaves of a nupkg: all but what describes the package itself.
    function Expand-AsGallery([string] $Path, [string] $Destination) {
        [IO.Compression.ZipFile]::ExtractToDirectory($Path, $Destination)
        '[Content_Types].xml', '_rels', 'package', 'S3Multipart.nuspec' |
            ForEach-Object { Remove-Item -LiteralPath (Join-Path $Destination $_) -Recurse -Force }
    }

    # Names and digests of all files of a folder, but for the catalog.
    function Get-FileDigest([string] $Path) {
        Get-ChildItem $Path -Recurse -File | Where-Object Name -NotIn 'S3Multipart.cat', 'S3Multipart.sha256' |
            ForEach-Object {
                "$([IO.Path]::GetRelativePath($Path, $_.FullName).Replace('\', '/')) $((Get-FileHash -LiteralPath $_.FullName).Hash)"
            } | Sort-Object -CaseSensitive
    }

    $installed = Join-Path $TestDrive 'home/.local/share/powershell/Modules/S3Multipart' $manifest.ModuleVersion
    Expand-AsGallery $nupkg.FullName $installed
}

AfterAll { Remove-Module Package -ErrorAction Ignore }

Describe 'The package' {
    It 'is a nupkg named as galleries want it, a zip, and their digests' {
        $made.Name | Sort-Object -CaseSensitive |
            Should -BeExactly "S3Multipart-$($manifest.ModuleVersion).zip", "S3Multipart.$($manifest.ModuleVersion).nupkg", 'SHA256SUMS'
        foreach ($line in Get-Content "$out/SHA256SUMS") {
            $digest, $name = $line -split '  ', 2
            (Get-FileHash -LiteralPath (Join-Path $out $name)).Hash | Should -Be $digest
        }
    }

    It 'holds exactly the module, as nupkg and as zip' {
        $expected = Get-FileDigest $ModulePath
        $expected.Count | Should -BeGreaterThan 7
        Get-FileDigest $installed | Should -BeExactly $expected
        [IO.Compression.ZipFile]::ExtractToDirectory(($made | Where-Object Extension -EQ .zip).FullName, "$TestDrive/zip")
        Get-FileDigest "$TestDrive/zip/S3Multipart/$($manifest.ModuleVersion)" | Should -BeExactly $expected
    }

    It 'is installed by the line of README' {
        $line = Get-Content "$root/README.md" | Where-Object { $_ -like 'Expand-Archive *' }
        $saved = $env:PSModulePath
        Push-Location $out
        try {
            $env:PSModulePath = "$TestDrive/modules"
            & ([scriptblock]::Create($line))
        }
        finally {
            Pop-Location
            $env:PSModulePath = $saved
        }
        Get-FileDigest "$TestDrive/modules/S3Multipart/$($manifest.ModuleVersion)" | Should -BeExactly (Get-FileDigest $ModulePath)
    }

    It 'has a catalog of every file in it' {
        if (Get-Command Test-FileCatalog -ErrorAction Ignore) {
            Test-FileCatalog -Path $installed -CatalogFilePath "$installed/S3Multipart.cat" -FilesToSkip S3Multipart.cat | Should -Be Valid
        }
        else {
            $list = Get-Content "$installed/S3Multipart.sha256" |
                ForEach-Object { $digest, $name = $_ -split '  ', 2; "$name $($digest.ToUpperInvariant())" } | Sort-Object -CaseSensitive
            $list | Should -BeExactly (Get-FileDigest $installed)
        }
    }

    It 'tells the gallery what the manifest and the changelog say' {
        $archive = [IO.Compression.ZipFile]::OpenRead($nupkg.FullName)
        try {
            $nuspec = [xml]([IO.StreamReader]::new($archive.GetEntry('S3Multipart.nuspec').Open()).ReadToEnd())
        }
        finally {
            $archive.Dispose()
        }
        $metadata = $nuspec.package.metadata
        $metadata.id, $metadata.version, $metadata.authors, $metadata.description, $metadata.copyright |
            Should -BeExactly 'S3Multipart', $manifest.ModuleVersion, $manifest.Author, $manifest.Description, $manifest.Copyright
        $metadata.licenseUrl | Should -BeExactly $manifest.PrivateData.PSData.LicenseUri
        $metadata.releaseNotes | Should -Match '### Added'
        $tags = -split $metadata.tags
        foreach ($tag in @('PSModule') + $manifest.PrivateData.PSData.Tags + $manifest.CmdletsToExport.ForEach{ "PSCommand_$_" }) {
            $tags | Should -Contain $tag
        }
        $metadata.ChildNodes.Name | Should -Not -Contain 'dependencies' -Because 'the module brings all it needs'
    }

    It 'is installed by the NuGet client from a folder' {
        $project = New-Item -ItemType Directory "$TestDrive/client"
        Set-Content "$project/client.csproj" "<Project Sdk='Microsoft.NET.Sdk'>
            <PropertyGroup>
              <TargetFramework>net10.0</TargetFramework>
              <UseAppHost>false</UseAppHost>
              <RestorePackagesPath>installed</RestorePackagesPath>
            </PropertyGroup>
            <ItemGroup><PackageDownload Include='S3Multipart' Version='[$($manifest.ModuleVersion)]' /></ItemGroup></Project>"
        Set-Content "$project/nuget.config" ("<configuration><packageSources><clear /><add key='here' value='$out' /></packageSources>" +
            "</configuration>")
        $said = & dotnet restore $project.FullName --nologo -v quiet 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $said
        $expanded = "$project/installed/s3multipart/$($manifest.ModuleVersion)"
        Get-FileDigest $expanded | Where-Object { $_ -notmatch '^(\.nupkg\.metadata|s3multipart\.(nuspec|.*\.nupkg.*)) ' } |
            Should -BeExactly (Get-FileDigest $ModulePath)
    }

    It 'is found by name in a fresh profile, loads by the call of a cmdlet, and has its help' {
        $saved = $env:HOME, $env:PSModulePath
        try {
            $env:HOME, $env:PSModulePath = "$TestDrive/home", $null
            $found = Invoke-FreshPwsh @'
                $before = Get-Module S3Multipart
                $listed = Get-Module -ListAvailable S3Multipart
                $null = New-S3MultipartUpload none k -EndpointUrl http://127.0.0.1:9 -AccessKey a -SecretKey s -WhatIf
                @{
                    Before = "$before"
                    Version = "$($listed.Version)"
                    Base = (Get-Module S3Multipart).ModuleBase
                    Synopsis = (Get-Help New-S3MultipartUpload).Synopsis
                }
'@
        }
        finally { $env:HOME, $env:PSModulePath = $saved }
        $found.Before | Should -BeNullOrEmpty
        $found.Version | Should -BeExactly $manifest.ModuleVersion
        $found.Base | Should -BeExactly $installed
        $found.Synopsis | Should -BeExactly 'Begins a multipart upload.'
    }
}

Describe 'The private assemblies' {
    It 'are none that PowerShell or its runtime has in the same or a newer version' {
        $own = Get-ChildItem "$ModulePath/private" -Filter *.dll
        $own.Count | Should -BeGreaterThan 5
        foreach ($file in $own) {
            $version = [Reflection.AssemblyName]::GetAssemblyName($file.FullName).Version
            foreach ($folder in $PSHOME, [Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()) {
                $theirs = Join-Path $folder $file.Name
                if (-not (Test-Path -LiteralPath $theirs)) { continue }
                [Reflection.AssemblyName]::GetAssemblyName($theirs).Version |
                    Should -BeLessThan $version -Because "$theirs serves, and ours need not be carried"
            }
        }
    }
}

Describe 'The precompiled assemblies' {
    It 'are those that the other platforms run, and the ones that are loaded here' {
        $folders = @(Get-ChildItem "$ModulePath/private" -Directory)
        if (-not $folders) { Set-ItResult -Skipped -Because 'this build has none: Package and a whole Test make them'; return }
        foreach ($file in $folders | Get-ChildItem -File) {
            $ids = $file.FullName, "$ModulePath/private/$($file.Name)" | ForEach-Object {
                $reader = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($_))
                try {
                    $metadata = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($reader)
                    $metadata.GetGuid($metadata.GetModuleDefinition().Mvid)
                }
                finally { $reader.Dispose() }
            }
            $ids[0] | Should -Be $ids[1] -Because $file.FullName
        }

        $loaded = Invoke-FreshPwsh -Arguments @{ ModulePath = $ModulePath } -Script {
            param($ModulePath)
            Import-Module "$ModulePath/S3Multipart.psd1"
            $nowhere = @{ EndpointUrl = 'http://127.0.0.1:9'; AccessKey = 'a'; SecretKey = 's'; Region = 'us-east-1'; MaxRetry = 0 }
            Get-S3MultipartUpload bucket @nowhere -ErrorAction SilentlyContinue
            @{ Loaded = @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { -not $_.IsDynamic } | ForEach-Object Location) }
        }
        $system = $IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux'
        $here = "$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
        $private = Join-Path (Get-Item $ModulePath).FullName private
        foreach ($name in 'S3Multipart.Aws.dll', 'S3Multipart.Transfer.dll', 'AWSSDK.Core.dll') {
            $path = Join-Path $private $here $name
            if (Test-Path $path) { $path | Should -BeIn $loaded.Loaded }
        }
    }
}

Describe 'The manifest' {
    It 'has every field that a gallery shows, and no address that does not exist' {
        foreach ($field in 'Author', 'CompanyName', 'Copyright', 'Description', 'GUID', 'ModuleVersion', 'PowerShellVersion') {
            $manifest[$field] | Should -Not -BeNullOrEmpty -Because $field
        }
        $data = $manifest.PrivateData.PSData
        $data.LicenseUri | Should -BeExactly 'https://www.apache.org/licenses/LICENSE-2.0'
        $data.ReleaseNotes | Should -Not -BeNullOrEmpty
        $data.Tags.Count | Should -BeGreaterThan 5
        $data.Tags | Should -Not -Match '\s'
        'PSEdition_Core' | Should -BeIn $data.Tags
        Get-Content "$root/LICENSE" -Raw | Should -Match 'Apache License\s+Version 2.0'
    }

    It 'has a version of three numbers, which the changelog has too' {
        $manifest.ModuleVersion | Should -MatchExactly '^\d+\.\d+\.\d+$'
        Get-Content "$root/CHANGELOG.md" | Where-Object { $_ -cmatch '^## (\d+\.\d+\.\d+(-\w+)?)\b' } |
            Select-Object -First 1 | Should -MatchExactly "^## $([regex]::Escape($manifest.ModuleVersion))\b"
    }
}
