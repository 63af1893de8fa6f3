using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Transfer.Store;

/// <summary>
/// The seven operations of a multipart upload, those on whole objects and the list of keys that go with them, and what finds uploads in
/// many buckets. Failures are <see cref="S3MultipartException"/>s, or <see cref="OperationCanceledException"/> when the token was
/// cancelled. All members may be called side by side.
/// </summary>
internal interface IObjectStore
{
    Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken);

    Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken);

    Task<StoredPart> UploadPartCopyAsync(PartCopyInput input, CancellationToken cancellationToken);

    Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken);

    /// <param name="target">The upload.</param>
    /// <param name="ifInitiated">Only if the upload began then; directory buckets only.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>"requester" where S3 said that the requester pays.</returns>
    Task<string?> AbortMultipartUploadAsync(UploadTarget target, DateTime? ifInitiated, CancellationToken cancellationToken);

    /// <summary>One page of parts, after <paramref name="marker"/> (0 for the first page).</summary>
    Task<PartPage> ListPartsAsync(UploadTarget target, int marker, CancellationToken cancellationToken);

    Task<UploadPage> ListMultipartUploadsAsync(UploadQuery query, CancellationToken cancellationToken);

    /// <summary>Sends an object by one request.</summary>
    /// <returns>The object, with its evidence where the response proves it.</returns>
    Task<CompletedObject> PutObjectAsync(PutInput input, CancellationToken cancellationToken);

    /// <summary>One page of the keys below a prefix.</summary>
    /// <param name="bucketName">The bucket.</param>
    /// <param name="prefix">What all keys begin with; null for all keys.</param>
    /// <param name="token">Where the page begins; null for the first.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<KeyPage> ListKeysAsync(string bucketName, string? prefix, string? token, CancellationToken cancellationToken);

    /// <summary>One page of the account's buckets, after <paramref name="marker"/> (null for the first page).</summary>
    Task<BucketPage> ListBucketsAsync(string? marker, CancellationToken cancellationToken);

    /// <summary>The rules of a bucket that abort uploads; null where the response is not one of S3.</summary>
    Task<AbortRules?> GetAbortRulesAsync(string bucketName, CancellationToken cancellationToken);

    /// <summary>What there is to know of an object: the source of a copy, or what an upload became.</summary>
    Task<FoundObject> HeadObjectAsync(CopySource source, CancellationToken cancellationToken);

    /// <summary>One page of the parts that an object was made of, after <paramref name="marker"/> (0 for the first page).</summary>
    Task<ObjectPartPage> ListObjectPartsAsync(CopySource source, int marker, CancellationToken cancellationToken);

    /// <summary>One of the parts that an object was made of.</summary>
    Task<FoundPart> HeadPartAsync(CopySource source, int partNumber, CancellationToken cancellationToken);
}
