# Runs a client as a process of its own and tells what it cost.

$s_time = Get-Command gtime, /usr/bin/time -CommandType Application -ErrorAction Ignore |
    Where-Object { (& $_.Source --version 2>&1 | Out-String) -match 'GNU' } | Select-Object -First 1 -ExpandProperty Source

function ConvertTo-ShellWord([string] $Text) { "'" + $Text.Replace("'", "'\''") + "'" }

function Read-Terminal([Diagnostics.Process] $Process) {
    # .NET asks a terminal where its cursor is and waits for seconds if nobody answers.
    $text = [Text.StringBuilder]::new()
    $buffer = [char[]]::new(4096)
    $answered = 0
    while (($count = $Process.StandardOutput.Read($buffer, 0, $buffer.Length)) -gt 0) {
        $null = $text.Append($buffer, 0, $count)
        for ($asked = [regex]::Matches($text.ToString(), '\e\[6n').Count; $answered -lt $asked; $answered++) {
            $Process.StandardInput.Write("`e[1;1R")
        }
        $Process.StandardInput.Flush()
    }
    $text.ToString()
}

function Measure-Client {
    <#
    .SYNOPSIS
    Runs a command and returns its Cpu (user and system seconds), Wall seconds, PeakMB, and Failure, which is null when all went well.
    .DESCRIPTION
    The figures are the system's own for the ended process, by GNU time where it is installed. -Feed writes a file into -Pipe while the
    command runs; -Terminal gives the command a terminal to show its progress on.
    #>
    param(
        [Parameter(Mandatory)] [string[]] $Command,
        [hashtable] $Environment = @{},
        [string] $Feed,
        [string] $Pipe,
        [switch] $Terminal,
        [int] $TimeoutSeconds = 900
    )

    $figures = [IO.Path]::GetTempFileName()
    $line = if ($s_time) { @($s_time, '-o', $figures, '-f', '%U %S %e %M', '--') + $Command } else { $Command }
    if ($Feed) {
        $line = @(
            'bash', '-c', "timeout $TimeoutSeconds sh -c 'cat `"`$0`" > `"`$1`"' `"`$0`" `"`$1`" & shift; exec `"`$@`"", $Feed, $Pipe
        ) + $line
    }
    if ($Terminal) {
        $words = ($line | ForEach-Object { ConvertTo-ShellWord $_ }) -join ' '
        $line = 'script', '-qec', "stty cols 120 rows 40; TERM=xterm timeout $TimeoutSeconds $words", '/dev/null'
    }

    $start = [Diagnostics.ProcessStartInfo]@{
        FileName = $line[0]
        RedirectStandardOutput = $true
        RedirectStandardError = $true
        RedirectStandardInput = $true
    }
    foreach ($word in $line | Select-Object -Skip 1) { $start.ArgumentList.Add($word) }
    foreach ($name in 'http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY') {
        $null = $start.Environment.Remove($name)
    }
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    try {
        $err = $process.StandardError.ReadToEndAsync()
        $out = if ($Terminal) {
            [Threading.Tasks.Task]::FromResult((Read-Terminal $process))
        }
        else {
            $process.StandardOutput.ReadToEndAsync()
        }
        $process.StandardInput.Close()
        $ended = $process.WaitForExit($TimeoutSeconds * 1000)
        if (-not $ended) { $process.Kill($true) }
        $wall = $clock.Elapsed.TotalSeconds
        $failure = if (-not $ended) { "it took more than $TimeoutSeconds s" }
            elseif ($process.ExitCode -ne 0) {
                ("exit code $($process.ExitCode): " +
                    "$((($err.Result + ' ' + $out.Result).Trim() -replace '\s+', ' ') -replace '(?<=^.{400}).+')")
            }
        $numbers = if ($s_time) { -split (Get-Content $figures -Tail 1) }
        [pscustomobject]@{
            Cpu = if ($s_time) { [double]$numbers[0] + [double]$numbers[1] } else { $process.TotalProcessorTime.TotalSeconds }
            Wall = if ($s_time) { [double]$numbers[2] } else { $wall }
            PeakMB = if ($s_time) { [double]$numbers[3] / 1024 } else { $process.PeakWorkingSet64 / 1MB }
            Failure = $failure
        }
    }
    finally {
        $process.Dispose()
        Remove-Item $figures
    }
}

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    $middle = [Math]::Floor($sorted.Count / 2)
    if ($sorted.Count % 2) { $sorted[$middle] } else { ($sorted[$middle - 1] + $sorted[$middle]) / 2 }
}

Export-ModuleMember -Function Measure-Client, Get-Median
