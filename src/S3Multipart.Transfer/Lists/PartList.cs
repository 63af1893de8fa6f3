using System.Runtime.CompilerServices;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Lists;

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

    internal static async Task<PartListing> AllAsync(IObjectStore store, UploadTarget target, CancellationToken cancellationToken)
    {
        List<StoredPart> parts = [];
        PartPage? first = null;
        await foreach (PartPage page in PagesAsync(store, target, cancellationToken))
        {
            first ??= page;
            parts.AddRange(page.Parts);
        }

        return new PartListing(parts, first!);
    }

    /// <param name="origin">Where the part comes from.</param>
    /// <param name="stored">What S3 says of it.</param>
    /// <param name="partCount">How many parts there are, where that is known.</param>
    /// <param name="isResumed">True where it was there already and was not sent again.</param>
    /// <param name="page">The page of the list that it is in, which has more properties of the upload.</param>
    internal static UploadPart ToPart(
        PartOrigin origin, StoredPart stored, int? partCount = null, bool isResumed = false, PartPage? page = null) =>
        (stored.IsETagOpaque ? origin with { IsETagOpaque = true } : origin).AttachTo(new UploadPart
        {
            PartNumber = stored.PartNumber,
            Size = stored.Size,
            ETag = stored.ETag,
            ChecksumAlgorithm = stored.ChecksumAlgorithm,
            Checksum = stored.KnownChecksum,
            Evidence = stored.Evidence?.ToString(),
            LastModified = stored.LastModified,
            CopySourceVersionId = stored.CopySourceVersionId,
            RequestCharged = stored.RequestCharged ?? page?.RequestCharged,
            Encryption = stored.Encryption,
            KmsKeyId = stored.KmsKeyId,
            BucketKeyEnabled = stored.BucketKeyEnabled,
            SseCustomerKeyMD5 = stored.CustomerKeyMD5,
            StorageClass = page?.StorageClass,
            AbortDate = page?.AbortDate,
            AbortRuleId = page?.AbortRuleId,
            Owner = page?.Owner?.Name,
            OwnerId = page?.Owner?.Id,
            Initiator = page?.Initiator?.Name,
            InitiatorId = page?.Initiator?.Id,
            PartCount = partCount,
            BucketName = origin.Upload.BucketName,
            Key = origin.Upload.Key,
            UploadId = origin.Upload.Id,
            Region = origin.Upload.Region,
            EndpointUrl = origin.Upload.EndpointUrl,
            ProfileName = origin.Upload.ProfileName,
            Resumed = isResumed,
        });

    /// <summary>True where all parts that are listed have just the bytes of this run's, by their checksums or MD5s.</summary>
    internal static bool AreSame(IReadOnlyCollection<StoredPart> own, IReadOnlyCollection<StoredPart> listed)
    {
        Dictionary<int, StoredPart> byNumber = own.GroupBy(part => part.PartNumber).ToDictionary(group => group.Key, group => group.Last());
        return listed.Count == byNumber.Count && listed.All(part => byNumber.TryGetValue(part.PartNumber, out StoredPart? mine)
            && mine.Size == part.Size
            && (part.Checksum is not null ? part.Checksum == mine.KnownChecksum && part.ChecksumAlgorithm == mine.ChecksumAlgorithm
                : part.MD5 is not null && part.MD5 == mine.MD5));
    }

    internal static StoredPart ToStored(UploadPart part)
    {
        PartOrigin? origin = PartOrigin.Of(part);
        bool isConfirmed = part.Evidence is not null && part.Evidence == part.ChecksumAlgorithm;
        return new StoredPart
        {
            PartNumber = part.PartNumber,
            Size = part.Size,
            ETag = part.ETag,
            IsETagOpaque = origin is { IsETagOpaque: true } || ETags.AreOpaque(part.BucketName, origin?.Upload.Encryption),
            IsMD5Compared = part.Evidence == Evidence.ETag.ToString(),
            ChecksumAlgorithm = part.ChecksumAlgorithm,
            Checksum = isConfirmed ? part.Checksum : null,
            ComputedChecksum = isConfirmed ? null : part.Checksum,
            LastModified = part.LastModified,
        };
    }
}

/// <summary>All parts that S3 holds of an upload, and what the first page of the list gives of the upload itself.</summary>
internal sealed record PartListing(List<StoredPart> Parts, PartPage First)
{
    internal string? ChecksumAlgorithm => First.ChecksumAlgorithm;

    internal string? ChecksumType => First.ChecksumType;
}
