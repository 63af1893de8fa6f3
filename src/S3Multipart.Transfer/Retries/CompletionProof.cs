using System.Security.Cryptography;
using S3Multipart.Checksums;

namespace S3Multipart.Store;

/// <summary>Finds out whether an object is the one that an upload was to become, where the answer to its completion was lost.</summary>
internal static class CompletionProof
{
    /// <summary>The object, null where there is another or none; a failure where nothing tells.</summary>
    internal static async Task<CompletedObject?> FindAsync(IObjectStore store, CompleteInput input, CancellationToken cancellationToken)
    {
        SourceObject found;
        try
        {
            found = await store.HeadObjectAsync(
                new CopySource(input.Target.BucketName, input.Target.Key, null) { CustomerKey = input.Target.CustomerKey },
                cancellationToken);
        }
        catch (S3ServiceException e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (S3MultipartException e)
        {
            throw Failure.CompletionUnknown(input.Target.ToString(), "whether the object is there could not be looked up: " + e.Message);
        }

        if (found.Size != input.Size)
        {
            return null;
        }

        string? checksum = input.ChecksumAlgorithm is { } algorithm
            ? input.Checksum
                ?? ChecksumAlgorithms.Whole(algorithm, input.ChecksumType, [.. input.Parts.Select(part => (part.Checksum!, part.Size))])
            : null;
        bool? isSame = checksum is not null && found.Checksum is not null && found.ChecksumAlgorithm == input.ChecksumAlgorithm
            ? found.Checksum == checksum
            : MultipartETag(input.Parts) is { } etag ? found.ETag == etag
            : null;
        return isSame switch
        {
            true => new CompletedObject
            {
                ETag = found.ETag,
                VersionId = found.VersionId,
                ChecksumAlgorithm = found.ChecksumAlgorithm,
                ChecksumType = found.Checksum is null ? null : input.ChecksumType,
                Checksum = found.Checksum,
            },
            false => null,
            null => throw Failure.CompletionUnknown(
                input.Target.ToString(),
                "an object of the right size is there, but neither its checksum nor its ETag tells whether it is the one."),
        };
    }

    /// <summary>
    /// The ETag of an object made of parts whose ETags are their MD5s: the MD5 of these, and the number of parts. Else null.
    /// </summary>
    internal static string? MultipartETag(IReadOnlyList<StoredPart> parts)
    {
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (StoredPart part in parts)
        {
            if (part.MD5 is null)
            {
                return null;
            }

            md5.AppendData(Convert.FromHexString(part.MD5));
        }

        return Failure.Invariant($"\"{Hex.Of(md5.GetHashAndReset())}-{parts.Count}\"");
    }
}
