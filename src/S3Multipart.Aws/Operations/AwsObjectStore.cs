using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Operations;

/// <summary>
/// The operations of S3 as requests of our own. The AWS SDK finds the credentials and the endpoint of each and opens the sessions of
/// directory buckets; its pipeline is not used, because it costs more than all else of a small request.
/// </summary>
/// <param name="store">What the operations have in common.</param>
internal sealed class AwsObjectStore(StoreAccess store) : IObjectStore
{
    private readonly UploadOperations _uploads = new(store);
    private readonly BodyOperations _bodies = new(store);
    private readonly ListOperations _lists = new(store);
    private readonly BucketOperations _buckets = new(store);
    private readonly ObjectOperations _objects = new(store);

    public Task<StoredPart> UploadPartCopyAsync(PartCopyInput input, CancellationToken cancellationToken) =>
        _uploads.UploadPartCopyAsync(input, cancellationToken);

    public Task<string?> AbortMultipartUploadAsync(UploadTarget target, DateTime? ifInitiated, CancellationToken cancellationToken) =>
        _uploads.AbortMultipartUploadAsync(target, ifInitiated, cancellationToken);

    public Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken) =>
        _uploads.CreateMultipartUploadAsync(input, cancellationToken);

    public Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken) =>
        _uploads.CompleteMultipartUploadAsync(input, cancellationToken);

    public Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken) =>
        _bodies.UploadPartAsync(input, cancellationToken);

    public Task<CompletedObject> PutObjectAsync(PutInput input, CancellationToken cancellationToken) =>
        _bodies.PutObjectAsync(input, cancellationToken);

    public Task<PartPage> ListPartsAsync(UploadTarget target, int marker, CancellationToken cancellationToken) =>
        _lists.ListPartsAsync(target, marker, cancellationToken);

    public Task<UploadPage> ListMultipartUploadsAsync(UploadQuery query, CancellationToken cancellationToken) =>
        _lists.ListMultipartUploadsAsync(query, cancellationToken);

    public Task<KeyPage> ListKeysAsync(string bucketName, string? prefix, string? token, CancellationToken cancellationToken) =>
        _lists.ListKeysAsync(bucketName, prefix, token, cancellationToken);

    public Task<BucketPage> ListBucketsAsync(string? marker, CancellationToken cancellationToken) =>
        _buckets.ListBucketsAsync(marker, cancellationToken);

    public Task<AbortRules?> GetAbortRulesAsync(string bucketName, CancellationToken cancellationToken) =>
        _buckets.GetAbortRulesAsync(bucketName, cancellationToken);

    public Task<FoundObject> HeadObjectAsync(CopySource source, CancellationToken cancellationToken) =>
        _objects.HeadObjectAsync(source, cancellationToken);

    public Task<FoundPart> HeadPartAsync(CopySource source, int partNumber, CancellationToken cancellationToken) =>
        _objects.HeadPartAsync(source, partNumber, cancellationToken);

    public Task<ObjectPartPage> ListObjectPartsAsync(CopySource source, int marker, CancellationToken cancellationToken) =>
        _objects.ListObjectPartsAsync(source, marker, cancellationToken);
}
