param([string] $ModulePath)

BeforeAll {
    . "$PSScriptRoot/../common.ps1" -ModulePath $ModulePath

    # A store that knows no part (404), and whose responses come in two pieces: the head, and a moment later the body.
    Add-Type -TypeDefinition @'
using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

public sealed class SlowBodyStore : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _creations;

    public SlowBodyStore() { _listener.Start(); _ = AcceptAsync(); }
    public string Url => $"http://{_listener.LocalEndpoint}";
    public int Creations => Volatile.Read(ref _creations);
    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            NetworkStream stream = client.GetStream();
            BufferedStream reader = new(stream);
            while (await ReadHeadAsync(reader) is string head)
            {
                Match length = Regex.Match(head, @"(?im)^content-length:\s*(\d+)");
                byte[] body = new byte[length.Success ? int.Parse(length.Groups[1].Value) : 0];
                await reader.ReadExactlyAsync(body);
                bool creates = head.StartsWith("POST", StringComparison.Ordinal);
                string id = creates ? $"id-{Interlocked.Increment(ref _creations)}" : "";
                string xml = creates
                    ? $"<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
                    : "<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>";
                string status = creates ? "200 OK" : "404 Not Found";
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {xml.Length}\r\n\r\n"));
                await Task.Delay(head.Contains("partNumber=1&") ? 1 : 20);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(xml));
            }
        }
    }

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0) return null;
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
'@
    $store = [SlowBodyStore]::new()
    $file = "$TestDrive/file.bin"
    [IO.File]::Create($file).Dispose()
    $stream = [IO.File]::OpenWrite($file)
    $stream.SetLength(20MB)
    $stream.Dispose()
}

AfterAll { $store.Dispose() }

Describe 'A pipeline that a failure has ended while other requests were in flight' {
    It 'leaves no connection behind on which a later request reads the response of an earlier one' {
        # In a session of its own: a request that waits for a response which another one has taken never returns.
        $shell = [PowerShell]::Create().AddScript({
            param($module, $url, $file)
            Import-Module $module
            $ProgressPreference = 'SilentlyContinue'
            foreach ($round in 1..12) {
                $upload = New-S3MultipartUpload bucket "k$round" -LiteralPath $file -PartSize 5MB -EndpointUrl $url -AccessKey a `
                    -SecretKey s
                $upload.UploadId
                try { $upload | Add-S3UploadPart -ErrorAction Stop } catch { $_.Exception.ErrorCode }
            }
        })
        $running = $shell.AddArgument((Join-Path $ModulePath 'S3Multipart.psd1')).AddArgument($store.Url).AddArgument($file).BeginInvoke()
        try {
            $running.AsyncWaitHandle.WaitOne(20000) | Should -BeTrue -Because 'every request is answered at once'
            $shell.EndInvoke($running) | Should -BeExactly (1..12 | ForEach-Object { "id-$_"; 'NoSuchUpload' })
        }
        finally { $null = $shell.BeginStop($null, $null) }

        # A request that had to be repeated would have begun an upload that nobody knows of, and S3 bills it.
        $store.Creations | Should -Be 12
    }
}
