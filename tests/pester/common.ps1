# What every test file begins with: the built module and nothing else of it, the second client, and makers of files.
param([Parameter(Mandatory)] [string] $ModulePath, [hashtable] $Server)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module (Join-Path $ModulePath 'S3Multipart.psd1')
Import-Module (Join-Path $PSScriptRoot '../tools/S3Client.psm1')
Import-Module (Join-Path $PSScriptRoot '../servers/TestServers.psm1')
Import-Module (Join-Path $PSScriptRoot '../tools/Shell.psm1')

function New-TestFolder {
    $path = Join-Path $TestDrive ([Guid]::NewGuid().ToString('n'))
    (New-Item -ItemType Directory $path).FullName
}

# Different bytes for every seed and length, the same in every run. A cipher makes them in a tenth of the time of Random.
function New-TestCipher([int] $Seed, [long] $Length) {
    $aes = [Security.Cryptography.Aes]::Create()
    $aes.Key = [BitConverter]::GetBytes([long]$Seed) + [BitConverter]::GetBytes($Length)
    $aes.IV = [byte[]]::new(16)
    $aes
}

function New-TestFile([string] $Path, [long] $Length, [int] $Seed = 1) {
    $stream = [IO.File]::Create($Path)
    $aes = New-TestCipher $Seed $Length
    # Each block is made from the one before it, so that no two parts are the same.
    $maker = $aes.CreateEncryptor()
    try {
        $size = 16 * [int][Math]::Ceiling([Math]::Min($Length, 1MB) / 16)
        $zeros, $buffer = [byte[]]::new($size), [byte[]]::new($size)
        for ($left = $Length; $left -gt 0; $left -= $count) {
            $count = [int][Math]::Min($left, $size)
            $null = $maker.TransformBlock($zeros, 0, $size, $buffer, 0)
            $stream.Write($buffer, 0, $count)
        }
    }
    finally { $stream.Dispose(); $maker.Dispose(); $aes.Dispose() }
}

function Invoke-FreshPwsh([string] $Script, [hashtable] $Arguments = @{}) {
    <# Runs a script in a PowerShell of its own; the script's param block takes the arguments, its last object comes back from JSON. #>
    $file = Join-Path $TestDrive "$([Guid]::NewGuid().ToString('n')).ps1"
    Set-Content -LiteralPath $file $Script
    $json = $Arguments | ConvertTo-Json -Compress
    $encoded = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
    $command = "`$ErrorActionPreference = 'Stop'; `$a = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('$encoded')) | " +
        "ConvertFrom-Json -AsHashtable; " +
        "'RESULT' + (& '$($file.Replace("'", "''"))' @a | Select-Object -Last 1 | ConvertTo-Json -Compress -Depth 4)"
    $said = Invoke-Shell -Command $command 2>&1 | Out-String -Width 10000
    if ($said -notmatch 'RESULT(.*)') { throw "The fresh PowerShell said: $said" }
    $Matches[1] | ConvertFrom-Json
}

function New-TestBytes([int] $Length, [int] $Seed = 1) {
    $aes = New-TestCipher $Seed $Length
    try { $bytes = $aes.EncryptCbc([byte[]]::new(16 * [int][Math]::Ceiling($Length / 16)), $aes.IV, 'None') } finally { $aes.Dispose() }
    [Array]::Resize([ref]$bytes, $Length)
    , $bytes
}

function Get-Slice([byte[]] $Bytes, [int] $Start, [int] $Count) { , [ArraySegment[byte]]::new($Bytes, $Start, $Count).ToArray() }

# A part's ETag, as S3 makes it of a part that is not encrypted.
function Get-ETag([byte[]] $Bytes) { '"' + [Convert]::ToHexString([Security.Cryptography.MD5]::HashData($Bytes)).ToLowerInvariant() + '"' }

function Get-ByteHash([byte[]] $Bytes) { [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($Bytes)) }

# Runs a script block under the preferences of a plain session, and tells apart what came out of it. Requests are what the module
# says on the verbose stream that it sent.
function Watch-Run([scriptblock] $Run) {
    $ErrorActionPreference = $VerbosePreference = 'Continue'
    $all = [Collections.Generic.List[object]]::new()
    $thrown = $null
    try { & $Run *>&1 | ForEach-Object { $all.Add($_) } } catch { $thrown = $_ }
    $verbose = @($all | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object Message)
    [pscustomobject]@{
        Output   = @(
            $all | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] -and $_ -isnot [Management.Automation.ErrorRecord] }
        )
        Errors   = @($all | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        Thrown   = $thrown
        Verbose  = $verbose
        Requests = @($verbose -match '^\w+ s3://')
    }
}

# The requests that a script block makes the server see: LocalS3 has a log of them, for others the module's own word must do.
function Get-SentRequest([scriptblock] $Run) {
    if ($Server.Lacks.RequestLog) { return (Watch-Run $Run).Requests }
    $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests"
    $null = Watch-Run $Run
    @(Get-LocalS3Request $Server.Http).Target
}

# An object as it is after a journey through Clixml, a job or a remote session.
function Copy-AsText($InputObject) {
    [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($InputObject))
}

function Get-ErrorName([Management.Automation.ErrorRecord] $ErrorRecord) { ($ErrorRecord.FullyQualifiedErrorId -split ',')[0] }

# All that a user reads of an error: what happened, and what to do about it.
function Get-ErrorText([Management.Automation.ErrorRecord] $ErrorRecord) { "$ErrorRecord $($ErrorRecord.ErrorDetails.RecommendedAction)" }

# What the server itself says it holds: the first thousand uploads in progress of a bucket, and the first thousand parts of one.
function Get-StoredUpload([string] $Bucket, [string] $Prefix = '') {
    $list = [xml](Invoke-S3 @{ Endpoint = $Server.Http; Bucket = $Bucket; Query = @{ uploads = ''; prefix = $Prefix } })
    @($list.SelectNodes("//*[local-name()='Upload']") | ForEach-Object { [pscustomobject]@{ Key = $_.Key; UploadId = $_.UploadId } })
}

function Get-StoredPart($Upload) {
    $list = [xml](Invoke-S3 @{
        Endpoint = $Server.Http
        Bucket = $Upload.BucketName
        Key = $Upload.Key
        Query = @{ uploadId = $Upload.UploadId }
    })
    @($list.SelectNodes("//*[local-name()='Part']") | ForEach-Object {
        [pscustomobject]@{ PartNumber = [int]$_.PartNumber; Size = [long]$_.Size; ETag = $_.ETag }
    })
}

# For what one case of a test needs; what all of its cases need is its tag.
function Skip-Without([string] $Feature) { if ($Server.Lacks.$Feature) { Set-ItResult -Skipped -Because $Server.Lacks.$Feature } }

# What a script block emits, and the requests that LocalS3 saw meanwhile, with their headers; other servers keep no such record.
function Watch-Wire([scriptblock] $Run) {
    if (-not $Server.Lacks.RequestLog) { $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests" }
    $output = @(& $Run)
    [pscustomobject]@{
        Output = $output
        Requests = @(if (-not $Server.Lacks.RequestLog) { Get-LocalS3Request $Server.Http | ForEach-Object { $_ } })
    }
}

# Fails unless the script block ends in this error and no server has heard of it.
function Assert-Refused([string] $ErrorId, [scriptblock] $Run) {
    if (-not $Server.Lacks.RequestLog) { $null = Invoke-RestMethod -Method Delete "$($Server.Http)/_/requests" }
    $seen = Watch-Run $Run
    $failures = @(@($seen.Errors) + @($seen.Thrown) | Where-Object { $_ })
    $failures | Should -HaveCount 1
    Get-ErrorName $failures[0] | Should -BeExactly $ErrorId
    $seen.Output | Should -BeNullOrEmpty
    $seen.Requests | Should -BeNullOrEmpty
    if (-not $Server.Lacks.RequestLog) { @(Get-LocalS3Request $Server.Http) | Should -BeNullOrEmpty }
}

# The headers of an object, as HEAD tells them.
function Get-ObjectHeader([string] $Bucket, [string] $Key, [hashtable] $Headers = @{}, [string] $Endpoint = $Server.Http) {
    $response = Send-S3Request -Endpoint $Endpoint -Method HEAD -Bucket $Bucket -Key $Key -Headers $Headers
    try {
        $null = $response.EnsureSuccessStatusCode()
        $found = @{}
        foreach ($header in $response.Headers.NonValidated) { $found[$header.Key] = "$($header.Value)" }
        foreach ($header in $response.Content.Headers.NonValidated) { $found[$header.Key] = "$($header.Value)" }
        $found
    }
    finally { $response.Dispose() }
}

# A setting of a bucket, such as its lifecycle, as XML.
function Set-BucketSetting([string] $Bucket, [string] $Name, [string] $Xml, [string] $Endpoint = $Server.Http) {
    $body = [Text.Encoding]::UTF8.GetBytes($Xml)
    $null = Invoke-S3 @{
        Endpoint = $Endpoint; Method = 'PUT'; Bucket = $Bucket; Query = @{ $Name = '' }; Body = $body
        Headers = @{ 'Content-MD5' = [Convert]::ToBase64String([Security.Cryptography.MD5]::HashData($body)) }
    }
}

# What S3 decodes a metadata value to: the encoded words of RFC 2047, with the space between two of them gone.
function ConvertFrom-EncodedWord([string] $Text) {
    if ($Text -notmatch '^=\?UTF-8\?B\?') { return $Text }
    $bytes = foreach ($word in $Text -split ' ') {
        if ($word -notmatch '^=\?UTF-8\?B\?([^?]*)\?=$' -or $word.Length -gt 75) { throw "'$word' is no encoded word" }
        [Convert]::FromBase64String($Matches[1])
    }
    [Text.Encoding]::UTF8.GetString([byte[]]@($bytes))
}

# A script in a process for which the host names of Amazon S3 lead to a LocalS3; a process has one proxy. Its script sees the module.
function Invoke-AtAmazon([string] $Script, [hashtable] $Arguments = @{}, $At = $Server) {
    $module = Join-Path $ModulePath 'S3Multipart.psd1'
    $variables = @{ HTTPS_PROXY = $At.Proxy; SSL_CERT_FILE = $At.CaFile; AWS_REGION = $env:AWS_REGION }
    Invoke-ShellScript "param(`$ModulePath, `$a) Import-Module '$module'`n$Script" @{ ModulePath = $ModulePath; a = $Arguments } $variables
}

# Skips the rest of a test in wine, which runs the Windows build of PowerShell on Linux and is not Windows in everything.
function Skip-UnderWine([string] $Because) {
    if ($env:WINEPREFIX) { Set-ItResult -Skipped -Because "under wine $Because" }
}
