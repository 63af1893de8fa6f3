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
        List<(string, long)> pieces = await OfPiecesAsync(
            file, isCombined ? Cut(file.Length, PieceSize) : [file.Length], algorithm, cancellationToken);
        return isCombined ? WholeChecksum.Of(algorithm, ChecksumAlgorithms.FullObject, pieces)! : pieces[0].Item1;
    }

    /// <summary>The checksum of the parts' checksums, in base64, with the number of parts behind a dash.</summary>
    internal static async Task<string> OfPartsAsync(
        FileSource file, IReadOnlyList<long> partSizes, string algorithm, CancellationToken cancellationToken) =>
        WholeChecksum.Of(algorithm, ChecksumAlgorithms.Composite, await OfPiecesAsync(file, partSizes, algorithm, cancellationToken))!;

    /// <summary>The ETag that S3 makes of MD5s: that of all bytes, or with part sizes that of the parts' MD5s.</summary>
    internal static async Task<string> ETagAsync(FileSource file, IReadOnlyList<long>? partSizes, CancellationToken cancellationToken)
    {
        string md5 = partSizes is not null
            ? await OfPartsAsync(file, partSizes, ChecksumAlgorithms.MD5, cancellationToken)
            : await OfWholeAsync(file, ChecksumAlgorithms.MD5, cancellationToken);
        string[] halves = md5.Split('-');
        return string.Join('-', halves.Skip(1).Prepend(Hex.Of(Convert.FromBase64String(halves[0]))));
    }

    /// <summary>The sizes of equal parts, of which the last may be shorter. An empty object is one empty part.</summary>
    internal static IReadOnlyList<long> Cut(long length, long partSize)
    {
        List<long> sizes = [];
        for (long rest = length; rest > 0 || sizes.Count == 0; rest -= sizes[^1])
        {
            sizes.Add(Math.Min(rest, partSize));
        }

        return sizes;
    }

    private static async Task<List<(string Checksum, long Size)>> OfPiecesAsync(
        FileSource file, IReadOnlyList<long> sizes, string algorithm, CancellationToken cancellationToken)
    {
        (long Offset, string Checksum)[] pieces = new (long, string)[sizes.Count];
        for (int index = 1; index < pieces.Length; index++)
        {
            pieces[index].Offset = pieces[index - 1].Offset + sizes[index - 1];
        }

        await Parallel.ForAsync(
            0,
            pieces.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                PartBody piece = file.Slice(index + 1, pieces[index].Offset, sizes[index]);
                pieces[index].Checksum = (await piece.ReadForDigestsAsync(new RequiredDigests(algorithm), token)).Checksum!;
            });
        return [.. pieces.Select((piece, index) => (piece.Checksum, sizes[index]))];
    }
}
