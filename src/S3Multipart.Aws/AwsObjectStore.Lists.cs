using Amazon.S3;
using Amazon.S3.Model;
using S3Multipart.Store;

namespace S3Multipart.Aws;

internal sealed partial class AwsObjectStore
{
    public async Task<PartPage> ListPartsAsync(UploadTarget target, int marker, CancellationToken cancellationToken)
    {
        ListPartsRequest request = new()
        {
            BucketName = target.BucketName,
            Key = target.Key,
            UploadId = target.UploadId,
            PartNumberMarker = marker > 0 ? Failure.Invariant($"{marker}") : null,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        if (target.CustomerKey is { } key)
        {
            (request.SSECustomerAlgorithm, request.SSECustomerKey, request.SSECustomerKeyMD5) = (SseCustomerKey.Algorithm, key.ToBase64(), key.ToMD5Base64());
        }

        ListPartsResponse response;
        try
        {
            response = await AskAsync(
                target.BucketName, target.ToString(), (client, token) => client.ListPartsAsync(request, token), cancellationToken);
        }
        catch (S3ServiceException e) when (e.ErrorCode == "NoSuchKey")
        {
            // Ceph says so of an upload that is not there; Amazon S3 says NoSuchUpload.
            throw AwsFailure.NoSuchUpload(e, target.ToString());
        }

        return new PartPage
        {
            Parts = [.. (response.Parts ?? []).Select(ToStored)],
            NextMarker = response.IsTruncated == true ? response.NextPartNumberMarker : null,
            ChecksumAlgorithm = Text(response.ChecksumAlgorithm),
            ChecksumType = Text(response.ChecksumType),
            StorageClass = string.IsNullOrEmpty(response.StorageClass) ? null : response.StorageClass,
            AbortDate = response.AbortDate?.ToUniversalTime(),
            AbortRuleId = response.AbortRuleId,
            Owner = response.Owner?.DisplayName ?? response.Owner?.Id,
            Initiator = response.Initiator?.DisplayName ?? response.Initiator?.Id,
            RequestCharged = Text(response.RequestCharged),
        };
    }

    public async Task<UploadPage> ListMultipartUploadsAsync(UploadQuery query, CancellationToken cancellationToken)
    {
        ListMultipartUploadsRequest request = new()
        {
            BucketName = query.BucketName,
            Prefix = query.Prefix,
            Delimiter = query.Delimiter,
            KeyMarker = query.KeyMarker,
            UploadIdMarker = query.UploadIdMarker,
            // Keys may hold characters that XML cannot have. The SDK leaves the answer encoded.
            Encoding = EncodingType.Url,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        ListMultipartUploadsResponse response = await AskAsync(
            query.BucketName, S3Uri.Of(query.BucketName), (client, token) => client.ListMultipartUploadsAsync(request, token), cancellationToken);
        ListedText text = ListedText.Of(response);
        List<ListedUpload> uploads = [.. (response.MultipartUploads ?? []).Select(listed => ToListed(listed, text))];
        return new UploadPage
        {
            Uploads = uploads,
            CommonPrefixes = [.. (response.CommonPrefixes ?? []).Select(text.Decode)],
            IsTruncated = response.IsTruncated == true,
            NextKeyMarker = NextKeyMarker(response, query, uploads, text),
            NextUploadIdMarker = response.NextUploadIdMarker,
            RequestCharged = Text(response.RequestCharged),
        };
    }

    /// <summary>
    /// Where the next page begins. A store that does not say how it wrote the marker may have written it otherwise than the keys (Ceph
    /// does), but without a delimiter the marker is the last key by definition.
    /// </summary>
    private static string? NextKeyMarker(ListMultipartUploadsResponse response, UploadQuery query, List<ListedUpload> uploads, ListedText text) =>
        string.IsNullOrEmpty(response.NextKeyMarker) ? null
        : text.IsDeclared ? text.Decode(response.NextKeyMarker)
        : query.Delimiter is null && uploads.Count > 0 ? uploads[^1].Key
        : response.NextKeyMarker;

    private static ListedUpload ToListed(Amazon.S3.Model.MultipartUpload listed, ListedText text) => new()
    {
        Key = text.Decode(listed.Key),
        UploadId = listed.UploadId,
        Initiated = listed.Initiated?.ToUniversalTime(),
        StorageClass = Text(listed.StorageClass),
        ChecksumAlgorithm = Text(listed.ChecksumAlgorithm),
        ChecksumType = Text(listed.ChecksumType),
        Owner = listed.Owner?.DisplayName ?? listed.Owner?.Id,
        Initiator = listed.Initiator?.DisplayName ?? listed.Initiator?.Id,
    };

    private static StoredPart ToStored(PartDetail part)
    {
        (string? algorithm, string? checksum) = ChecksumOf(part.ChecksumCRC64NVME, part.ChecksumCRC32, part.ChecksumCRC32C, part.ChecksumSHA1, part.ChecksumSHA256);
        return new StoredPart
        {
            PartNumber = part.PartNumber ?? 0,
            Size = part.Size ?? 0,
            ETag = Quoted(part.ETag),
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
            LastModified = part.LastModified?.ToUniversalTime(),
        };
    }
}
