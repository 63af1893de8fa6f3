namespace S3Multipart.Checksums;

/// <summary>S3's names for checksums, which of them this module computes, and which go together with which type.</summary>
internal static class ChecksumAlgorithms
{
    internal const string Crc64Nvme = "CRC64NVME";
    internal const string Crc32 = "CRC32";
    internal const string Crc32C = "CRC32C";
    internal const string Sha1 = "SHA1";
    internal const string Sha256 = "SHA256";

    internal const string FullObject = "FULL_OBJECT";
    internal const string Composite = "COMPOSITE";

    /// <summary>The CRC of that name, or null where it is none.</summary>
    internal static Crc? CrcOf(string? algorithm) => algorithm switch
    {
        Crc64Nvme => Crc.Crc64Nvme,
        Crc32 => Crc.Crc32,
        Crc32C => Crc.Crc32C,
        _ => null,
    };

    /// <summary>
    /// The algorithm and type to create an upload with, from what was asked for. Refuses what S3 has not (User Guide, "Checking object
    /// integrity for data uploads").
    /// </summary>
    internal static (string Algorithm, string Type) Choose(BucketType bucket, string? algorithm, string? type)
    {
        // Directory buckets take CRC64NVME, over the whole object as everywhere, though their documentation does not list it; the default
        // is the cheapest of those that it lists.
        string chosen = algorithm ?? (bucket == BucketType.Directory ? Crc32C : type == Composite ? Crc32C : Crc64Nvme);
        string kind = type
            ?? (chosen == Crc64Nvme || (chosen is Crc32 or Crc32C && bucket == BucketType.GeneralPurpose) ? FullObject : Composite);
        if (bucket == BucketType.Directory && chosen != Crc64Nvme && kind == FullObject)
        {
            throw Inputs.InputFailure.ChecksumNotForDirectoryBuckets(chosen, kind);
        }

        bool isRight = (chosen, kind) is (Crc64Nvme, FullObject) or (Crc32 or Crc32C, _) or (Sha1 or Sha256, Composite);
        return isRight ? (chosen, kind) : throw Inputs.InputFailure.ChecksumCombinationInvalid(chosen, kind);
    }

    /// <summary>The whole object's checksum from those of its parts, in order; null where it does not follow from them.</summary>
    internal static string? Whole(string algorithm, string? type, IReadOnlyList<(string Checksum, long Size)> parts) => type switch
    {
        FullObject => Combine(algorithm, parts),
        Composite => Compose(algorithm, parts),
        _ => null,
    };

    private static string? Combine(string algorithm, IReadOnlyList<(string Checksum, long Size)> parts)
    {
        if (CrcOf(algorithm) is not { } crc)
        {
            return null;
        }

        ulong whole = 0;
        foreach ((string checksum, long size) in parts)
        {
            if (!crc.TryFromBase64(checksum, out ulong value))
            {
                return null;
            }

            whole = crc.Combine(whole, value, size);
        }

        return crc.ToBase64(whole);
    }

    /// <summary>The checksum of the parts' checksums, as bytes one after the other, with the number of parts behind a dash.</summary>
    private static string? Compose(string algorithm, IReadOnlyList<(string Checksum, long Size)> parts)
    {
        using PartChecksum? composite = PartChecksum.Begin(algorithm);
        if (composite is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[64];
        foreach ((string checksum, _) in parts)
        {
            if (!Convert.TryFromBase64String(checksum, bytes, out int count))
            {
                return null;
            }

            composite.Append(bytes[..count]);
        }

        return Failure.Invariant($"{composite.End()}-{parts.Count}");
    }
}
