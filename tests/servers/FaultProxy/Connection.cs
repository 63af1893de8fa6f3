using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace FaultProxy;

/// <summary>One client's connection and the one to the server that goes with it; bytes are relayed until a fault befalls them.</summary>
internal sealed partial class Connection(Socket client, int serverPort, FaultTable table) : IDisposable
{
    private const int ChunkSize = 64 * 1024;

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FaultRule? _fault;
    private long _asked;
    private long _answered;
    private bool _isMute;
    private bool _isTaken;

    public async Task RunAsync()
    {
        table.Opened(this);
        try
        {
            client.NoDelay = true;
            Begin(table.Strike(line: null));
            if (_fault?.Action == "refuse")
            {
                table.Struck(_fault);
                Reset();
                return;
            }
            await _server.ConnectAsync(IPAddress.Loopback, serverPort);
            await Task.WhenAll(GuardAsync(UpAsync), GuardAsync(DownAsync));
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // Where no server listens, the client is refused too.
            Reset();
        }
        finally
        {
            table.Closed(this);
            Dispose();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    /// <summary>Ends both sides with a reset.</summary>
    public void Reset()
    {
        foreach (Socket socket in (Socket[])[client, _server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception gone) when (IsGone(gone))
            {
                // It has ended already.
            }
            socket.Dispose();
        }
        _ended.TrySetResult();
    }

    private async Task GuardAsync(Func<Task> relay)
    {
        try
        {
            await relay();
        }
        catch (Exception gone) when (IsGone(gone))
        {
            Reset();
        }
    }

    private void Begin(FaultRule? fault) => (_fault, _asked, _answered, _isTaken) = (fault, 0, 0, false);

    private async Task UpAsync()
    {
        byte[] buffer = new byte[ChunkSize];
        while (await client.ReceiveAsync(buffer) is > 0 and int count)
        {
            Memory<byte> chunk = buffer.AsMemory(0, count);
            table.Moved(count, 0);
            if (FirstLine(chunk.Span) is { } line)
            {
                // A connection's own fault goes on until one of its requests has one.
                if (table.Strike(line) is { } fault)
                    Begin(fault);
                else if (_fault?.Request is not null)
                    Begin(null);
                if (_fault?.Action == "answer")
                    _ = GuardAsync(() => AnswerAsync(_fault));
            }
            await PassAsync(chunk);
        }
        _server.Shutdown(SocketShutdown.Send);
    }

    private async Task PassAsync(Memory<byte> chunk)
    {
        FaultRule? fault = _fault;
        switch (fault?.Action)
        {
            case "answer":
                return;
            case "delay" when Take(fault):
                await Task.Delay(fault.Ms);
                break;
            case "rate":
                Take(fault);
                await Task.Delay(TimeSpan.FromSeconds((double)chunk.Length / fault.BytesPerSecond));
                break;
            case "reset" or "half-close" or "black-hole" or "hold" when !_isTaken && _asked + chunk.Length >= fault.After:
                int before = (int)(fault.After - _asked);
                await SendUpAsync(chunk[..before]);
                chunk = chunk[before..];
                await EndAsync(fault);
                break;
        }
        await SendUpAsync(chunk);
    }

    /// <summary>Whether the fault takes place now, as it does once for each request or connection.</summary>
    private bool Take(FaultRule fault)
    {
        if (_isTaken)
            return false;
        table.Struck(fault);
        return _isTaken = true;
    }

    private async Task EndAsync(FaultRule fault)
    {
        Task released = table.Released;
        Volatile.Write(ref _isMute, true);
        Take(fault);
        switch (fault.Action)
        {
            case "reset":
                Reset();
                break;
            case "half-close":
                client.Shutdown(SocketShutdown.Send);
                break;
            case "hold":
                // Nothing is read meanwhile, so that what the client has still to send waits in the client.
                await Task.WhenAny(released, _ended.Task);
                Volatile.Write(ref _isMute, false);
                break;
            default:
                await SwallowAsync();
                break;
        }
    }

    /// <summary>Takes what the client sends to nowhere, until it leaves; the server then sees it leave too.</summary>
    private async Task SwallowAsync()
    {
        byte[] buffer = new byte[ChunkSize];
        while (await client.ReceiveAsync(buffer) is > 0 and int count)
            table.Moved(count, 0);
        throw new SocketException((int)SocketError.ConnectionReset);
    }

    private async Task SendUpAsync(ReadOnlyMemory<byte> bytes)
    {
        _asked += bytes.Length;
        await SendAsync(_server, bytes);
    }

    private async Task DownAsync()
    {
        byte[] buffer = new byte[ChunkSize];
        while (await _server.ReceiveAsync(buffer) is > 0 and int count)
        {
            ReadOnlyMemory<byte> chunk = buffer.AsMemory(0, count);
            if (Volatile.Read(ref _isMute))
            {
                if (_fault?.Action != "hold")
                    continue;
                await Task.WhenAny(table.Released, _ended.Task);
            }
            if (_fault is { Action: "truncate" } fault && _answered + count > fault.After)
            {
                table.Struck(fault);
                await SendAsync(client, chunk[..(int)Math.Max(0, fault.After - _answered)]);
                client.Shutdown(SocketShutdown.Both);
                _server.Dispose();
                return;
            }
            _answered += count;
            table.Moved(0, count);
            await SendAsync(client, chunk);
        }
        if (!Volatile.Read(ref _isMute))
            client.Shutdown(SocketShutdown.Send);
    }

    private async Task AnswerAsync(FaultRule fault)
    {
        Take(fault);
        await SendAsync(client, Encoding.UTF8.GetBytes(fault.Answer));
        if (fault.Endless is { } more)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(more, Math.Max(1, ChunkSize / more.Length))));
            while (true)
            {
                await SendAsync(client, bytes);
                table.Moved(0, bytes.Length);
            }
        }
        if (fault.Close)
            client.Shutdown(SocketShutdown.Send);
        if (fault.HangUp)
            client.Close();
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>
    /// The first line of a request, where a chunk begins with one: a client that waits for its answer begins no request elsewhere.
    /// </summary>
    private static string? FirstLine(ReadOnlySpan<byte> chunk)
    {
        ReadOnlySpan<byte> start = chunk[..Math.Min(chunk.Length, 8192)];
        int end = start.IndexOf("\r\n"u8);
        if (end < 0 || !start[..end].EndsWith(" HTTP/1.1"u8))
            return null;
        string line = Encoding.ASCII.GetString(start[..end]);
        return RequestLine().IsMatch(line) ? line : null;
    }

    private static bool IsGone(Exception error) => error is SocketException or IOException or ObjectDisposedException;

    [GeneratedRegex("^(GET|PUT|POST|DELETE|HEAD|CONNECT) ")]
    private static partial Regex RequestLine();
}
