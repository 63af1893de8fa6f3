using System.Runtime.CompilerServices;
using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>The uploads in progress of a bucket, page by page in constant memory.</summary>
internal static class UploadList
{
    /// <summary>Uploads, and with a delimiter also common prefixes.</summary>
    internal static async IAsyncEnumerable<object> AllAsync(
        S3Connection connection, IObjectStore store, UploadQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (UploadPage page in PagesAsync(store, query, cancellationToken))
        {
            foreach (ListedUpload listed in page.Uploads)
            {
                yield return ToUpload(connection, query.BucketName, listed, page.RequestCharged);
            }

            foreach (string prefix in page.CommonPrefixes)
            {
                yield return new CommonPrefix { BucketName = query.BucketName, Prefix = prefix };
            }
        }
    }

    internal static async IAsyncEnumerable<UploadPage> PagesAsync(
        IObjectStore store, UploadQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        UploadQuery? next = query;
        bool isDirectory = BucketAddress.Parse(query.BucketName).Type == BucketType.Directory;
        // A directory bucket lists in no order, so a list that goes round is known only by a marker that comes again.
        HashSet<(string?, string?)> markers = [(query.KeyMarker, query.UploadIdMarker)];
        while (next is not null)
        {
            UploadPage page = await store.ListMultipartUploadsAsync(next, cancellationToken);
            yield return page;

            if (page.IsTruncated && (page.NextKeyMarker is null || !markers.Add((page.NextKeyMarker, page.NextUploadIdMarker))))
            {
                throw Failure.ListBroken(S3Uri.Of(query.BucketName, query.Prefix));
            }

            // S3 ignores an upload id marker without its key marker, so both go on together. A directory bucket takes none.
            next = page.IsTruncated
                ? next with { KeyMarker = page.NextKeyMarker, UploadIdMarker = isDirectory ? null : page.NextUploadIdMarker }
                : null;
        }
    }

    /// <summary>The same upload with all that ListParts tells of it.</summary>
    internal static async Task<MultipartUpload> WithPartsAsync(IObjectStore store, MultipartUpload upload,
        CancellationToken cancellationToken)
    {
        List<UploadPart> parts = [];
        PartPage? first = null;
        await foreach (PartPage page in PartList.PagesAsync(store, upload.Target, cancellationToken))
        {
            first ??= page;
            parts.AddRange(page.Parts.Select(part => PartList.ToPart(upload, part, isListed: true)));
        }

        return new MultipartUpload
        {
            BucketName = upload.BucketName,
            Key = upload.Key,
            UploadId = upload.UploadId,
            Region = upload.Region,
            EndpointUrl = upload.EndpointUrl,
            ProfileName = upload.ProfileName,
            Initiated = upload.Initiated,
            AbortDate = first?.AbortDate,
            AbortRuleId = first?.AbortRuleId,
            StorageClass = first?.StorageClass ?? upload.StorageClass,
            ChecksumAlgorithm = first?.ChecksumAlgorithm ?? upload.ChecksumAlgorithm,
            ChecksumType = first?.ChecksumType ?? upload.ChecksumType,
            Owner = upload.Owner ?? first?.Owner,
            Initiator = upload.Initiator ?? first?.Initiator,
            RequestCharged = first?.RequestCharged ?? upload.RequestCharged,
            CustomerKey = upload.CustomerKey,
            Parts = parts,
            PartCount = parts.Count,
            StoredBytes = parts.Sum(part => part.Size),
            Connection = upload.Connection,
            Progress = upload.Progress,
        };
    }

    private static MultipartUpload ToUpload(S3Connection connection, string bucketName, ListedUpload listed, string? requestCharged) =>
        new()
        {
            BucketName = bucketName,
            Key = listed.Key,
            UploadId = listed.UploadId,
            Region = connection.Region,
            EndpointUrl = connection.EndpointUrl,
            ProfileName = connection.ProfileName,
            Initiated = listed.Initiated,
            StorageClass = listed.StorageClass,
            ChecksumAlgorithm = listed.ChecksumAlgorithm,
            ChecksumType = listed.ChecksumType,
            Owner = listed.Owner,
            Initiator = listed.Initiator,
            RequestCharged = requestCharged,
            Connection = connection,
        };
}
