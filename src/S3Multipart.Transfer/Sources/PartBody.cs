using System.Buffers;
using System.Security.Cryptography;
using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Transfer.Sources;

/// <summary>The bytes of one part. They can be read by offset as often as needed: once for a checksum, once for each try.</summary>
internal abstract class PartBody
{
    /// <summary>How much is read at a time: what stays in the processor's cache between reading, digesting and sending.</summary>
    internal const int SliceSize = 256 * 1024;

    private RequiredDigests _readAheadFor;
    private Task<BodyDigests>? _readAhead;

    internal abstract long Length { get; }

    /// <summary>Called whenever the digests of this body are known, with which they are: its bytes are sent next.</summary>
    internal Action<RequiredDigests, CancellationToken>? Digested { get; init; }

    /// <summary>Reads at least one byte, unless the destination is empty or the offset is the end.</summary>
    internal abstract ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Begins to read the body for its digests, before they are asked for.</summary>
    internal void ReadAhead(RequiredDigests required, CancellationToken cancellationToken)
    {
        _readAheadFor = required;
        _readAhead = Task.Run(() => ReadForDigestsAsync(required, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// The digests of the body. What was read ahead serves once: a request that is sent again is about the bytes as they are then.
    /// </summary>
    internal async Task<BodyDigests> DigestAsync(RequiredDigests required, CancellationToken cancellationToken)
    {
        Task<BodyDigests>? readAhead = Interlocked.Exchange(ref _readAhead, null);
        BodyDigests digests = readAhead is not null && required == _readAheadFor
            ? await readAhead.WaitAsync(cancellationToken)
            : await ReadForDigestsAsync(required, cancellationToken);
        Digested?.Invoke(required, cancellationToken);
        return digests;
    }

    /// <summary>The digests of the body as it is now, whether it is sent or not.</summary>
    internal async Task<BodyDigests> ReadForDigestsAsync(RequiredDigests required, CancellationToken cancellationToken)
    {
        if (required.IsEmpty)
        {
            return default;
        }

        using PartChecksum? checksum = PartChecksum.Begin(required.ChecksumAlgorithm);
        using IncrementalHash? md5 = required.MD5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        using IncrementalHash? sha256 = required.Sha256 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        await ReadAllAsync(
            bytes =>
            {
                checksum?.Append(bytes.Span);
                md5?.AppendData(bytes.Span);
                sha256?.AppendData(bytes.Span);
            },
            cancellationToken);
        return new BodyDigests(
            checksum?.End(),
            md5 is null ? null : Convert.ToBase64String(md5.GetHashAndReset()),
            sha256 is null ? null : Hex.Of(sha256.GetHashAndReset()));
    }

    /// <summary>Reads all of the body once, slice by slice.</summary>
    private async Task ReadAllAsync(Action<ReadOnlyMemory<byte>> take, CancellationToken cancellationToken)
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
