using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace S3Multipart.TestTools;

/// <summary>A store that knows no part (404), and whose responses come in two pieces: the head, and a moment later the body.</summary>
public sealed partial class SlowBodyStore : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _creations;

    /// <summary>Begins to listen.</summary>
    public SlowBodyStore()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>How many uploads were begun.</summary>
    public int Creations => Volatile.Read(ref _creations);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            NetworkStream stream = client.GetStream();
            using BufferedStream reader = new(stream);
            while (await ReadHeadAsync(reader) is { } head)
            {
                Match length = ContentLength().Match(head);
                byte[] body = new byte[length.Success ? int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture) : 0];
                await reader.ReadExactlyAsync(body);
                bool creates = head.StartsWith("POST", StringComparison.Ordinal);
                string id = creates ? $"id-{Interlocked.Increment(ref _creations)}" : "";
                string xml = creates
                    ? $"<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
                    : "<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>";
                string status = creates ? "200 OK" : "404 Not Found";
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {xml.Length}\r\n\r\n"));
                await Task.Delay(head.Contains("partNumber=1&", StringComparison.Ordinal) ? 1 : 20);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(xml));
            }
        }
    }

    private static async Task<string?> ReadHeadAsync(BufferedStream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            _ = head.Append((char)one[0]);
        }

        return head.ToString();
    }

    [GeneratedRegex(@"^content-length:\s*(\d+)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ContentLength();
}
