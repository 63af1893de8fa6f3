using System.Buffers;
using System.IO.Hashing;
using System.Net;
using Microsoft.Win32.SafeHandles;
using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Benchmark;

/// <summary>A part of a file, read by offset in slices that stay in the cache, its CRC64NVME taken on the way.</summary>
internal sealed class SliceContent(SafeFileHandle file, long offset, long length) : HttpContent
{
    private const int SliceSize = 256 * 1024;

    internal ulong Crc { get; private set; }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        byte[] slice = ArrayPool<byte>.Shared.Rent(SliceSize);
        NonCryptographicHashAlgorithm crc = Transfer.Checksums.Crc.Crc64Nvme.Begin();
        for (long sent = 0; sent < length;)
        {
            int wanted = (int)Math.Min(SliceSize, length - sent);
            int count = RandomAccess.Read(file, slice.AsSpan(0, wanted), offset + sent);
            if (count == 0)
            {
                throw new EndOfStreamException("The file became shorter.");
            }

            crc.Append(slice.AsSpan(0, count));
            await stream.WriteAsync(slice.AsMemory(0, count));
            sent += count;
        }

        ArrayPool<byte>.Shared.Return(slice);
        Crc = Transfer.Checksums.Crc.ValueOf(crc);
    }
}

/// <summary>A part of a stream, in a buffer.</summary>
internal sealed class BufferContent(ReadOnlyMemory<byte> bytes) : HttpContent
{
    protected override bool TryComputeLength(out long computed)
    {
        computed = bytes.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();
}
