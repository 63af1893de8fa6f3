using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>
/// The keys of uploads that have a beginning in common, up to the delimiter: what a list with a delimiter shows instead of them.
/// </summary>
public sealed class CommonPrefix
{
    internal CommonPrefix()
    {
    }

    /// <summary>The bucket that was listed.</summary>
    public required string BucketName { get; init; }

    /// <summary>The common beginning, with the delimiter at its end.</summary>
    public required string Prefix { get; init; }

    /// <summary>The prefix's address.</summary>
    public override string ToString() => S3Uri.Of(BucketName, Prefix);
}
