using System.Security.Cryptography;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Limits;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Transfer.Comparing;

/// <summary>
/// The checksums and ETags that S3 would give to a file, computed by reading the file once, pieces side by side where the digest allows it.
/// </summary>
internal static class FileDigest
{
    private const long PieceSize = 16 * S3Limits.MiB;

    /// <summary>The checksum of all bytes, in base64.</summary>
    internal static async Task<string> OfWholeAsync(FileSource file, string algorithm, CancellationToken cancellationToken)
    {
        // Only CRCs of pieces can be combined into that of the whole.
        bool isCombined = WholeChecksum.CrcOf(algorithm) is not null;
        List<(string, long)> pieces = await OfPiecesAsync(file, isCombined ? PieceSize : long.MaxValue, algorithm, cancellationToken);
        return isCombined ? WholeChecksum.Of(algorithm, ChecksumAlgorithms.FullObject, pieces)! : pieces[0].Item1;
    }

    /// <summary>The checksum of the parts' checksums, in base64, with the number of parts behind a dash.</summary>
    internal static async Task<string> OfPartsAsync(
        FileSource file, long partSize, string algorithm, CancellationToken cancellationToken) =>
        WholeChecksum.Of(algorithm, ChecksumAlgorithms.Composite, await OfPiecesAsync(file, partSize, algorithm, cancellationToken))!;

    /// <summary>The ETag that S3 makes of MD5s: that of all bytes, or with a part size that of the parts' MD5s.</summary>
    internal static async Task<string> ETagAsync(FileSource file, long? partSize, CancellationToken cancellationToken)
    {
        string md5 = partSize is long size
            ? await OfPartsAsync(file, size, ChecksumAlgorithms.MD5, cancellationToken)
            : await OfWholeAsync(file, ChecksumAlgorithms.MD5, cancellationToken);
        string[] halves = md5.Split('-');
        return string.Join('-', halves.Skip(1).Prepend(Hex.Of(Convert.FromBase64String(halves[0]))));
    }

    private static async Task<List<(string Checksum, long Size)>> OfPiecesAsync(
        FileSource file, long size, string algorithm, CancellationToken cancellationToken)
    {
        int count = file.Length <= size ? 1 : checked((int)((file.Length + size - 1) / size));
        (string Checksum, long Size)[] pieces = new (string, long)[count];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                long offset = index * Math.Min(size, file.Length);
                long length = Math.Min(size, file.Length - offset);
                using PartChecksum checksum = PartChecksum.Begin(algorithm)!;
                await file.Slice(index + 1, offset, length).ReadAllAsync(bytes => checksum.Append(bytes.Span), token);
                pieces[index] = (checksum.End(), length);
            });
        return [.. pieces];
    }
}
