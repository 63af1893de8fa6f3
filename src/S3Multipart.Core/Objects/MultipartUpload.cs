using S3Multipart.Core.Buckets;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Objects;
using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>
/// A multipart upload in progress: what CreateMultipartUpload returned or ListMultipartUploads shows.
/// S3 bills the parts it holds until it is completed or stopped. Or, where <see cref="IsUnchanged"/>, no upload: the file needs none.
/// </summary>
/// <remarks>
/// The object is plain and immutable and survives <c>Export-Clixml</c>, jobs and remoting. Credentials and customer keys are not part
/// of it: inside the process they are attached to it, elsewhere they are given again.
/// </remarks>
public sealed class MultipartUpload
{
    private readonly PartCollection? _parts;

    internal MultipartUpload()
    {
    }

    /// <summary>The bucket that the object will be in.</summary>
    public required string BucketName { get; init; }

    /// <summary>The key that the object will have.</summary>
    public required string Key { get; init; }

    /// <summary>The id that S3 gave to this upload; null where <see cref="IsUnchanged"/>.</summary>
    public required string? UploadId { get; init; }

    /// <summary>
    /// True where nothing was begun (New-S3MultipartUpload -Resume), because the object that has the key holds just the bytes of the file.
    /// </summary>
    public bool IsUnchanged { get; init; }

    /// <summary>The Region that the requests are signed for.</summary>
    public string? Region { get; internal set; }

    /// <summary>The endpoint, when it is not Amazon S3's own for the Region.</summary>
    public string? EndpointUrl { get; internal set; }

    /// <summary>The profile that the credentials come from, when one was named.</summary>
    public string? ProfileName { get; internal set; }

    /// <summary>When the upload began, in UTC.</summary>
    public DateTime? Initiated { get; init; }

    /// <summary>When a lifecycle rule may abort the upload, in UTC; null where no rule applies and always for directory buckets.</summary>
    public DateTime? AbortDate { get; init; }

    /// <summary>The id of the lifecycle rule behind <see cref="AbortDate"/>.</summary>
    public string? AbortRuleId { get; init; }

    /// <summary>
    /// Whether an enabled lifecycle rule of the bucket aborts uploads of this key after some days; only after a list of several buckets,
    /// and null where the rules may not be read.
    /// </summary>
    public bool? HasAbortRule { get; internal set; }

    /// <summary>The storage class that the object will have.</summary>
    public string? StorageClass { get; init; }

    /// <summary>The server-side encryption that S3 said it applies: AES256, aws:kms, aws:kms:dsse, or SSE-C for a customer key.</summary>
    public string? Encryption { get; init; }

    /// <summary>The KMS key that S3 said it uses.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The KMS encryption context that S3 returned: base64 of JSON.</summary>
    public string? KmsEncryptionContext { get; init; }

    /// <summary>Whether S3 uses an S3 Bucket Key for KMS.</summary>
    public bool? BucketKeyEnabled { get; init; }

    /// <summary>The digest by which S3 names the customer key in use; not a secret.</summary>
    public string? SseCustomerKeyMD5 { get; init; }

    /// <summary>"requester" where S3 said that the requester pays.</summary>
    public string? RequestCharged { get; init; }

    /// <summary>The checksum algorithm that each part carries: CRC64NVME unless another was requested.</summary>
    public string? ChecksumAlgorithm { get; init; }

    /// <summary>FULL_OBJECT (over all bytes) or COMPOSITE (a checksum of the parts' checksums).</summary>
    public string? ChecksumType { get; init; }

    /// <summary>The kind of bucket: "General purpose" or "Directory".</summary>
    public string BucketType => Kind == Core.Buckets.BucketType.Directory ? "Directory" : "General purpose";

    /// <summary>The owner of the upload, where a list named it: by the display name, or by the id where there is no other.</summary>
    public string? Owner { get; init; }

    /// <summary>The id of the owner of the upload, where a list named it.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Who began the upload, where a list named it: by the display name, or by the id where there is no other.</summary>
    public string? Initiator { get; init; }

    /// <summary>The id of who began the upload, where a list named it: that of an account, or the ARN of a user or a role.</summary>
    public string? InitiatorId { get; init; }

    /// <summary>The local file that the bytes come from, as a full path.</summary>
    public string? LiteralPath { get; init; }

    /// <summary>The number of bytes the whole object will have, when it is known.</summary>
    public long? Length { get; init; }

    /// <summary>When <see cref="LiteralPath"/> was last written as the upload was begun, in UTC.</summary>
    public DateTime? FileLastWriteTime { get; init; }

    /// <summary>
    /// When anything of <see cref="LiteralPath"/> was last changed as the upload was begun, in UTC; null where the system does not give it.
    /// </summary>
    public DateTime? FileChangeTime { get; init; }

    /// <summary>The size of each part but the last, in bytes (5 MiB to 5 GiB), when it is known.</summary>
    public long? PartSize { get; init; }

    /// <summary>How many parts S3 holds; only after <c>-IncludePart</c>.</summary>
    public int? PartCount { get; init; }

    /// <summary>How many bytes S3 holds and bills; only after <c>-IncludePart</c>.</summary>
    public long? StoredBytes { get; init; }

    /// <summary>
    /// What <see cref="StoredBytes"/> cost in a month at the price given as <c>-PricePerGBMonth</c>, of which a GB has 2^30 bytes.
    /// </summary>
    public decimal? MonthlyCost { get; internal set; }

    /// <summary>The parts that S3 holds; only after <c>-IncludePart</c>.</summary>
    public IReadOnlyList<UploadPart>? Parts
    {
        get => _parts;
        init => _parts = value is null ? null : new PartCollection(value);
    }

    /// <summary>True when New-S3MultipartUpload did not begin the upload but found it in progress (<c>-Resume</c>).</summary>
    public bool Resumed { get; init; }

    /// <summary>
    /// True when the upload was begun with <c>-NoClobber</c>: Complete-S3MultipartUpload then replaces no object either.
    /// </summary>
    public bool NoClobber { get; init; }

    /// <summary>The entity tag of the object; only where <see cref="IsUnchanged"/>, as the three that follow.</summary>
    public string? ETag { get; init; }

    /// <summary>The version of the object, in a bucket with versioning.</summary>
    public string? VersionId { get; init; }

    /// <summary>The object's checksum in base64, as S3 gives it, where it is what the file was compared with.</summary>
    public string? Checksum { get; init; }

    /// <summary>What of the object was found equal to that of the file: CRC64NVME, SHA256 composite, ETag and the like.</summary>
    public string? Evidence { get; init; }

    /// <summary>The id of an upload that is one; an object that was left as it is has none.</summary>
    internal string Id => UploadId ?? throw Failure.UploadUnchanged(ToString());

    internal Core.Buckets.BucketType Kind => BucketAddress.Parse(BucketName).Type;

    /// <summary>The same upload in another place.</summary>
    internal MultipartUpload At(string? region, string? endpointUrl, string? profileName)
    {
        MultipartUpload other = (MultipartUpload)MemberwiseClone();
        other.Region = region;
        other.EndpointUrl = endpointUrl;
        other.ProfileName = profileName;
        return other;
    }

    /// <summary>The object's address.</summary>
    public override string ToString() => S3Uri.Of(BucketName, Key);
}
