using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Limits;
using S3Multipart.Core.Planning;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Comparing;

/// <summary>
/// Compares a file with an object by what the store says of the object, without downloading a byte: by its checksum, else by its ETag
/// where that is made of MD5s. Never by a name, a size or a date alone.
/// </summary>
/// <param name="store">Where the object is.</param>
/// <param name="source">The object.</param>
/// <param name="isOtherStore">True where the store is not Amazon S3.</param>
internal sealed class ObjectComparison(IObjectStore store, CopySource source, bool isOtherStore)
{
    /// <summary>
    /// The part sizes that clients choose by themselves, in MiB: the AWS SDKs and rclone 5, AWS CLI 8, s3fs 10, s3cmd 15, this module 16.
    /// They are tried where a store does not say how an object was cut; an equal digest proves the size together with the bytes.
    /// </summary>
    private static readonly int[] s_usualPartSizes = [5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128, 256, 512];

    internal static ObjectComparison Of(S3Connection connection, IObjectStore store, CopySource source) =>
        new(store, source, isOtherStore: connection.EndpointUrl is not null);

    internal async Task<Comparison> CompareAsync(FoundObject found, string path, long? partSize, CancellationToken cancellationToken)
    {
        using FileSource file = FileSource.Open(path);
        return await CompareAsync(found, file, partSize, cancellationToken);
    }

    /// <param name="found">What HEAD says of the object.</param>
    /// <param name="file">The file.</param>
    /// <param name="partSize">The part size to try first; null for that which the module would choose.</param>
    /// <param name="cancellationToken">Cancels the requests and the reading.</param>
    internal async Task<Comparison> CompareAsync(FoundObject found, FileSource file, long? partSize, CancellationToken cancellationToken)
    {
        if (file.Length != found.Size)
        {
            return Comparison.Different(
                Evidence.Size, Failure.Invariant($"the object has {Count.Of(found.Size, "byte")} and the file {file.Length:N0}"));
        }

        Comparison result = await CompareChecksumAsync(found, file, partSize, cancellationToken);
        // Another store may give an object the checksum of some other request; an ETag that is made of the file's MD5s proves as much.
        bool mayBeSame = result.IsIdentical is null || (isOtherStore && result.IsIdentical == false);
        if (mayBeSame)
        {
            Comparison second = await CompareETagAsync(found, file, partSize, cancellationToken);
            result = second.IsIdentical == true || result.IsIdentical is null ? second : result;
        }

        return file.Stamp.DifferenceTo(FileSource.FindStamp(file.Path)) is { } how
            ? throw SourceFailure.FileChangedInComparison(file.Path, how)
            : result;
    }

    private async Task<Comparison> CompareChecksumAsync(
        FoundObject found, FileSource file, long? partSize, CancellationToken cancellationToken)
    {
        if (found is not { Checksum: { } checksum, ChecksumAlgorithm: { } algorithm } || !PartChecksum.IsKnown(algorithm))
        {
            return Comparison.Impossible("the store gives no checksum of the object");
        }

        if (!checksum.Contains('-', StringComparison.Ordinal))
        {
            string whole = await FileDigest.OfWholeAsync(file, algorithm, cancellationToken);
            return Of(whole == checksum, Evidence.OfChecksum(algorithm), $"the {algorithm} of the object is {checksum}", whole);
        }

        return int.TryParse(checksum[(checksum.IndexOf('-', StringComparison.Ordinal) + 1)..], out int count)
            ? await CompareCutAsync(
                Evidence.OfChecksum(algorithm, isComposite: true), checksum, count, file, partSize,
                sizes => FileDigest.OfPartsAsync(file, sizes, algorithm, cancellationToken), cancellationToken)
            : Comparison.Impossible($"the checksum of the object, {checksum}, does not name its parts");
    }

    private async Task<Comparison> CompareETagAsync(
        FoundObject found, FileSource file, long? partSize, CancellationToken cancellationToken)
    {
        string etag = found.ETag.Trim('"').ToLowerInvariant();
        if (ETags.AreOpaque(source.BucketName, found.Encryption.Method, source.CustomerKey))
        {
            return Comparison.Impossible("the store gives no checksum of the object, and its ETag is no MD5");
        }

        if (ETags.MD5Of(found.ETag) is not null)
        {
            string whole = await FileDigest.ETagAsync(file, partSizes: null, cancellationToken);
            return Of(whole == etag, Evidence.ETag, $"the ETag of the object is {etag}", whole);
        }

        return ETags.PartCountOf(found.ETag) is int count
            ? await CompareCutAsync(
                Evidence.ETag, etag, count, file, partSize, sizes => FileDigest.ETagAsync(file, sizes, cancellationToken),
                cancellationToken)
            : Comparison.Impossible("the store gives no checksum of the object, and its ETag is no MD5");
    }

    /// <summary>
    /// Compares a digest of parts: first with the file cut as this run would cut it, else as the store says that the object was cut.
    /// </summary>
    private async Task<Comparison> CompareCutAsync(
        Evidence evidence, string expected, int count, FileSource file, long? partSize, Func<IReadOnlyList<long>, Task<string>> digest,
        CancellationToken cancellationToken)
    {
        long? tried = null;
        string? actual = null;
        // The one part of an object is as large as the object.
        long first = count == 1 ? Math.Max(file.Length, 1) : partSize ?? PartPlan.ChoosePartSize(file.Length);
        if (Fits(first, count, file.Length))
        {
            tried = first;
            actual = await digest(FileDigest.Cut(file.Length, first));
            if (actual == expected || count == 1)
            {
                return Of(actual == expected, evidence, Named(expected), actual);
            }
        }

        FoundPart part = await FindPartAsync(partNumber: 1, cancellationToken);
        if (part.Count is int said && said != count)
        {
            return Comparison.Impossible(Failure.Invariant($"the {evidence} is that of {count:N0} parts, and the store has {said:N0}"));
        }

        if (part.Count is null)
        {
            foreach (long size in s_usualPartSizes.Select(size => size * S3Limits.MiB))
            {
                if (size != tried && Fits(size, count, file.Length) && await digest(FileDigest.Cut(file.Length, size)) == expected)
                {
                    return Comparison.Same(evidence);
                }
            }
        }

        if (part.Count is null || !Fits(part.Size, count, file.Length))
        {
            return await CompareListedAsync("parts of unknown size");
        }

        if (part.Size != tried)
        {
            actual = await digest(FileDigest.Cut(file.Length, part.Size));
        }

        // Where parts of several sizes happen to be as many, their digest is another, whatever the bytes are.
        if (actual != expected && count > 2
            && (await FindPartAsync(count, cancellationToken)).Size != file.Length - ((count - 1) * part.Size))
        {
            return await CompareListedAsync("parts of several sizes");
        }

        return Of(actual == expected, evidence, Named(expected), actual!);

        async Task<Comparison> CompareListedAsync(string what)
        {
            if (await ListPartSizesAsync(count, file.Length, cancellationToken) is not { } sizes)
            {
                return Comparison.Impossible(Failure.Invariant($"the object has {count:N0} {what}, which the store does not list"));
            }

            string listed = await digest(sizes);
            return Of(listed == expected, evidence, Named(expected), listed);
        }

        string Named(string value) => evidence == Evidence.ETag ? $"the ETag of the object is {value}"
            : $"the {evidence} checksum of the object is {value}";
    }

    /// <summary>One of the object's parts. A store that refuses to describe parts says nothing of them, which is no failure.</summary>
    private async Task<FoundPart> FindPartAsync(int partNumber, CancellationToken cancellationToken)
    {
        try
        {
            return await store.HeadPartAsync(source, partNumber, cancellationToken);
        }
        catch (S3ServiceException e) when (e.Status is >= 400 and < 500 or 501)
        {
            return new FoundPart(Size: -1, Count: null);
        }
    }

    /// <summary>The sizes of all parts, where the store lists them, as Amazon S3 does for parts that have checksums; else null.</summary>
    private async Task<IReadOnlyList<long>?> ListPartSizesAsync(int count, long length, CancellationToken cancellationToken)
    {
        List<long> sizes = [];
        try
        {
            for (int? marker = 0; marker is int from;)
            {
                ObjectPartPage page = await store.ListObjectPartsAsync(source, from, cancellationToken);
                sizes.AddRange(page.Sizes);
                marker = page.NextMarker > from ? page.NextMarker : null;
            }
        }
        catch (S3MultipartException)
        {
            // It takes a right of its own, and other stores may not have it.
            return null;
        }

        return sizes.Count == count && sizes.Sum() == length ? sizes : null;
    }

    /// <summary>Whether a length makes so many parts when it is cut by this size. An empty object is one empty part.</summary>
    private static bool Fits(long partSize, int count, long length) =>
        length == 0 ? count == 1 : partSize > 0 && ((length - 1) / partSize) + 1 == count;

    private static Comparison Of(bool isSame, Evidence evidence, string expected, string actual) =>
        isSame ? Comparison.Same(evidence) : Comparison.Different(evidence, $"{expected}, that of the file {actual}");
}
