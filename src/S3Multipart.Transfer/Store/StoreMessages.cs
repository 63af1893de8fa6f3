using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Transfer.Store;

internal readonly record struct UploadTarget(string BucketName, string Key, string UploadId)
{
    /// <summary>The key that every request to an upload with SSE-C repeats.</summary>
    internal SseCustomerKey? CustomerKey { get; init; }

    internal static UploadTarget Of(MultipartUpload upload) =>
        new(upload.BucketName, upload.Key, upload.Id) { CustomerKey = UploadState.Of(upload).CustomerKey };

    public override string ToString() => S3Uri.Of(BucketName, Key);
}

internal sealed record CreatedUpload
{
    internal required string UploadId { get; init; }

    internal DateTime? AbortDate { get; init; }

    internal string? AbortRuleId { get; init; }

    internal AppliedEncryption Encryption { get; init; } = new();

    internal string? RequestCharged { get; init; }

    /// <summary>What each part will carry; null when no checksums are sent.</summary>
    internal string? ChecksumAlgorithm { get; init; }

    internal string? ChecksumType { get; init; }
}

/// <summary>The encryption that S3 says it applies.</summary>
internal sealed record AppliedEncryption
{
    /// <summary>AES256, aws:kms, aws:kms:dsse or SSE-C.</summary>
    internal string? Method { get; init; }

    internal string? KmsKeyId { get; init; }

    internal string? KmsContext { get; init; }

    internal bool? BucketKeyEnabled { get; init; }

    internal string? CustomerKeyMD5 { get; init; }
}

/// <summary>Bytes to send, and how.</summary>
internal abstract record BodyInput
{
    internal required PartBody Body { get; init; }

    /// <summary>The checksum to send with the bytes, computed by the store as it reads them; null for none.</summary>
    internal string? ChecksumAlgorithm { get; init; }

    /// <summary>True to send the MD5 of the bytes too, as Content-MD5.</summary>
    internal bool SendContentMD5 { get; init; }

    /// <summary>Receives the number of bytes sent since the last call; negative when a try is begun again.</summary>
    internal Action<long>? Sent { get; init; }

    /// <summary>What all bytes of a run share; null for no bound.</summary>
    internal Bandwidth? Bandwidth { get; init; }
}

internal sealed record PartInput : BodyInput
{
    internal required UploadTarget Target { get; init; }

    internal required int PartNumber { get; init; }
}

/// <summary>A whole object to be sent by one request.</summary>
internal sealed record PutInput : BodyInput
{
    /// <summary>What the object shall be.</summary>
    internal required CreateInput Object { get; init; }
}

/// <summary>An object as HEAD describes it.</summary>
internal sealed record FoundObject(long Size, string ETag)
{
    internal string? VersionId { get; init; }

    internal DateTime? LastModified { get; init; }

    internal string? ChecksumAlgorithm { get; init; }

    internal string? Checksum { get; init; }

    internal AppliedEncryption Encryption { get; init; } = new();

    /// <summary>What else the response names of what Create takes: content headers, metadata, storage class.</summary>
    internal ObjectInput Properties { get; init; } = new();
}

/// <summary>One part of a complete object.</summary>
/// <param name="Size">Its bytes; those of the whole object from a store that knows no parts of objects.</param>
/// <param name="Count">How many parts the object has; null where the store does not say.</param>
internal sealed record FoundPart(long Size, int? Count);

/// <summary>Parts of an object that is whole.</summary>
/// <param name="Sizes">Their bytes, in the order of their numbers. Empty from a store that does not list them.</param>
/// <param name="NextMarker">Where the next page begins; null on the last.</param>
internal sealed record ObjectPartPage(IReadOnlyList<long> Sizes, int? NextMarker);

internal sealed record PartCopyInput
{
    internal required UploadTarget Target { get; init; }

    internal required int PartNumber { get; init; }

    internal required CopySource Source { get; init; }

    /// <summary>The ETag that the source must still have, so that no two versions are mixed in one object.</summary>
    internal required string SourceETag { get; init; }

    /// <summary>The first and the last byte, both included; null for the whole source.</summary>
    internal (long First, long Last)? Range { get; init; }

    internal required long Size { get; init; }
}

internal sealed record CompleteInput
{
    internal required UploadTarget Target { get; init; }

    internal required IReadOnlyList<StoredPart> Parts { get; init; }

    internal required long Size { get; init; }

    internal string? ChecksumAlgorithm { get; init; }

    internal string? ChecksumType { get; init; }

    /// <summary>The checksum of the whole object, where it follows from those of the parts.</summary>
    internal string? Checksum { get; init; }

    internal string? IfMatch { get; init; }

    internal bool IfNoneMatch { get; init; }
}

internal sealed record CompletedObject
{
    internal string? Location { get; init; }

    internal string? ETag { get; init; }

    internal string? VersionId { get; init; }

    internal DateTime? ExpirationDate { get; init; }

    internal string? ExpirationRuleId { get; init; }

    internal string? RequestCharged { get; init; }

    internal AppliedEncryption Encryption { get; init; } = new();

    internal string? ChecksumAlgorithm { get; init; }

    internal string? ChecksumType { get; init; }

    internal string? Checksum { get; init; }

    /// <summary>What proves that the object is that of the upload; null until it was checked.</summary>
    internal Evidence? Evidence { get; init; }
}

internal sealed record PartPage
{
    internal required IReadOnlyList<StoredPart> Parts { get; init; }

    /// <summary>Where the next page begins; null on the last.</summary>
    internal int? NextMarker { get; init; }

    internal string? ChecksumAlgorithm { get; init; }

    internal string? ChecksumType { get; init; }

    internal string? StorageClass { get; init; }

    internal DateTime? AbortDate { get; init; }

    internal string? AbortRuleId { get; init; }

    internal ListedAccount? Owner { get; init; }

    internal ListedAccount? Initiator { get; init; }

    internal string? RequestCharged { get; init; }
}

/// <summary>Whom a list names, by either or both.</summary>
internal sealed record ListedAccount(string? Id, string? DisplayName)
{
    internal string? Name => DisplayName ?? Id;
}

internal sealed record ListedUpload
{
    internal required string Key { get; init; }

    internal required string UploadId { get; init; }

    internal DateTime? Initiated { get; init; }

    internal string? StorageClass { get; init; }

    internal string? ChecksumAlgorithm { get; init; }

    internal string? ChecksumType { get; init; }

    internal ListedAccount? Owner { get; init; }

    internal ListedAccount? Initiator { get; init; }
}

internal sealed record UploadPage
{
    internal required IReadOnlyList<ListedUpload> Uploads { get; init; }

    internal IReadOnlyList<string> CommonPrefixes { get; init; } = [];

    internal required bool IsTruncated { get; init; }

    internal string? NextKeyMarker { get; init; }

    internal string? NextUploadIdMarker { get; init; }

    internal string? RequestCharged { get; init; }

    /// <summary>True from a store that lists surely the uploads of an exact key alone.</summary>
    internal bool IsPartial { get; init; }
}

/// <summary>A page of the keys of objects.</summary>
/// <param name="Keys">The keys, in S3's order but in a directory bucket.</param>
/// <param name="NextToken">Where the next page begins; null on the last.</param>
internal sealed record KeyPage(IReadOnlyList<string> Keys, string? NextToken);

/// <summary>A page of buckets.</summary>
/// <param name="Buckets">The buckets.</param>
/// <param name="NextMarker">Where the next page begins; null on the last.</param>
internal sealed record BucketPage(IReadOnlyList<ListedBucket> Buckets, string? NextMarker);
