using System.Runtime.CompilerServices;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Lists;

/// <summary>The uploads in progress of a bucket, page by page in constant memory.</summary>
internal static class UploadList
{
    internal static async IAsyncEnumerable<UploadPage> PagesAsync(
        IObjectStore store, UploadQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        UploadQuery? next = query;
        bool isDirectory = BucketAddress.Parse(query.BucketName).Type == BucketType.Directory;
        // A directory bucket lists in no order, so an endless list is recognised only by a marker that comes again.
        HashSet<(string?, string?)> markers = [(query.KeyMarker, query.UploadIdMarker)];
        while (next is not null)
        {
            UploadPage page = await store.ListMultipartUploadsAsync(next, cancellationToken);
            yield return page;

            if (page.IsTruncated && (page.NextKeyMarker is null || !markers.Add((page.NextKeyMarker, page.NextUploadIdMarker))))
            {
                throw Failure.ListBroken(S3Uri.Of(query.BucketName, query.Prefix));
            }

            // S3 ignores an upload id marker without its key marker, so both continue together. A directory bucket takes none.
            next = page.IsTruncated
                ? next with { KeyMarker = page.NextKeyMarker, UploadIdMarker = isDirectory ? null : page.NextUploadIdMarker }
                : null;
        }
    }

    /// <summary>The same upload with all that ListParts gives of it.</summary>
    internal static async Task<MultipartUpload> WithPartsAsync(IObjectStore store, MultipartUpload upload,
        CancellationToken cancellationToken)
    {
        PartOrigin origin = new(upload, IsListed: true);
        PartListing listing = await PartList.AllAsync(store, UploadTarget.Of(upload), cancellationToken);
        PartPage first = listing.First;
        List<UploadPart> parts = [.. listing.Parts.Select(part => PartList.ToPart(origin, part))];
        return UploadState.Of(upload).AttachTo(new MultipartUpload
        {
            BucketName = upload.BucketName,
            Key = upload.Key,
            UploadId = upload.UploadId,
            Region = upload.Region,
            EndpointUrl = upload.EndpointUrl,
            ProfileName = upload.ProfileName,
            Initiated = upload.Initiated,
            AbortDate = first.AbortDate,
            AbortRuleId = first.AbortRuleId,
            HasAbortRule = upload.HasAbortRule,
            StorageClass = first.StorageClass ?? upload.StorageClass,
            ChecksumAlgorithm = first.ChecksumAlgorithm ?? upload.ChecksumAlgorithm,
            ChecksumType = first.ChecksumType ?? upload.ChecksumType,
            Owner = upload.Owner ?? first.Owner?.Name,
            OwnerId = upload.OwnerId ?? first.Owner?.Id,
            Initiator = upload.Initiator ?? first.Initiator?.Name,
            InitiatorId = upload.InitiatorId ?? first.Initiator?.Id,
            RequestCharged = first.RequestCharged ?? upload.RequestCharged,
            Parts = parts,
            PartCount = parts.Count,
            StoredBytes = parts.Sum(part => part.Size),
        });
    }

    internal static MultipartUpload ToUpload(
        S3Connection connection, string bucketName, ListedUpload listed, string? requestCharged) =>
        new UploadState { Connection = connection }.AttachTo(new MultipartUpload
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
            Owner = listed.Owner?.Name,
            OwnerId = listed.Owner?.Id,
            Initiator = listed.Initiator?.Name,
            InitiatorId = listed.Initiator?.Id,
            RequestCharged = requestCharged,
        });
}
