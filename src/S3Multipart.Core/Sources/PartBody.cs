namespace S3Multipart.Sources;

/// <summary>The bytes of one part. They can be read by offset as often as needed: once for a checksum, once for each try.</summary>
internal abstract class PartBody
{
    internal abstract long Length { get; }

    /// <summary>Reads at least one byte, unless the destination is empty or the offset is the end.</summary>
    internal abstract ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
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
