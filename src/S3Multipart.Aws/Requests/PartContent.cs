using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// A part on its way: read by offset in slices that stay in the processor's cache, and written straight to the connection. Each try
/// has one of its own and reads from the beginning.
/// </summary>
internal sealed class PartContent(BodyInput part, string? trailingAlgorithm, StallGuard guard, Action<long> slicesSent,
    Action<string> trailerSent) : HttpContent
{
    private readonly PartBody _body = part.Body;
    private volatile bool _isHandedOver = part.Body.Length == 0;

    /// <summary>True once the last of the bytes is on its way: a success before that is not valid.</summary>
    internal bool IsHandedOver => _isHandedOver;

    /// <summary>The name of the header behind the bytes.</summary>
    internal static string TrailerOf(string algorithm) => "x-amz-checksum-" + algorithm.ToLowerInvariant();

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length + (trailingAlgorithm is null ? 0 : Head().Length + Tail(Placeholder()).Length);
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        long sent = 0;
        int step = (int)Math.Min(part.Bandwidth?.SliceSize(PartBody.SliceSize) ?? PartBody.SliceSize, Math.Max(_body.Length, 1));
        byte[] slice = ArrayPool<byte>.Shared.Rent(step);
        using PartChecksum? checksum = PartChecksum.Begin(trailingAlgorithm);
        try
        {
            if (checksum is not null)
            {
                await stream.WriteAsync(Head(), cancellationToken);
            }

            while (sent < _body.Length && OutgoingBody.Current?.Broken is null)
            {
                int count = await _body.ReadAsync(sent, slice.AsMemory(0, step), cancellationToken);
                checksum?.Append(slice.AsSpan(0, count));
                if (part.Bandwidth is { } bandwidth)
                {
                    await bandwidth.TakeAsync(count, guard.Moved, cancellationToken);
                }

                sent += count;
                _isHandedOver = sent == _body.Length;
                await stream.WriteAsync(slice.AsMemory(0, count), cancellationToken);
                guard.Moved();
                slicesSent(count);
            }

            if (sent < _body.Length)
            {
                await WriteRestAsync(stream, slice, sent, cancellationToken);
                guard.AwaitResponse(0);
                return;
            }

            if (checksum is not null)
            {
                string value = checksum.End();
                trailerSent(value);
                await stream.WriteAsync(Tail(value), cancellationToken);
            }

            guard.AwaitResponse(_body.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }

    /// <summary>
    /// Ends a body that the other side takes no more of. HttpClient needs the promised length before it reads the response; these bytes are
    /// discarded, so they are not read from the source.
    /// </summary>
    private async Task WriteRestAsync(Stream stream, byte[] slice, long sent, CancellationToken cancellationToken)
    {
        while (sent < _body.Length)
        {
            int count = (int)Math.Min(slice.Length, _body.Length - sent);
            await stream.WriteAsync(slice.AsMemory(0, count), cancellationToken);
            sent += count;
        }

        if (trailingAlgorithm is not null)
        {
            await stream.WriteAsync(Tail(Placeholder()), cancellationToken);
        }
    }

    // aws-chunked: the size in hex, the bytes as one chunk, the empty chunk that ends them, and the checksum.
    private byte[] Head() => _body.Length == 0
        ? [] : Encoding.ASCII.GetBytes(_body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");

    private byte[] Tail(string checksum) =>
        Encoding.ASCII.GetBytes((_body.Length == 0 ? "" : "\r\n") + $"0\r\n{TrailerOf(trailingAlgorithm!)}:{checksum}\r\n\r\n");

    /// <summary>Any value of the algorithm, which all have one length.</summary>
    private string Placeholder()
    {
        using PartChecksum checksum = PartChecksum.Begin(trailingAlgorithm)!;
        return checksum.End();
    }
}
