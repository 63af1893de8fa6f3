namespace LocalS3.Protocol;

/// <summary>The limits of S3.</summary>
internal static class Limits
{
    public const long MinPartSize = 5L << 20;
    public const long MaxPartSize = 5L << 30;
    public const int MaxPartCount = 10_000;
    public const long MaxObjectSize = MaxPartCount * MaxPartSize;
    public const int MaxKeyLength = 1024;
    public const int MaxXmlSize = 4 << 20;
    public const int MaxMetadataSize = 2048;
    public const int MaxPageSize = 1000;
    public const int MinSignedChunkSize = 8192;
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(15);
}
