using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace LocalS3.Http;

/// <summary>The bytes of a request body as the connection delivers them, counted.</summary>
internal sealed class RawBody(HttpContext http)
{
    private const int MaxLineLength = 16 * 1024;

    private readonly PipeReader _reader = http.Request.BodyReader;

    public long BytesRead { get; private set; }

    /// <summary>The fault reset: the connection is reset once this many bytes have been read.</summary>
    public long? ResetAfter { get; set; }

    public async ValueTask<int> ReadAsync(Memory<byte> destination)
    {
        ReadOnlySequence<byte> buffer = await BufferAsync();
        int count = (int)Math.Min(buffer.Length, destination.Length);
        buffer.Slice(0, count).CopyTo(destination.Span);
        Advance(buffer.GetPosition(count), count);
        return count;
    }

    /// <summary>Discards up to <paramref name="limit"/> bytes without copying them; 0 at the end.</summary>
    public async ValueTask<long> SkipAsync(long limit)
    {
        ReadOnlySequence<byte> buffer = await BufferAsync();
        long count = Math.Min(buffer.Length, limit);
        Advance(buffer.GetPosition(count), count);
        return count;
    }

    public async Task DrainAsync()
    {
        while (await SkipAsync(long.MaxValue) > 0)
        {
        }
    }

    /// <summary>Reads a line that ends in CR LF; null if the body ends before.</summary>
    public async ValueTask<string?> ReadLineAsync()
    {
        while (true)
        {
            ReadResult result = await _reader.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (TryReadLine(buffer, out string line, out SequencePosition end, out long consumed))
            {
                Advance(end, consumed);
                return line;
            }
            if (result.IsCompleted || buffer.Length > MaxLineLength)
            {
                _reader.AdvanceTo(buffer.Start, buffer.Start);
                return null;
            }
            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static bool TryReadLine(ReadOnlySequence<byte> buffer, out string line, out SequencePosition end, out long consumed)
    {
        SequenceReader<byte> reader = new(buffer);
        bool found = reader.TryReadTo(out ReadOnlySequence<byte> bytes, "\r\n"u8);
        (line, end, consumed) = (found ? Encoding.UTF8.GetString(bytes) : "", reader.Position, reader.Consumed);
        return found;
    }

    private async ValueTask<ReadOnlySequence<byte>> BufferAsync()
    {
        if (!_reader.TryRead(out ReadResult result))
            result = await _reader.ReadAsync();
        return result.Buffer;
    }

    private void Advance(SequencePosition position, long count)
    {
        _reader.AdvanceTo(position);
        BytesRead += count;
        if (ResetAfter is { } resetAfter && BytesRead >= resetAfter)
        {
            http.Abort();
            throw new InjectedResetException();
        }
    }
}
