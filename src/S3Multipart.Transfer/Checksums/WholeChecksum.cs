using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Transfer.Checksums;

/// <summary>The checksum of a whole object from those of its parts.</summary>
internal static class WholeChecksum
{
    /// <summary>The CRC of that name, or null where it is none.</summary>
    internal static Crc? CrcOf(string? algorithm) => algorithm switch
    {
        ChecksumAlgorithms.Crc64Nvme => Crc.Crc64Nvme,
        ChecksumAlgorithms.Crc32 => Crc.Crc32,
        ChecksumAlgorithms.Crc32C => Crc.Crc32C,
        _ => null,
    };

    /// <summary>The whole object's checksum from those of its parts, in order; null where it does not follow from them.</summary>
    internal static string? Of(string algorithm, string? type, IReadOnlyList<(string Checksum, long Size)> parts) => type switch
    {
        ChecksumAlgorithms.FullObject => Combine(algorithm, parts),
        ChecksumAlgorithms.Composite => Compose(algorithm, parts),
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
