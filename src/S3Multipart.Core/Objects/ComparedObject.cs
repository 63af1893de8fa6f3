using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>A file beside an object of S3: whether both hold the same bytes, and how that is known.</summary>
public sealed class ComparedObject
{
    internal ComparedObject()
    {
    }

    /// <summary>The file, as a full path.</summary>
    public required string LiteralPath { get; init; }

    /// <summary>The bucket of the object.</summary>
    public required string BucketName { get; init; }

    /// <summary>The object's key.</summary>
    public required string Key { get; init; }

    /// <summary>The version of the object that was compared, in a bucket with versioning.</summary>
    public string? VersionId { get; init; }

    /// <summary>
    /// True where both hold the same bytes, false where they do not or there is no object; null where nothing that S3 says of the object
    /// can be compared.
    /// </summary>
    public bool? IsIdentical { get; init; }

    /// <summary>
    /// What was compared: CRC64NVME or another checksum of the whole, SHA256 composite and the like, ETag, or Size where it differs; null
    /// where nothing was.
    /// </summary>
    public string? Evidence { get; init; }

    /// <summary>Why they are not identical, or cannot be compared; null where they are identical.</summary>
    public string? Reason { get; init; }

    /// <summary>The size of the file in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The size of the object in bytes; null where there is none.</summary>
    public long? ObjectSize { get; init; }

    /// <summary>When the object was stored, in UTC; null where there is none.</summary>
    public DateTime? LastModified { get; init; }

    /// <summary>The object's address.</summary>
    public override string ToString() => S3Uri.Of(BucketName, Key);
}
