using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaultProxy;

/// <summary>A client's connection and its connection to the server. Bytes are relayed between them until a fault applies.</summary>
internal sealed class Connection(Socket client, int serverPort, FaultTable table) : IDisposable
{
    private const int ChunkSize = 64 * 1024;

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FaultRule? _fault;
    private long _requestBytes;
    private long _responseBytes;
    private bool _withholdsResponses;
    private bool _isApplied;

    public async Task RunAsync()
    {
        table.Add(this);
        try
        {
            client.NoDelay = true;
            SetFault(table.Next(requestLine: null));
            if (_fault?.Action == "refuse")
            {
                table.CountApplied(_fault);
                Reset();
                return;
            }
            await _server.ConnectAsync(IPAddress.Loopback, serverPort);
            await Task.WhenAll(RunUntilClosedAsync(RelayUpAsync), RunUntilClosedAsync(RelayDownAsync));
        }
        catch (Exception error) when (IsClosed(error))
        {
            // Where no server listens, the client's connection is reset too.
            Reset();
        }
        finally
        {
            table.Remove(this);
            Dispose();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    /// <summary>Resets both connections.</summary>
    public void Reset()
    {
        foreach (Socket socket in (Socket[])[client, _server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception error) when (IsClosed(error))
            {
                // A closed connection cannot be reset.
            }
            socket.Dispose();
        }
        _closed.TrySetResult();
    }

    private async Task RunUntilClosedAsync(Func<Task> relay)
    {
        try
        {
            await relay();
        }
        catch (Exception error) when (IsClosed(error))
        {
            Reset();
        }
    }

    private void SetFault(FaultRule? fault) => (_fault, _requestBytes, _responseBytes, _isApplied) = (fault, 0, 0, false);

    private async Task RelayUpAsync()
    {
        byte[] buffer = new byte[ChunkSize];
        while (await client.ReceiveAsync(buffer) is > 0 and int count)
        {
            Memory<byte> chunk = buffer.AsMemory(0, count);
            table.CountBytes(count, 0);
            if (RequestLine.Find(chunk.Span) is { } line)
            {
                // The fault of a connection stays in force until one of its requests has a fault.
                if (table.Next(line) is { } fault)
                    SetFault(fault);
                else if (_fault?.Request is not null)
                    SetFault(null);
                if (_fault?.Action == "respond")
                    _ = RunUntilClosedAsync(() => RespondAsync(_fault));
            }
            await RelayChunkAsync(chunk);
        }
        _server.Shutdown(SocketShutdown.Send);
    }

    private async Task RelayChunkAsync(Memory<byte> chunk)
    {
        FaultRule? fault = _fault;
        switch (fault?.Action)
        {
            case "respond":
                return;
            case "delay" when TryApply(fault):
                await Task.Delay(fault.Ms);
                break;
            case "rate":
                TryApply(fault);
                await Task.Delay(TimeSpan.FromSeconds((double)chunk.Length / fault.BytesPerSecond));
                break;
            case "reset" or "half-close" or "black-hole" or "hold" when !_isApplied && _requestBytes + chunk.Length >= fault.After:
                int before = (int)(fault.After - _requestBytes);
                await SendUpAsync(chunk[..before]);
                chunk = chunk[before..];
                await InterruptAsync(fault);
                break;
        }
        await SendUpAsync(chunk);
    }

    /// <summary>Counts the fault as applied; false if it was applied to this request or connection before.</summary>
    private bool TryApply(FaultRule fault)
    {
        if (_isApplied)
            return false;
        table.CountApplied(fault);
        return _isApplied = true;
    }

    private async Task InterruptAsync(FaultRule fault)
    {
        Task released = table.Released;
        Volatile.Write(ref _withholdsResponses, true);
        TryApply(fault);
        switch (fault.Action)
        {
            case "reset":
                Reset();
                break;
            case "half-close":
                client.Shutdown(SocketShutdown.Send);
                break;
            case "hold":
                // Nothing is received meanwhile, so that the rest of the request stays in the client.
                await Task.WhenAny(released, _closed.Task);
                Volatile.Write(ref _withholdsResponses, false);
                break;
            default:
                await DiscardAsync();
                break;
        }
    }

    /// <summary>Discards what the client sends until it closes its connection, and then closes the server's.</summary>
    private async Task DiscardAsync()
    {
        byte[] buffer = new byte[ChunkSize];
        while (await client.ReceiveAsync(buffer) is > 0 and int count)
            table.CountBytes(count, 0);
        throw new SocketException((int)SocketError.ConnectionReset);
    }

    private async Task SendUpAsync(ReadOnlyMemory<byte> bytes)
    {
        _requestBytes += bytes.Length;
        await SendAsync(_server, bytes);
    }

    private async Task RelayDownAsync()
    {
        byte[] buffer = new byte[ChunkSize];
        while (await _server.ReceiveAsync(buffer) is > 0 and int count)
        {
            ReadOnlyMemory<byte> chunk = buffer.AsMemory(0, count);
            if (Volatile.Read(ref _withholdsResponses))
            {
                if (_fault?.Action != "hold")
                    continue;
                await Task.WhenAny(table.Released, _closed.Task);
            }
            if (_fault is { Action: "truncate" } fault && _responseBytes + count > fault.After)
            {
                table.CountApplied(fault);
                await SendAsync(client, chunk[..(int)Math.Max(0, fault.After - _responseBytes)]);
                client.Shutdown(SocketShutdown.Both);
                _server.Dispose();
                return;
            }
            _responseBytes += count;
            table.CountBytes(0, count);
            await SendAsync(client, chunk);
        }
        if (!Volatile.Read(ref _withholdsResponses))
            client.Shutdown(SocketShutdown.Send);
    }

    private async Task RespondAsync(FaultRule fault)
    {
        TryApply(fault);
        await SendAsync(client, Encoding.UTF8.GetBytes(fault.Response));
        if (fault.Endless is { } text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, Math.Max(1, ChunkSize / text.Length))));
            while (true)
            {
                await SendAsync(client, bytes);
                table.CountBytes(0, bytes.Length);
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

    private static bool IsClosed(Exception error) => error is SocketException or IOException or ObjectDisposedException;
}
