namespace S3Multipart.Transfer.Checksums;

/// <summary>Digests in small letters, as S3 writes them in ETags and signatures.</summary>
internal static class Hex
{
    internal static string Of(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
