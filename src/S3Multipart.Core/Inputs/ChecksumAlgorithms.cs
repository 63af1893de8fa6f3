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
    internal static (string Algorithm, string Type) Choose(BucketType bucket, string? algorithm, string? type)
    {
        // Directory buckets take CRC64NVME, over the whole object as everywhere, though their documentation does not list it; the default
        // is the cheapest of those that it lists.
        string chosen = algorithm ?? (bucket == BucketType.Directory ? Crc32C : type == Composite ? Crc32C : Crc64Nvme);
        bool hasFullObject = chosen == Crc64Nvme || (chosen is Crc32 or Crc32C && bucket == BucketType.GeneralPurpose);
        string kind = type ?? (hasFullObject ? FullObject : Composite);
        if (bucket == BucketType.Directory && chosen != Crc64Nvme && kind == FullObject)
        {
            throw InputFailure.ChecksumNotForDirectoryBuckets(chosen, kind);
        }

        bool isRight = (chosen, kind) is (Crc64Nvme, FullObject) or (Crc32 or Crc32C, _) or (Sha1 or Sha256, Composite);
        return isRight ? (chosen, kind) : throw InputFailure.ChecksumCombinationInvalid(chosen, kind);
    }
}
