using System.Net;
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
            response = await AskAsync(target.ToString(), token => client.ListPartsAsync(request, token), cancellationToken);
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
            S3Uri.Of(query.BucketName), token => client.ListMultipartUploadsAsync(request, token), cancellationToken);
        bool isEncoded = response.EncodingType == EncodingType.Url || LooksEncoded(response);
        return new UploadPage
        {
            Uploads = [.. (response.MultipartUploads ?? []).Select(listed => ToListed(listed, isEncoded))],
            CommonPrefixes = [.. (response.CommonPrefixes ?? []).Select(prefix => Decode(prefix, isEncoded))],
            IsTruncated = response.IsTruncated == true,
            NextKeyMarker = response.NextKeyMarker is null ? null : Decode(response.NextKeyMarker, isEncoded),
            NextUploadIdMarker = response.NextUploadIdMarker,
        };
    }

    /// <summary>
    /// Ceph encodes as it was asked to without saying so; other stores may do neither. A key with a character that encoding would have
    /// replaced tells that it was not done.
    /// </summary>
    private static bool LooksEncoded(ListMultipartUploadsResponse response) => (response.MultipartUploads ?? [])
        .Select(listed => listed.Key)
        .Concat(response.CommonPrefixes ?? [])
        .All(key => key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' or '/' or '%' or '+' or '*' or '!' or '\'' or '(' or ')'));

    private static string Decode(string text, bool isEncoded) => isEncoded ? WebUtility.UrlDecode(text) : text;

    private static ListedUpload ToListed(Amazon.S3.Model.MultipartUpload listed, bool isEncoded) => new()
    {
        Key = Decode(listed.Key, isEncoded),
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
