# Keeps the pages in docs/help in step with the cmdlets, and makes the help file (MAML) that Get-Help reads from them. Needs
# Microsoft.PowerShell.PlatyPS in the session.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

$s_namespaces = @{
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    maml    = 'http://schemas.microsoft.com/maml/2004/10'
    dev     = 'http://schemas.microsoft.com/maml/dev/2004/10'
}

# What every cmdlet has. Their syntaxes would fill three screens with it before the description begins.
$s_connection = 'AccessKey', 'Credential', 'DisablePayloadSigning', 'EndpointUrl', 'ExpectedBucketOwner', 'ForcePathStyleAddressing',
    'MaxRetry', 'ProfileLocation', 'ProfileName', 'Region', 'RequestChecksumCalculation', 'RequestPayer', 'SecretKey', 'SessionToken',
    'SkipCertificateCheck', 'Timeout', 'UseAccelerateEndpoint', 'UseDualstackEndpoint', 'UseFipsEndpoint'

function Update-ModulePage {
    <#
    .SYNOPSIS
        Brings the parameters of the pages up to those of the cmdlets; a parameter that is new gets a placeholder for its text.
    .DESCRIPTION
        PlatyPS adds the text that a module's own help has to that of the page, so the module is loaded from a copy without help. The rest
        is what PlatyPS 1.0 writes otherwise than it should: a byte order mark, nullable types by their names in .NET, no common parameters.
    #>
    param(
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [string] $MarkdownPath,
        [Parameter(Mandatory)] [string] $WorkPath
    )

    if (Test-Path $WorkPath) { Remove-Item $WorkPath -Recurse -Force }
    Copy-Item $ModulePath $WorkPath -Recurse
    Remove-Item (Join-Path $WorkPath 'en-US') -Recurse
    Import-Module (Join-Path $WorkPath 'S3Multipart.psd1') -Force
    # PlatyPS asks for properties that are not always there.
    Set-StrictMode -Off
    foreach ($page in Get-ChildItem $MarkdownPath -Filter *-*.md) {
        $null = Update-MarkdownCommandHelp $page.FullName -NoBackup
        $text = [IO.File]::ReadAllText($page.FullName).ReplaceLineEndings("`n")
        $text = $text -replace 'System\.Nullable`1\[(.*?)\]', '$1' -replace '\n{3,}', "`n`n"
        $syntax, $rest = $text -split '(?=## ALIASES)', 2
        # In a line of its own where it does not fit into 100 columns.
        $syntax = [regex]::Replace($syntax, '(?m)^(?<line>.*)(?<end>\n```\n)', {
                param($match)
                $line = $match.Groups['line'].Value
                if ($line -eq '' -or $line -match 'CommonParameters') { return $match.Value }
                $line + $(if ($line.Length -le 80) { ' [<CommonParameters>]' } else { "`n [<CommonParameters>]" }) +
                    $match.Groups['end'].Value
            })
        [IO.File]::WriteAllText($page.FullName, $syntax + $rest)
    }
}

function Export-ModuleHelp {
    <#
    .SYNOPSIS
        Writes S3Multipart.dll-Help.xml from the markdown pages of the cmdlets into a folder, and returns the file.
    #>
    param(
        [Parameter(Mandatory)] [string] $MarkdownPath,
        [Parameter(Mandatory)] [string] $OutputPath
    )

    $pages = Get-ChildItem $MarkdownPath -Filter *-*.md | Sort-Object Name
    foreach ($page in $pages) {
        if ((Get-Content $page -Raw) -match '\{\{.*?\}\}') { throw "$($page.Name) has a placeholder that nobody filled in: $($Matches[0])" }
        if (-not (Test-MarkdownCommandHelp $page.FullName)) {
            throw "$($page.Name) has not the structure of a help page: $(Test-MarkdownCommandHelp $page.FullName -DetailView | Out-String)"
        }
    }

    # PlatyPS writes into a folder named after the module, which is not where a module has its help.
    $help = Import-MarkdownCommandHelp $pages.FullName
    $made = $help | Export-MamlCommandHelp -OutputFolder (Join-Path $OutputPath 'maml') -Force
    $document = [xml]::new()
    $document.Load($made.FullName)
    Remove-Item (Join-Path $OutputPath 'maml') -Recurse
    foreach ($one in $help) {
        Complete-Command (Select-Node $document "//command:command[command:details/command:name='$($one.Title)']") $one
    }
    $file = Join-Path $OutputPath 'S3Multipart.dll-Help.xml'
    $writer = [Xml.XmlWriter]::Create($file, [Xml.XmlWriterSettings]@{
        Indent = $true
        NewLineChars = "`n"
        Encoding = [Text.UTF8Encoding]::new($false)
    })
    try { $document.Save($writer) } finally { $writer.Dispose() }
    [IO.File]::AppendAllText($file, "`n")
    Get-Item $file
}

function Select-Node([Xml.XmlNode] $Node, [string] $Path) { ($Node | Select-Xml $Path -Namespace $s_namespaces).Node }

# Fills in what PlatyPS 1.0 leaves out of MAML: default values, what the syntax says of parameters, and code apart from its remarks.
function Complete-Command([Xml.XmlElement] $Command, $Help) {
    $syntaxes = @(Select-Node $Command 'command:syntax/command:syntaxItem')
    for ($i = 0; $i -lt $syntaxes.Count; $i++) {
        foreach ($node in Select-Node $syntaxes[$i] 'command:parameter') {
            Complete-Parameter $node $Help $Help.Syntax[$i].ParameterSetName
        }
    }

    Limit-Syntax $syntaxes
    foreach ($node in Select-Node $Command 'command:parameters/command:parameter') { Complete-Parameter $node $Help '' }
    foreach ($node in Select-Node $Command 'command:examples/command:example') { Split-Example $node }
    foreach ($node in Select-Node $Command 'command:relatedLinks/maml:navigationLink') {
        # Links between pages lead nowhere from a console, and there is no online version.
        if ($node.linkText -eq 'Online Version') {
            $null = $node.ParentNode.RemoveChild($node)
        }
        else {
            (Select-Node $node 'maml:uri').InnerText = ''
        }
    }
}

# Leaves in the first syntax all but the connection, and in the others what sets them apart.
function Limit-Syntax([Xml.XmlElement[]] $Syntax) {
    $names = $Syntax | ForEach-Object { , @((Select-Node $_ 'command:parameter').name) }
    for ($i = 0; $i -lt $Syntax.Count; $i++) {
        foreach ($node in @(Select-Node $Syntax[$i] 'command:parameter')) {
            $isCommon = $i -gt 0 -and -not ($names | Where-Object { $node.name -notin $_ })
            if ($node.required -eq 'false' -and $node.position -eq 'named' -and ($isCommon -or $node.name -in $s_connection)) {
                $null = $node.ParentNode.RemoveChild($node)
            }
        }
    }
}

function Complete-Parameter([Xml.XmlElement] $Node, $Help, [string] $SetName) {
    $parameter = $Help.Parameters | Where-Object Name -EQ $Node.name
    if ($parameter.DefaultValue) {
        $value = $Node.AppendChild($Node.OwnerDocument.CreateElement('dev:defaultValue', $s_namespaces.dev))
        $value.InnerText = $parameter.DefaultValue
    }

    if ($SetName) {
        $set = $parameter.ParameterSets | Where-Object Name -In $SetName, '(All)'
        $how = @(if ($set.ValueFromPipeline) { 'ByValue' }) + @(if ($set.ValueFromPipelineByPropertyName) { 'ByPropertyName' })
        $Node.SetAttribute('aliases', $(if ($parameter.Aliases) { $parameter.Aliases -join ', ' } else { 'none' }))
        $Node.SetAttribute('globbing', "$($parameter.SupportsWildcards)".ToLowerInvariant())
        $Node.SetAttribute('pipelineInput', $(if ($how) { "true ($($how -join ', '))" } else { 'false' }))
    }
}

function Split-Example([Xml.XmlElement] $Node) {
    $introduction = Select-Node $Node 'maml:introduction'
    $text = (@(Select-Node $introduction 'maml:para') | ForEach-Object InnerText) -join "`n"
    if ($text -notmatch '(?s)^```powershell\n(.*?)\n```[\s\u0080]*(.*)$') { throw "An example has no code to begin with: $text" }
    $code, $remark = $Matches[1], $Matches[2].Trim()
    $introduction.RemoveAll()
    (Select-Node $Node 'dev:code').InnerText = $code
    # The empty paragraph sets the next example apart.
    foreach ($line in $remark, '') {
        $para = (Select-Node $Node 'dev:remarks').AppendChild($Node.OwnerDocument.CreateElement('maml:para', $s_namespaces.maml))
        $para.InnerText = $line
    }
}

Export-ModuleMember -Function Update-ModulePage, Export-ModuleHelp
