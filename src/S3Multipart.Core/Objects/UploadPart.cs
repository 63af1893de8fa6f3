using S3Multipart.Core.Engine;
using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>One part of a multipart upload, as S3 stored it. Takes part in the object once the upload is completed with it.</summary>
public sealed class UploadPart
{
    internal UploadPart()
    {
    }

    /// <summary>The part's number, 1 to 10,000.</summary>
    public required int PartNumber { get; init; }

    /// <summary>The part's size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The entity tag that S3 gave to the part, in quotes as S3 writes it.</summary>
    public required string ETag { get; init; }

    /// <summary>The algorithm of <see cref="Checksum"/>.</summary>
    public string? ChecksumAlgorithm { get; init; }

    /// <summary>
    /// The part's checksum in base64: the store's where <see cref="Evidence"/> names its algorithm, else that of the bytes sent.
    /// </summary>
    public string? Checksum { get; init; }

    /// <summary>
    /// What the store itself says of the bytes that it holds: the algorithm of its checksum, such as CRC64NVME, or ETag where that was
    /// found to be the MD5 of the bytes; null where it said nothing that was compared.
    /// </summary>
    public string? Evidence { get; init; }

    /// <summary>When S3 stored the part, in UTC; null where S3 did not say.</summary>
    public DateTime? LastModified { get; init; }

    /// <summary>How many parts the whole upload has, when it is known.</summary>
    public int? PartCount { get; init; }

    /// <summary>The version of the object that the part was copied from, in a bucket with versioning.</summary>
    public string? CopySourceVersionId { get; init; }

    /// <summary>The server-side encryption that the response to the part named; lists of parts name none.</summary>
    public string? Encryption { get; init; }

    /// <summary>The KMS key that the response to the part named.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Whether S3 used an S3 Bucket Key for KMS.</summary>
    public bool? BucketKeyEnabled { get; init; }

    /// <summary>The digest by which the response to the part named the customer key in use; not a secret.</summary>
    public string? SseCustomerKeyMD5 { get; init; }

    /// <summary>The storage class that the object will have; only in a list of parts, as all that follow.</summary>
    public string? StorageClass { get; init; }

    /// <summary>When a lifecycle rule may abort the upload of the part, in UTC.</summary>
    public DateTime? AbortDate { get; init; }

    /// <summary>The id of the lifecycle rule behind <see cref="AbortDate"/>.</summary>
    public string? AbortRuleId { get; init; }

    /// <summary>The owner of the upload: by the display name, or by the id where there is no other.</summary>
    public string? Owner { get; init; }

    /// <summary>The id of the owner of the upload.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Who began the upload: by the display name, or by the id where there is no other.</summary>
    public string? Initiator { get; init; }

    /// <summary>The id of who began the upload.</summary>
    public string? InitiatorId { get; init; }

    /// <summary>"requester" where S3 said that the requester pays.</summary>
    public string? RequestCharged { get; init; }

    /// <summary>True when S3 held the part already, with the file's bytes, and it was not sent again.</summary>
    public bool Resumed { get; init; }

    /// <summary>The bucket of the upload.</summary>
    public required string BucketName { get; init; }

    /// <summary>The key of the upload.</summary>
    public required string Key { get; init; }

    /// <summary>The id of the upload.</summary>
    public required string UploadId { get; init; }

    /// <summary>The Region of the upload.</summary>
    public string? Region { get; init; }

    /// <summary>The endpoint of the upload, when it is not Amazon S3's own.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>The profile of the upload, when one was named.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The part's address.</summary>
    public override string ToString() => $"{S3Uri.Of(BucketName, Key)} part {PartNumber}";
}
