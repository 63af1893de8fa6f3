using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LocalS3.Control;

/// <summary>
/// An HTTP proxy that takes CONNECT for any host and leads it to this endpoint's own TLS port. With HTTPS_PROXY set to it, a client
/// reaches the real host names of Amazon S3 here, with TLS and signatures for those names, and nothing leaves the machine.
/// </summary>
internal sealed class ConnectProxy(int port, int tlsPort) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port);

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
            TcpClient client = await _listener.AcceptTcpClientAsync();
            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient near = client;
        using TcpClient far = new();
        try
        {
            near.NoDelay = far.NoDelay = true;
            NetworkStream from = near.GetStream();
            string head = await ReadHeadAsync(from);
            if (!head.StartsWith("CONNECT ", StringComparison.Ordinal))
            {
                await from.WriteAsync("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                return;
            }

            await far.ConnectAsync(IPAddress.Loopback, tlsPort);
            await from.WriteAsync("HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray());
            NetworkStream to = far.GetStream();
            await Task.WhenAny(from.CopyToAsync(to), to.CopyToAsync(from));
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // One of the two sides has gone, and with it the tunnel.
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
