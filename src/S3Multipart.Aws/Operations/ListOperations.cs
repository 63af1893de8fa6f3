using System.Globalization;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Limits;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Store;
using static S3Multipart.Aws.Operations.ResponseFields;

namespace S3Multipart.Aws.Operations;

/// <summary>
/// The lists. They are read here and not by the SDK, which takes any document for an empty list and a field that is missing for a
/// zero: from such a list an upload would be begun again, or completed without its parts.
/// </summary>
internal sealed class ListOperations(StoreAccess store)
{
    internal async Task<PartPage> ListPartsAsync(UploadTarget target, int marker, CancellationToken cancellationToken)
    {
        string query = RequestText.QueryOf(
            ("part-number-marker", marker > 0 ? Failure.Invariant($"{marker}") : null), ("uploadId", target.UploadId));
        S3Request request = new(HttpMethod.Get, target.BucketName, target.Key, query);
        request.AddCustomerKey(target.CustomerKey);
        request.AddCommon(store.Settings);
        S3Response response;
        try
        {
            response = await store.SendAsync(request, cancellationToken);
        }
        catch (S3ServiceException e) when (e.ErrorCode is "NoSuchUpload" or "NoSuchKey" or "InternalError")
        {
            // RustFS has no list of parts where there are none (#2760).
            if (store.Traits?.IsEmpty(target.UploadId) == true
                && (e.ErrorCode == "InternalError" || await IsListedAsync(target, cancellationToken)))
            {
                return new PartPage { Parts = [] };
            }

            // Ceph says NoSuchKey of an upload that is not there.
            throw e.ErrorCode == "NoSuchKey" ? AwsFailure.NoSuchUpload(e, target.ToString()) : e;
        }

        ListResponse list = new(response, target.ToString(), "ListPartsResult", ("UploadId", target.UploadId));
        return new PartPage
        {
            Parts = [.. list.Elements("Part").Select(part => ToStored(list, part, target))],
            NextMarker = list.IsTruncated ? (int)list.Number(list.Root, "NextPartNumberMarker", 1, S3Limits.MaxParts) : null,
            ChecksumAlgorithm = list.Root.Text("ChecksumAlgorithm"),
            ChecksumType = list.Root.Text("ChecksumType"),
            StorageClass = list.Root.Text("StorageClass"),
            AbortDate = DateOf(response.Header("x-amz-abort-date")),
            AbortRuleId = response.Header("x-amz-abort-rule-id"),
            Owner = AccountOf(list.Root, "Owner"),
            Initiator = AccountOf(list.Root, "Initiator"),
            RequestCharged = response.Header("x-amz-request-charged"),
        };
    }

    /// <summary>True where an upload is among those of its key that the store lists first.</summary>
    private async Task<bool> IsListedAsync(UploadTarget target, CancellationToken cancellationToken)
    {
        UploadQuery query = new() { BucketName = target.BucketName, Prefix = target.Key };
        UploadPage page = await ListMultipartUploadsAsync(query, cancellationToken);
        return page.Uploads.Any(upload => upload.UploadId == target.UploadId);
    }

    internal async Task<UploadPage> ListMultipartUploadsAsync(UploadQuery query, CancellationToken cancellationToken)
    {
        // Keys may hold characters that XML cannot have, so they are requested url-encoded.
        string terms = RequestText.QueryOf(
            ("delimiter", query.Delimiter),
            ("encoding-type", "url"),
            ("key-marker", query.KeyMarker),
            ("max-uploads", query.PageSize?.ToString(CultureInfo.InvariantCulture)),
            ("prefix", query.Prefix),
            ("upload-id-marker", query.UploadIdMarker),
            ("uploads", ""));
        S3Request request = new(HttpMethod.Get, query.BucketName, "", terms);
        request.AddCommon(store.Settings);
        S3Response response = await store.SendAsync(request, cancellationToken);
        ListResponse list = new(
            response, S3Uri.Of(query.BucketName), "ListMultipartUploadsResult", ("Bucket", query.BucketName), ("MaxUploads", null));
        List<ResponseElement> found = [.. list.Elements("Upload")];
        List<string> prefixes = [.. list.Elements("CommonPrefixes").Select(prefix => list.RequiredExact(prefix, "Prefix"))];
        ListedText text = ListedText.Of(list.Root.Text("EncodingType"),
            found.Select(upload => list.RequiredExact(upload, "Key")).Concat(prefixes));
        List<ListedUpload> uploads = [.. found.Select(upload => ToListed(list, upload, text))];
        return new UploadPage
        {
            Uploads = uploads,
            CommonPrefixes = [.. prefixes.Select(text.Decode)],
            IsTruncated = list.IsTruncated,
            NextKeyMarker = NextKeyMarker(list.Root.Exact("NextKeyMarker"), query, uploads, text),
            NextUploadIdMarker = list.Root.Exact("NextUploadIdMarker"),
            RequestCharged = response.Header("x-amz-request-charged"),
            IsPartial = store.ListsExactKeysOnly(response),
        };
    }

    internal async Task<KeyPage> ListKeysAsync(string bucketName, string? prefix, string? token, CancellationToken cancellationToken)
    {
        string terms = RequestText.QueryOf(
            ("continuation-token", token),
            ("encoding-type", "url"),
            ("list-type", "2"),
            ("prefix", prefix));
        S3Request request = new(HttpMethod.Get, bucketName, "", terms);
        request.AddCommon(store.Settings);
        S3Response response = await store.SendAsync(request, cancellationToken);
        ListResponse list = new(response, S3Uri.Of(bucketName), "ListBucketResult", ("Name", bucketName), ("KeyCount", null));
        List<string> keys = [.. list.Elements("Contents").Select(found => list.RequiredExact(found, "Key"))];
        ListedText text = ListedText.Of(list.Root.Text("EncodingType"), keys);
        return new KeyPage([.. keys.Select(text.Decode)], list.IsTruncated ? list.Required(list.Root, "NextContinuationToken") : null);
    }

    /// <summary>
    /// Where the next page begins. A store that does not say how it wrote the marker may have encoded it in another way than the keys
    /// (Ceph does), but without a delimiter the marker is the last key by definition.
    /// </summary>
    private static string? NextKeyMarker(string? marker, UploadQuery query, List<ListedUpload> uploads, ListedText text) =>
        marker is null ? null
        : text.IsDeclared ? text.Decode(marker)
        : query.Delimiter is null && uploads.Count > 0 ? uploads[^1].Key
        : marker;

    private static ListedUpload ToListed(ListResponse list, ResponseElement upload, ListedText text) => new()
    {
        Key = text.Decode(list.RequiredExact(upload, "Key")),
        UploadId = list.Required(upload, "UploadId"),
        Initiated = list.Date(upload, "Initiated"),
        StorageClass = upload.Text("StorageClass"),
        ChecksumAlgorithm = upload.Text("ChecksumAlgorithm"),
        ChecksumType = upload.Text("ChecksumType"),
        Owner = AccountOf(upload, "Owner"),
        Initiator = AccountOf(upload, "Initiator"),
    };

    private static StoredPart ToStored(ListResponse list, ResponseElement part, UploadTarget target)
    {
        (string? algorithm, string? checksum) = ChecksumOf(name => part.Text("Checksum" + name));
        return new StoredPart
        {
            PartNumber = (int)list.Number(part, "PartNumber", 1, S3Limits.MaxParts),
            Size = list.Number(part, "Size", 0, S3Limits.MaxPartSize),
            ETag = Quoted(list.Required(part, "ETag")),
            IsETagOpaque = ETags.AreOpaque(target.BucketName, encryption: null, target.CustomerKey),
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
            LastModified = list.Date(part, "LastModified"),
        };
    }
}
