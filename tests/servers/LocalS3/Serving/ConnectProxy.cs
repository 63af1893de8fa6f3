using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LocalS3.Serving;

/// <summary>
/// An HTTP proxy that connects CONNECT to any host with this server's own TLS port. A client with HTTPS_PROXY set to it uses the real host
/// names of Amazon S3, in TLS and in signatures, and still reaches this server.
/// </summary>
internal sealed class ConnectProxy(int tlsPort) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public string Start()
    {
        _listener.Start();
        _ = AcceptAsync();
        return $"http://{_listener.LocalEndpoint}";
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient accepted = await _listener.AcceptTcpClientAsync();
            _ = Task.Run(() => ServeAsync(accepted));
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using TcpClient client = accepted;
        using TcpClient server = new();
        try
        {
            client.NoDelay = server.NoDelay = true;
            NetworkStream from = client.GetStream();
            string head = await ReadHeadAsync(from);
            if (!head.StartsWith("CONNECT ", StringComparison.Ordinal))
            {
                await from.WriteAsync("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                return;
            }

            await server.ConnectAsync(IPAddress.Loopback, tlsPort);
            await from.WriteAsync("HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray());
            NetworkStream to = server.GetStream();
            await Task.WhenAny(from.CopyToAsync(to), to.CopyToAsync(from));
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // One side has closed its connection.
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (head.Length < 8192 && await stream.ReadAsync(one) == 1)
        {
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                break;
        }

        return head.ToString();
    }
}
