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

    internal const string FullObject = "FULL_OBJECT";
    internal const string Composite = "COMPOSITE";

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
        // is the cheapest of those that it lists.
        string chosen = algorithm ?? (bucket == BucketType.Directory ? Crc32C : type == Composite ? Crc32C : Crc64Nvme);
        bool hasFullObject = chosen == Crc64Nvme || (chosen is Crc32 or Crc32C && bucket == BucketType.GeneralPurpose);
        string kind = type ?? (hasFullObject && (isAmazon || chosen == Crc64Nvme) ? FullObject : Composite);
        if (bucket == BucketType.Directory && chosen != Crc64Nvme && kind == FullObject)
        {
            throw InputFailure.ChecksumNotForDirectoryBuckets(chosen, kind);
        }

        bool isRight = (chosen, kind) is (Crc64Nvme, FullObject) or (Crc32 or Crc32C, _) or (Sha1 or Sha256, Composite);
        return isRight ? (chosen, kind) : throw InputFailure.ChecksumCombinationInvalid(chosen, kind);
    }
}
