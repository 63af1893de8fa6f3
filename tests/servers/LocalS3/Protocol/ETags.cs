namespace LocalS3.Protocol;

/// <summary>ETags that are not made from the bytes, and their form on the wire.</summary>
internal static class ETags
{
    /// <summary>The ETag of bytes that were thrown away unread.</summary>
    public const string Discarded = "00000000000000000000000000000000";

    /// <summary>An ETag where S3 uses no MD5: in directory buckets, and with keys of KMS or of the customer.</summary>
    public static string Random() => Guid.NewGuid().ToString("N");

    public static string Quoted(string eTag) => '"' + eTag + '"';
}
