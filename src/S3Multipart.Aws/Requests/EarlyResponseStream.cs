namespace S3Multipart.Aws.Requests;

/// <summary>
/// A connection on which an early refusal is read. A server may refuse a request before it has read the body, and close; then writing
/// fails, and HttpClient drops the response unread. Here the rest of that body is discarded, and the response is
/// read. Asking first (Expect: 100-continue) would cost a round trip for every part, and a second where a store does not know it.
/// </summary>
internal sealed class EarlyResponseStream(Stream inner) : Stream
{
    private IOException? _broken;
    private bool _hasResponse;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_broken is not null)
        {
            // The response may have been read before the rest of the body has passed here; nothing else may follow on this connection.
            ThrowIf(OutgoingBody.Current?.Broken != _broken);
            return;
        }

        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (OutgoingBody.Current is { } body)
        {
            _broken = body.Broken = e;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _broken is null ? inner.ReadAsync(buffer, cancellationToken) : ReadResponseAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _broken is null ? inner.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadResponseAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = 0;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            // Why writing failed is the better error, unless the response had begun.
            ThrowIf(!_hasResponse);
            throw;
        }

        ThrowIf(count == 0 && buffer.Length > 0 && !_hasResponse);
        _hasResponse |= count > 0;
        return count;
    }

    private void ThrowIf(bool isEnd)
    {
        if (isEnd)
        {
            throw new IOException(_broken!.Message, _broken);
        }
    }
}
