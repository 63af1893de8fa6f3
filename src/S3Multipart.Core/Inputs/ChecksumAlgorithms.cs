using S3Multipart.Core.Buckets;

namespace S3Multipart.Core.Inputs;

/// <summary>S3's names for checksums, and which go together with which type.</summary>
internal static class ChecksumAlgorithms
{
    internal const string Crc64Nvme = "CRC64NVME";
    internal const string Crc32 = "CRC32";
    internal const string Crc32C = "CRC32C";
    internal const string Sha1 = "SHA1";
    internal const string Sha256 = "SHA256";
    internal const string Sha512 = "SHA512";
    internal const string MD5 = "MD5";
    internal const string XxHash64 = "XXHASH64";
    internal const string XxHash3 = "XXHASH3";
    internal const string XxHash128 = "XXHASH128";

    internal const string FullObject = "FULL_OBJECT";
    internal const string Composite = "COMPOSITE";

    /// <summary>All that S3 has (API reference, "ChecksumAlgorithm"), in the order in which a response is searched for them.</summary>
    internal static readonly IReadOnlyList<string> All =
        [Crc64Nvme, Crc32, Crc32C, Sha1, Sha256, Sha512, MD5, XxHash64, XxHash3, XxHash128];

    /// <summary>
    /// Whether the checksum of a part may come in a trailer, after its bytes. An MD5 is documented as a header only, and the AWS SDKs send
    /// it as nothing else.
    /// </summary>
    internal static bool HasTrailer(string? algorithm) => algorithm is not null and not MD5 && All.Contains(algorithm);

    /// <summary>FULL_OBJECT or COMPOSITE: only composite checksums have the number of parts behind a dash.</summary>
    internal static string? TypeOf(string? checksum) =>
        checksum is null ? null : checksum.Contains('-', StringComparison.Ordinal) ? Composite : FullObject;

    /// <summary>
    /// The algorithm and type to create an upload with, from what was requested. Refuses what S3 has not (User Guide, "Checking object
    /// integrity for data uploads").
    /// </summary>
    /// <param name="bucket">The kind of bucket.</param>
    /// <param name="algorithm">The algorithm that was requested, or null.</param>
    /// <param name="type">The type that was requested, or null.</param>
    /// <param name="isAmazon">False for another store: most know CRC32 and CRC32C as checksums of parts only.</param>
    internal static (string Algorithm, string Type) Choose(BucketType bucket, string? algorithm, string? type, bool isAmazon = true)
    {
        // Directory buckets take CRC64NVME, over the whole object as everywhere, though their documentation does not list it; the default
        // is the cheapest of those that it lists. It lists none of the five that S3 has since 2026, and excludes MD5.
        string chosen = algorithm ?? (bucket == BucketType.Directory ? Crc32C : type == Composite ? Crc32C : Crc64Nvme);
        bool hasFullObject = chosen == Crc64Nvme || (chosen is Crc32 or Crc32C && bucket == BucketType.GeneralPurpose);
        string kind = type ?? (hasFullObject && (isAmazon || chosen == Crc64Nvme) ? FullObject : Composite);
        if (bucket == BucketType.Directory
            && (chosen is Sha512 or MD5 or XxHash64 or XxHash3 or XxHash128 || (chosen != Crc64Nvme && kind == FullObject)))
        {
            throw InputFailure.ChecksumNotForDirectoryBuckets(chosen, kind);
        }

        bool isRight = chosen is Crc32 or Crc32C || (All.Contains(chosen) && (chosen == Crc64Nvme) == (kind == FullObject));
        return isRight ? (chosen, kind) : throw InputFailure.ChecksumCombinationInvalid(chosen, kind);
    }
}
