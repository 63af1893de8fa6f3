# What the runs say: medians, marginal costs, a table, a plot, and the ratios that are demanded.

Import-Module (Join-Path $PSScriptRoot 'Measure.psm1')

function Get-Summary {
    <#
    .SYNOPSIS One line for each case and client: medians, and the cost per GiB beyond the client's start-up.
    #>
    param([Parameter(Mandatory)] [psobject[]] $Case, [AllowEmptyCollection()] [psobject[]] $Run)
    $medians = @{}
    foreach ($group in $Run | Group-Object Case, Client) {
        $first = $group.Group[0]
        $medians["$($first.Case)/$($first.Client)"] = [pscustomobject]@{
            Cpu = Get-Median $group.Group.Cpu; Wall = Get-Median $group.Group.Wall; PeakMB = Get-Median $group.Group.PeakMB
            ServerCpu = Get-Median $group.Group.ServerCpu; Bytes = $first.Bytes; Files = $first.Files
        }
    }

    foreach ($one in $Case) {
        foreach ($client in $one.Clients) {
            if (-not ($m = $medians["$($one.Name)/$client"])) { continue }
            # A variant of the module starts as the module does.
            $start = $medians["start-$($one.Scheme)/$client"] ?? $medians["start-$($one.Scheme)/$(($client -split ' ')[0])"]
            $isStart = $one.Name -like 'start-*' -or $client -eq 'idle' -or -not $start
            # Where start-up is most of the wall time, what is left of it says nothing about a rate.
            $wall = if (-not $isStart -and $start.Wall -lt $m.Wall / 2) { $m.Wall - $start.Wall }
            [pscustomobject]@{
                Case = $one.Name
                Client = $client
                Cpu = $m.Cpu
                Wall = $m.Wall
                PeakMB = $m.PeakMB
                ServerCpu = $m.ServerCpu
                Bytes = $m.Bytes
                PerGiB = if (-not $isStart) { ($m.Cpu - $start.Cpu) / ($m.Bytes / 1GB) }
                MBps = if ($wall) { $m.Bytes / 1e6 / $wall }
                RequestsPerSecond = if ($wall) { ($client -in 'floor put', 'S3Multipart send' ? 1 : 3) * $m.Files / $wall }
            }
        }
    }
}

function Format-Figure($Value, [string] $Format) {
    if ($null -eq $Value) { '-' } else { ([double]$Value).ToString($Format, [cultureinfo]::InvariantCulture) }
}

function Format-CaseTable {
    <# .SYNOPSIS The table of one case, as lines of Markdown that are aligned for reading as text too. #>
    param([Parameter(Mandatory)] [psobject] $Case, [Parameter(Mandatory)] [psobject[]] $Line)
    $floor = $Line | Where-Object Client -EQ floor
    $rows = @(, @('client', 'cpu s', 'cpu s/GiB', 'of floor', 'wall s', 'MB/s', 'peak MB', 'endpoint cpu s'))
    foreach ($l in $Line) {
        $ratio = if ($floor -and $null -ne $l.PerGiB -and $floor.PerGiB -gt 0) { $l.PerGiB / $floor.PerGiB }
        $rows += , @($l.Client, (Format-Figure $l.Cpu f2), (Format-Figure $l.PerGiB f2), (Format-Figure $ratio f2),
            (Format-Figure $l.Wall f2),
            (Format-Figure $l.MBps f0), (Format-Figure $l.PeakMB f0), (Format-Figure $l.ServerCpu f2))
    }
    $widths = 0..7 | ForEach-Object { $column = $_; ($rows | ForEach-Object { $_[$column].Length } | Measure-Object -Maximum).Maximum }
    "**$($Case.Name)**: $($Case.Title)"
    ''
    foreach ($r in 0..($rows.Count - 1)) {
        $cells = 0..7 | ForEach-Object { if ($_) { $rows[$r][$_].PadLeft($widths[$_]) } else { $rows[$r][$_].PadRight($widths[$_]) } }
        '| ' + ($cells -join ' | ') + ' |'
        if ($r -eq 0) {
            '| ' + ((0..7 | ForEach-Object { if ($_) { '-' * ($widths[$_] - 1) + ':' } else { '-' * $widths[$_] } }) -join ' | ') + ' |'
        }
    }
    ''
}

function Format-Plot {
    <# .SYNOPSIS A bar for each client of each case: processor seconds per GiB, all to one scale. #>
    param([AllowEmptyCollection()] [psobject[]] $Summary)
    $shown = @($Summary | Where-Object { $null -ne $_.PerGiB })
    if (-not $shown) { return }
    $most = ($shown.PerGiB | Measure-Object -Maximum).Maximum
    $width = ($shown.Client | Measure-Object Length -Maximum).Maximum
    "processor seconds of the client per GiB (the longest bar is $(Format-Figure $most f2))"
    foreach ($group in $shown | Group-Object Case) {
        ''
        $group.Name
        foreach ($l in $group.Group) {
            "  $($l.Client.PadRight($width)) $('#' * [Math]::Max(1, [Math]::Round(60 * $l.PerGiB / $most))) $(Format-Figure $l.PerGiB f2)"
        }
    }
}

function Get-Demand {
    <#
    .SYNOPSIS What the module promises, each with the figure of this run: met, missed, no bound, or not measured.
    #>
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [psobject[]] $Summary, [string[]] $Crc, [string] $Correctness)
    $by = @{}
    foreach ($l in $Summary) { $by["$($l.Case)/$($l.Client)"] = $l }
    $ratio = {
        param($what, $case, $client, $to, $property, $atMost, $atLeast)
        $a = $by["$case/$client"].$property
        $b = $by["$case/$to"].$property
        $value = if ($a -and $b) { $a / $b }
        $detail = if ($null -ne $value) { "$(Format-Figure $a f2) / $(Format-Figure $b f2)" }
        New-Demand $what $value $atMost $atLeast '' $detail
    }
    & $ratio 'https, 4 GiB: cost, of the floor' one-https S3Multipart floor PerGiB 1.25
    & $ratio 'https, 4 GiB, by the names of Amazon S3: cost, of the floor' one-https 'S3Multipart amazon' floor PerGiB 1.25
    & $ratio 'https, 4 GiB: cost, of TransferUtility' one-https S3Multipart TransferUtility PerGiB 0.2
    & $ratio 'http signed, 4 GiB: cost, of TransferUtility' one-http S3Multipart TransferUtility PerGiB 0.25
    & $ratio 'http signed, 4 GiB: cost, of the floor' one-http S3Multipart floor PerGiB 2.1
    & $ratio 'http unsigned, 4 GiB: cost, of the floor' one-http 'S3Multipart unsigned' floor PerGiB 1.3
    foreach ($scheme in 'http', 'https') {
        & $ratio "$scheme, 4 GiB: cost, of AWS's C client" "one-$scheme" S3Multipart 'aws crt' PerGiB 1
    }
    foreach ($shell in @{ Name = ''; Most = 0.2 }, @{ Name = ' tool'; Most = 0.5 }) {
        $ours, $bare = 'S3Multipart', 'bare shell' | ForEach-Object { $by["start-http/$_$($shell.Name)"].Cpu }
        New-Demand "a first file of 1 KiB: processor time over that of the $($shell.Name ? ".NET tool's" : 'installed') PowerShell" `
            ($ours -and $bare ? $ours - $bare : $null) $shell.Most $null ' s' "$(Format-Figure $ours f2) - $(Format-Figure $bare f2)"
    }
    foreach ($scheme in 'http', 'https') {
        & $ratio "$scheme, 500 files of 6 MiB: cost, of TransferUtility" "many-$scheme" S3Multipart TransferUtility PerGiB (1 / 3)
        & $ratio "$scheme, 500 files of 6 MiB: wall time, of TransferUtility" "many-$scheme" S3Multipart TransferUtility Wall 0.5
    }
    $fast = $by['throttled/S3Multipart unsigned'].MBps
    New-Demand 'throttled endpoint: rate, of 16 x 90 MB/s (where the processor allows)' `
        ($fast ? $fast / 1440 : $null) $null 0.95 '' "$(Format-Figure $fast f0) MB/s"
    if ($fast) {
        # A connection is idle while a response is held back: for Create, after each part, and for Complete.
        $bytes = $by['throttled/S3Multipart unsigned'].Bytes
        $ideal = $bytes / 1e6 / (0.06 + [Math]::Ceiling($bytes / 16MB / 16) * (16MB / 90e6 + 0.03))
        New-Demand 'throttled endpoint: rate, of the best possible with parts of 16 MiB' `
            ($fast / $ideal) $null (1 / 1.07) '' "$(Format-Figure $fast f0) / $(Format-Figure $ideal f0) MB/s"
    }
    & $ratio 'throttled endpoint: rate, of the floor' throttled 'S3Multipart unsigned' floor MBps $null 0.9
    $idle = $by['memory/idle'].PeakMB
    $peak = $by['memory/S3Multipart'].PeakMB
    New-Demand 'memory above an idle pwsh, ThrottleLimit 16, parts of 512 MiB' `
        ($peak -and $idle ? $peak - $idle : $null) 64 $null ' MB' "$(Format-Figure $peak f0) - $(Format-Figure $idle f0)"
    foreach ($line in $Crc) {
        $name, $path, $speed = -split $line
        $least = if ($path -eq 'vector' -and $name -in 'CRC64NVME', 'CRC32') { 8 }
        New-Demand "$name of 1 GiB, $path path, one core" ([double]::Parse($speed, [cultureinfo]::InvariantCulture)) $null $least ' GB/s'
    }
    & $ratio '5,000 files of 64 KiB: requests per second, of plain HttpClient' small-http S3Multipart floor RequestsPerSecond $null 0.7
    & $ratio '5,000 files of 64 KiB by Send-S3File: requests per second, of plain HttpClient' small-http 'S3Multipart send' 'floor put' `
        RequestsPerSecond $null 0.9
    foreach ($client in 'TransferUtility', 'aws', 'aws crt', 'rclone') {
        & $ratio "5,000 files of 64 KiB by Send-S3File: wall time, of $client" small-http 'S3Multipart send' $client Wall 1
        & $ratio "5,000 files of 64 KiB by Send-S3File: processor time, of $client" small-http 'S3Multipart send' $client Cpu 1
    }
    foreach ($client in 'S3Multipart resume', 'S3Multipart send') {
        New-Demand "10,000 unchanged files of 1 MiB, ${client}: wall time" $by["unchanged-http/$client"].Wall 60 $null ' s'
    }
    & $ratio 'progress shown: processor time, of the same with none' one-http 'S3Multipart progress' S3Multipart Cpu
    [pscustomobject]@{
        Demand = 'every measured upload read back once and compared'
        Figure = $Correctness
        Bound = ''
        Verdict = $Correctness -like '*all identical*' ? 'met' : ($Correctness -like 'not*' ? 'not measured' : 'missed')
    }
}

function New-Demand([string] $What, $Value, $AtMost, $AtLeast, [string] $Unit, [string] $Detail) {
    $verdict = if ($null -eq $Value) { 'not measured' }
        elseif ($null -ne $AtMost) { $Value -le $AtMost ? 'met' : 'missed' }
        elseif ($null -ne $AtLeast) { $Value -ge $AtLeast ? 'met' : 'missed' }
        else { 'no bound' }
    $figure = if ($null -ne $Value) { "$(Format-Figure $Value f2)$Unit$(if ($Detail) { " ($Detail)" })" } else { '-' }
    $bound = if ($null -ne $AtMost) {
        "at most $(Format-Figure $AtMost 0.##)$Unit"
    }
    elseif ($null -ne $AtLeast) {
        "at least $(Format-Figure $AtLeast 0.##)$Unit"
    }
    else {
        ''
    }
    [pscustomobject]@{ Demand = $What; Figure = $figure; Bound = $bound; Verdict = $verdict }
}

function Get-MachineText {
    <# .SYNOPSIS The machine and what runs on it, in lines. #>
    $model = if (Test-Path /proc/cpuinfo) {
        (Select-String -Path /proc/cpuinfo -Pattern '^model name\s*:\s*(.+)' | Select-Object -First 1).Matches.Groups[1].Value
    }
    $memory = [GC]::GetGCMemoryInfo().TotalAvailableMemoryBytes / 1GB
    ("$model, $([Environment]::ProcessorCount) processors, $(Format-Figure $memory f0) GiB; " +
        "$([Runtime.InteropServices.RuntimeInformation]::OSDescription); PowerShell $($PSVersionTable.PSVersion); .NET SDK " +
        "$(dotnet --version)")
}

Export-ModuleMember -Function Get-Summary, Format-CaseTable, Format-Plot, Get-Demand, Get-MachineText
