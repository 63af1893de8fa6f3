using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using S3Multipart.Checksums;

namespace S3Multipart.Aws;

/// <summary>
/// A part on its way: read by offset in slices that stay in the processor's cache, and written straight to the connection. Each try
/// has one of its own and reads from the beginning.
/// </summary>
internal sealed class PartContent(PartSending sending) : HttpContent
{
    internal const int SliceSize = 256 * 1024;

    /// <summary>aws-chunked: the size in hex, the bytes as one chunk, the empty chunk that ends them, and the checksum.</summary>
    internal static long FramedLength(PartSending sending) => Head(sending).Length + sending.Body.Length + Tail(sending, PlaceholderOf(sending)).Length;

    protected override bool TryComputeLength(out long length)
    {
        length = sending.WireLength;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        long sent = 0;
        byte[] slice = ArrayPool<byte>.Shared.Rent(SliceSize);
        using PartChecksum? checksum = sending.BeginChecksum();
        try
        {
            if (checksum is not null)
            {
                await stream.WriteAsync(Head(sending), cancellationToken);
            }

            while (sent < sending.Body.Length)
            {
                int count = await sending.Body.ReadAsync(sent, slice.AsMemory(0, SliceSize), cancellationToken);
                checksum?.Append(slice.AsSpan(0, count));
                await stream.WriteAsync(slice.AsMemory(0, count), cancellationToken);
                sent += count;
                sending.Sent?.Invoke(count);
            }

            if (checksum is not null)
            {
                sending.TrailingChecksum = checksum.End();
                await stream.WriteAsync(Tail(sending, sending.TrailingChecksum), cancellationToken);
            }
        }
        catch
        {
            // What left of this try does not count: the next one begins again.
            sending.Sent?.Invoke(-sent);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }

    private static byte[] Head(PartSending sending) => sending.Body.Length == 0
        ? []
        : Encoding.ASCII.GetBytes(sending.Body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");

    private static byte[] Tail(PartSending sending, string checksum) =>
        Encoding.ASCII.GetBytes((sending.Body.Length == 0 ? "" : "\r\n") + $"0\r\n{sending.TrailerName}:{checksum}\r\n\r\n");

    /// <summary>Any value of the algorithm, which all have one length.</summary>
    private static string PlaceholderOf(PartSending sending)
    {
        using PartChecksum checksum = sending.BeginChecksum()!;
        return checksum.End();
    }
}
