# The files that the screens send, and a store in which uploads were forgotten long ago.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

function New-ScreenFile {
    <# .SYNOPSIS Makes the files of the screens, always with the same bytes, and returns their folder. #>
    param([Parameter(Mandatory)] [string] $Path)
    $files = Join-Path $Path 'files'
    $sizes = [ordered]@{
        'alpine-3.22.iso' = 24MB; 'debian-13.iso' = 180MB; 'fedora-43.iso' = 120MB; 'ubuntu-26.04.iso' = 240MB; 'vm.vhdx' = 160MB
        'images/database.bak' = 90MB; 'images/notes.txt' = 3KB; 'images/web/a.vhdx' = 32MB; 'images/web/b.vhdx' = 64MB
        'images/写真/東京.jpg' = 7MB
    }
    $block = [byte[]]::new(1MB)
    [Random]::new(1).NextBytes($block)
    $number = 0
    foreach ($name in $sizes.Keys) {
        $file = Join-Path $files $name
        $null = New-Item -ItemType Directory (Split-Path $file) -Force
        $stream = [IO.File]::Create($file)
        try {
            for ($left = $sizes[$name]; $left -gt 0; $left -= $block.Length) {
                # No two blocks are the same, so that no two parts are.
                [BitConverter]::GetBytes($number++).CopyTo($block, 0)
                $stream.Write($block, 0, [Math]::Min($left, $block.Length))
            }
        }
        finally { $stream.Dispose() }
    }
    $files
}

function New-OrphanFolder {
    <#
    .SYNOPSIS
    Begins uploads on a server, and returns the folder of another server whose uploads have the ages and sizes of forgotten ones: the
    records are changed before it starts, because no client can begin an upload in the past.
    #>
    param([Parameter(Mandatory)] [psobject] $Server, [Parameter(Mandatory)] [string] $Path)
    $to = @{ EndpointUrl = $Server.Http; AccessKey = 'testaccess'; SecretKey = 'testsecret' }
    $uploads = @(
        @{ Bucket = 'backups'; Key = 'nightly/db-full.bak'; Days = 211; Size = 1800GB }
        @{ Bucket = 'backups'; Key = 'nightly/db-logs.bak'; Days = 137; Size = 640GB }
        @{ Bucket = 'media'; Key = 'raw/interview-4.mov'; Days = 64; Size = 212GB }
        @{ Bucket = 'media'; Key = '写真/東京.zip'; Days = 23; Size = 40GB }
    )
    $null = New-TestBucket -Endpoint $Server.Http -Name media
    $folder = Join-Path $Path 'orphans'
    foreach ($one in $uploads) {
        $upload = New-S3MultipartUpload $one.Bucket $one.Key @to
        $null = Add-S3UploadPart -Upload $upload -Value ([byte[]](1..100)) -PartNumber 1
        $one.Id = $upload.UploadId
    }
    Copy-Item -LiteralPath $Server.Folder $folder -Recurse
    foreach ($one in $uploads) {
        $record = Join-Path $folder 'buckets' $one.Bucket 'uploads' $one.Id
        $file = Join-Path $record 'upload.json'
        $json = Get-Content -LiteralPath $file -Raw | ConvertFrom-Json -AsHashtable
        $json.Initiated = [DateTime]::UtcNow.AddDays(-$one.Days)
        $json | ConvertTo-Json | Set-Content -LiteralPath $file
        # A part has at most 5 GiB.
        $journal = Join-Path $record 'parts.jsonl'
        $part = Get-Content -LiteralPath $journal -Raw | ConvertFrom-Json -AsHashtable
        $part.Size = 4GB
        1..[int]($one.Size / 4GB) | ForEach-Object { $part.PartNumber = $_; $part | ConvertTo-Json -Compress } |
            Set-Content -LiteralPath $journal
    }
    $folder
}

Export-ModuleMember -Function New-ScreenFile, New-OrphanFolder
