namespace S3Multipart.Core.Limits;

/// <summary>S3's limits for multipart uploads (Amazon S3 User Guide, "Amazon S3 multipart upload limits").</summary>
internal static class S3Limits
{
    internal const long MiB = 1L << 20;
    internal const long GiB = 1L << 30;

    internal const int MaxParts = 10_000;
    internal const long MinPartSize = 5 * MiB;
    internal const long MaxPartSize = 5 * GiB;

    /// <summary>Follows from the two limits above; S3 has no other.</summary>
    internal const long MaxObjectSize = MaxParts * MaxPartSize;

    /// <summary>The most parts that one response of ListParts lists.</summary>
    internal const int PartsOfPage = 1000;

    internal const int MaxKeyBytes = 1024;
}
