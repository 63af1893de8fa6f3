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

    /// <summary>When S3 stored the part, in UTC; null where S3 did not tell it.</summary>
    public DateTime? LastModified { get; init; }

    /// <summary>How many parts the whole upload has, when it is known.</summary>
    public int? PartCount { get; init; }

    /// <summary>The version of the object that the part was copied from, in a bucket with versioning.</summary>
    public string? CopySourceVersionId { get; init; }

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
