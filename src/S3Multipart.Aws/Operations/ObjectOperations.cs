using System.Globalization;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Limits;
using S3Multipart.Transfer.Store;
using static S3Multipart.Aws.Operations.ResponseFields;

namespace S3Multipart.Aws.Operations;

/// <summary>What looks at objects.</summary>
internal sealed class ObjectOperations(StoreAccess store)
{
    private const string MetadataPrefix = "x-amz-meta-";

    internal Task<FoundObject> HeadObjectAsync(CopySource source, CancellationToken cancellationToken) => store.AdaptAsync(
        StoreFeature.Checksum, store.SendsChecksums, checksums => HeadObjectAsync(source, checksums, cancellationToken));

    internal async Task<FoundPart> HeadPartAsync(CopySource source, int partNumber, CancellationToken cancellationToken)
    {
        S3Request request = HeadOf(source, ("partNumber", Failure.Invariant($"{partNumber}")));
        S3Response response = await store.SendAsync(request, cancellationToken);
        bool isCounted = int.TryParse(
            response.Header("x-amz-mp-parts-count"), NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        return new FoundPart(LengthOf(request, response), isCounted ? count : null);
    }

    internal async Task<ObjectPartPage> ListObjectPartsAsync(CopySource source, int marker, CancellationToken cancellationToken)
    {
        S3Request request = RequestOf(HttpMethod.Get, source, ("attributes", ""));
        request.Add("x-amz-object-attributes", "ObjectParts");
        request.Add("x-amz-part-number-marker", marker > 0 ? Failure.Invariant($"{marker}") : null);
        S3Response response = await store.SendAsync(request, cancellationToken);
        ListResponse list = new(response, request.ToString(), "GetObjectAttributesResponse", ("ObjectParts", null));
        if (list.Root.Child("ObjectParts") is not { } parts)
        {
            return new ObjectPartPage([], NextMarker: null);
        }

        return new ObjectPartPage(
            [
                .. parts.Children.Where(child => child.Name == "Part")
                    .OrderBy(part => list.Number(part, "PartNumber", 1, S3Limits.MaxParts))
                    .Select(part => list.Number(part, "Size", 0, S3Limits.MaxPartSize)),
            ],
            parts.Text("IsTruncated") == "true" ? (int)list.Number(parts, "NextPartNumberMarker", 1, S3Limits.MaxParts) : null);
    }

    private async Task<FoundObject> HeadObjectAsync(CopySource source, bool withChecksums, CancellationToken cancellationToken)
    {
        S3Request request = HeadOf(source);
        // Checked here, because on the copy itself a matching ETag, which every part requires, makes S3 ignore it.
        request.Add("if-unmodified-since", RequestText.TextOf(source.IfUnmodifiedSince));
        request.Add("x-amz-checksum-mode", withChecksums ? "ENABLED" : null);
        S3Response response = await store.SendAsync(request, cancellationToken);
        (string? algorithm, string? checksum) = ChecksumOf(name => response.Header(PartContent.TrailerOf(name)));
        string etag = response.Header("ETag") ?? throw AwsFailure.ResponseInvalid(request.ToString(), "it has no ETag");
        return new FoundObject(LengthOf(request, response), Quoted(etag))
        {
            VersionId = response.Header("x-amz-version-id"),
            LastModified = DateOf(response.Content("Last-Modified")),
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
            Encryption = EncryptionOf(response),
            Properties = new ObjectInput
            {
                CacheControl = response.Header("Cache-Control"),
                ContentDisposition = response.Content("Content-Disposition"),
                ContentEncoding = response.Content("Content-Encoding"),
                ContentLanguage = response.Content("Content-Language"),
                ContentType = response.Content("Content-Type"),
                StorageClass = response.Header("x-amz-storage-class"),
                Metadata = response.HeadersOf(MetadataPrefix),
            },
        };
    }

    private S3Request HeadOf(CopySource source, (string Name, string? Value) term = default) => RequestOf(HttpMethod.Head, source, term);

    private S3Request RequestOf(HttpMethod method, CopySource source, (string Name, string? Value) term)
    {
        S3Request request = new(method, source.BucketName, source.Key, RequestText.QueryOf(term, ("versionId", source.VersionId)));
        request.AddCustomerKey(source.CustomerKey);
        request.Add("x-amz-expected-bucket-owner", source.IsOfUpload ? store.Settings.ExpectedBucketOwner : source.ExpectedBucketOwner);
        request.Add("x-amz-request-payer", store.Settings.RequestPayer == true ? "requester" : null);
        return request;
    }

    private static long LengthOf(S3Request request, S3Response response) =>
        response.Length ?? throw AwsFailure.ResponseInvalid(request.ToString(), "it has no length");
}
