using System.Buffers;

namespace S3Multipart.Transfer.Sources;

/// <summary>The bytes of one part. They can be read by offset as often as needed: once for a checksum, once for each try.</summary>
internal abstract class PartBody
{
    /// <summary>How much is read at a time: what stays in the processor's cache between reading, digesting and sending.</summary>
    internal const int SliceSize = 256 * 1024;

    internal abstract long Length { get; }

    /// <summary>Reads at least one byte, unless the destination is empty or the offset is the end.</summary>
    internal abstract ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Reads all of the body once, slice by slice, for what has to be known of it before it is sent.</summary>
    internal async Task ReadAllAsync(Action<ReadOnlyMemory<byte>> take, CancellationToken cancellationToken)
    {
        byte[] slice = ArrayPool<byte>.Shared.Rent((int)Math.Min(SliceSize, Length));
        try
        {
            for (long offset = 0; offset < Length;)
            {
                int count = await ReadAsync(offset, slice, cancellationToken);
                take(slice.AsMemory(0, count));
                offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }
}

/// <summary>A part in memory.</summary>
internal sealed class BufferPartBody(ReadOnlyMemory<byte> bytes) : PartBody
{
    internal override long Length => bytes.Length;

    internal override ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> rest = bytes[(int)offset..];
        int count = Math.Min(rest.Length, destination.Length);
        rest.Span[..count].CopyTo(destination.Span);
        return new ValueTask<int>(count);
    }
}
