using System.Runtime.CompilerServices;
using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>The parts that S3 holds, page by page, and their public form.</summary>
internal static class PartList
{
    internal static async IAsyncEnumerable<PartPage> PagesAsync(
        IObjectStore store, UploadTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int? marker = 0;
        while (marker is int from)
        {
            PartPage page = await store.ListPartsAsync(target, from, cancellationToken);
            yield return page;

            if (page.NextMarker <= from)
            {
                throw Failure.ListBroken(target.ToString());
            }

            marker = page.NextMarker;
        }
    }

    internal static async Task<List<StoredPart>> AllAsync(IObjectStore store, UploadTarget target, CancellationToken cancellationToken)
    {
        List<StoredPart> parts = [];
        await foreach (PartPage page in PagesAsync(store, target, cancellationToken))
        {
            parts.AddRange(page.Parts);
        }

        return parts;
    }

    internal static UploadPart ToPart(
        MultipartUpload upload,
        StoredPart stored,
        int? partCount = null,
        bool isListed = false,
        bool isResumed = false,
        bool isSelected = false) => new()
        {
            PartNumber = stored.PartNumber,
            Size = stored.Size,
            ETag = stored.ETag,
            ChecksumAlgorithm = stored.ChecksumAlgorithm,
            Checksum = stored.KnownChecksum,
            Evidence = stored.Evidence?.ToString(),
            IsETagOpaque = stored.IsETagOpaque,
            LastModified = stored.LastModified,
            CopySourceVersionId = stored.CopySourceVersionId,
            RequestCharged = stored.RequestCharged,
            PartCount = partCount,
            BucketName = upload.BucketName,
            Key = upload.Key,
            UploadId = upload.UploadId,
            Region = upload.Region,
            EndpointUrl = upload.EndpointUrl,
            ProfileName = upload.ProfileName,
            Upload = upload,
            IsListed = isListed,
            Resumed = isResumed,
            IsSelected = isSelected,
        };

    internal static StoredPart ToStored(UploadPart part)
    {
        bool isConfirmed = part.Evidence is not null && part.Evidence == part.ChecksumAlgorithm;
        return new StoredPart
        {
            PartNumber = part.PartNumber,
            Size = part.Size,
            ETag = part.ETag,
            IsETagOpaque = part.IsETagOpaque || ETags.AreOpaque(part.BucketName, part.Upload?.Encryption),
            IsMD5Compared = part.Evidence == Evidence.ETag.ToString(),
            ChecksumAlgorithm = part.ChecksumAlgorithm,
            Checksum = isConfirmed ? part.Checksum : null,
            ComputedChecksum = isConfirmed ? null : part.Checksum,
            LastModified = part.LastModified,
        };
    }
}
