namespace LocalS3;

/// <summary>The numbers of S3.</summary>
internal static class Limits
{
    public const long SmallestPart = 5L << 20;
    public const long LargestPart = 5L << 30;
    public const int MostParts = 10_000;
    public const long LargestObject = MostParts * LargestPart;
    public const int LongestKey = 1024;
    public const int LargestXml = 4 << 20;
    public const int LargestMetadata = 2048;
    public const int PageSize = 1000;
    public const int SmallestSignedChunk = 8192;
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);
}
