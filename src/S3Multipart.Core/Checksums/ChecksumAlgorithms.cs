namespace S3Multipart.Checksums;

/// <summary>S3's names for checksums, and which of them this module computes.</summary>
internal static class ChecksumAlgorithms
{
    internal const string Crc64Nvme = "CRC64NVME";

    /// <summary>The CRC of that name, or null where it is none.</summary>
    internal static Crc? CrcOf(string? algorithm) => algorithm switch
    {
        Crc64Nvme => Crc.Crc64Nvme,
        "CRC32" => Crc.Crc32,
        "CRC32C" => Crc.Crc32C,
        _ => null,
    };
}
