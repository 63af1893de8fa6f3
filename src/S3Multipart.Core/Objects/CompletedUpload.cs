using S3Multipart.Core.Engine;
using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>
/// An object that S3 has put together from the parts of a multipart upload, or one that was there already and just as the file is.
/// </summary>
public sealed class CompletedUpload
{
    internal CompletedUpload()
    {
    }

    /// <summary>The bucket that the object is in.</summary>
    public required string BucketName { get; init; }

    /// <summary>The object's key.</summary>
    public required string Key { get; init; }

    /// <summary>The object's address as S3 gives it.</summary>
    public string? Location { get; init; }

    /// <summary>
    /// What became of the file: Uploaded, Resumed where an upload in progress was completed, Unchanged where the object held its bytes.
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>The bytes that this process sent for the object; null for parts that were sent elsewhere.</summary>
    public long? BytesSent { get; init; }

    /// <summary>The bytes that S3 held already and that were not sent; null like <see cref="BytesSent"/>.</summary>
    public long? BytesReused { get; init; }

    /// <summary>The object's entity tag, in quotes; for a multipart object not an MD5 of its bytes.</summary>
    public string? ETag { get; init; }

    /// <summary>The version of the object, in a bucket with versioning.</summary>
    public string? VersionId { get; init; }

    /// <summary>The object's size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The algorithm of <see cref="Checksum"/>.</summary>
    public string? ChecksumAlgorithm { get; init; }

    /// <summary>FULL_OBJECT or COMPOSITE.</summary>
    public string? ChecksumType { get; init; }

    /// <summary>The object's checksum in base64, as S3 confirmed it; null from stores that know no checksums.</summary>
    public string? Checksum { get; init; }

    /// <summary>
    /// What proves that the object is what was sent, the strongest that the store gives: CRC64NVME or another checksum of the whole;
    /// SHA256 composite and the like, a checksum of the parts' checksums; ETag, made of the parts' MD5s; PartCount, where encryption makes
    /// ETags opaque and they give the number of parts only; Size, where the store gives nothing else.
    /// </summary>
    public required string Evidence { get; init; }

    /// <summary>The server-side encryption that S3 said it applied.</summary>
    public string? Encryption { get; init; }

    /// <summary>The KMS key that S3 said it used.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Whether S3 used an S3 Bucket Key for KMS.</summary>
    public bool? BucketKeyEnabled { get; init; }

    /// <summary>When a lifecycle rule will expire the object, in UTC.</summary>
    public DateTime? ExpirationDate { get; init; }

    /// <summary>The id of the lifecycle rule behind <see cref="ExpirationDate"/>.</summary>
    public string? ExpirationRuleId { get; init; }

    /// <summary>"requester" where S3 said that the requester pays.</summary>
    public string? RequestCharged { get; init; }

    /// <summary>How many parts the object was made of; 0 for an object that did not come in parts.</summary>
    public required int PartCount { get; init; }

    /// <summary>The time from the first request of the upload in this process to its completion; null when it began elsewhere.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The bytes that were sent over <see cref="Duration"/>, per second: without those of parts that S3 held already.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>The local file that the bytes came from.</summary>
    public string? LiteralPath { get; init; }

    /// <summary>The upload that the object came from; null where it was there already.</summary>
    public required string? UploadId { get; init; }

    /// <summary>The object's address.</summary>
    public override string ToString() => S3Uri.Of(BucketName, Key);
}
