# How much processor time a process and all that it has started took. It tells where the tests can be made faster also while other programs
# use the machine.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

function Get-ProcessorTime {
    <# .SYNOPSIS The seconds of a process, of those below it and of those below it that ended; nothing on other systems than Linux. #>
    param([int] $Id = $PID)
    if (-not $IsLinux) { return }
    $times, $below = @{}, @{}
    foreach ($folder in [IO.Directory]::EnumerateDirectories('/proc')) {
        if ($folder -notmatch '/(\d+)$') { continue }
        $process = [int]$Matches[1]
        # It may be gone by now.
        try { $text = [IO.File]::ReadAllText("$folder/stat") } catch { continue }
        # The name of the program, in brackets, may have blanks in it.
        $fields = $text.Substring($text.LastIndexOf(')') + 2).Split(' ')
        # In hundredths of a second: its own, and those of its children that ended.
        $times[$process] = ([long]$fields[11] + [long]$fields[12] + [long]$fields[13] + [long]$fields[14]) / 100
        $below[[int]$fields[1]] += @($process)
    }

    $sum, $left = 0.0, [Collections.Generic.Queue[int]]::new([int[]]@($Id))
    while ($left.Count) {
        $process = $left.Dequeue()
        $sum += $times[$process]
        foreach ($one in $below[$process]) { $left.Enqueue($one) }
    }
    $sum
}

Export-ModuleMember -Function Get-ProcessorTime
