# Runs scripts one after the other, each in a session of its own within this process, until the standard input ends. A line of the input is
# base64 of JSON with Script and Arguments; the response to it is a line of JSON with the script's last object as Result, or an Error.
$start = "`$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'"
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $request = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)) | ConvertFrom-Json -AsHashtable
    $shell = [PowerShell]::Create()
    try {
        $null = $shell.AddScript($start).AddStatement().AddScript($request.Script).AddParameters($request.Arguments)
        $response = @{ Result = $shell.Invoke() | Select-Object -Last 1; Error = "$($shell.Streams.Error)" }
    }
    catch { $response = @{ Error = "$_" } }
    finally { $shell.Dispose() }
    [Console]::Out.WriteLine('ANSWER' + ($response | ConvertTo-Json -Compress -Depth 5))
}
