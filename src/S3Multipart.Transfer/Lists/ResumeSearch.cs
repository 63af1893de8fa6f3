using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Lists;

/// <summary>Finds the upload in progress that a new one would only repeat.</summary>
internal static class ResumeSearch
{
    /// <param name="store">The store to search.</param>
    /// <param name="input">What a new upload would be begun with.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    internal static async Task<FoundUploads> FindAsync(IObjectStore store, CreateInput input, CancellationToken cancellationToken)
    {
        List<ListedUpload> found = await ListAsync(store, input, cancellationToken);
        List<ListedUpload> same = InOrder(found, input);
        int different = found.Count - same.Count;
        while (same.Count > 0)
        {
            ListedUpload oldest = same[0];
            same.RemoveAt(0);
            try
            {
                UploadTarget target = new(input.BucketName, input.Key, oldest.UploadId) { CustomerKey = input.Encryption.CustomerKey };
                PartListing listing = await PartList.AllAsync(store, target, cancellationToken);

                // Some stores give the checksum in the list of parts only.
                oldest = oldest with
                {
                    ChecksumAlgorithm = oldest.ChecksumAlgorithm ?? listing.ChecksumAlgorithm,
                    ChecksumType = oldest.ChecksumType ?? listing.ChecksumType,
                };
                if (!IsAsRequested(oldest, input))
                {
                    different++;
                    continue;
                }

                return new FoundUploads(oldest, listing.Parts, same.Count, different);
            }
            catch (NoSuchUploadException)
            {
                // The list may still show an upload that was completed or stopped.
            }
        }

        return new FoundUploads(null, [], 0, different);
    }

    /// <summary>
    /// The upload that all runs continue with that began one for the same object at the same time; null where the list shows none yet.
    /// </summary>
    internal static async Task<ListedUpload?> FirstAsync(IObjectStore store, CreateInput input, CancellationToken cancellationToken) =>
        InOrder(await ListAsync(store, input, cancellationToken), input).FirstOrDefault();

    private static async Task<List<ListedUpload>> ListAsync(IObjectStore store, CreateInput input, CancellationToken cancellationToken)
    {
        BucketAddress bucket = BucketAddress.Parse(input.BucketName);
        UploadQuery query = new()
        {
            BucketName = input.BucketName,
            Prefix = UploadQuery.PrefixOf(bucket, input.Key),
        };
        List<ListedUpload> found = [];
        await foreach (UploadPage page in UploadList.PagesAsync(store, query, cancellationToken))
        {
            found.AddRange(page.Uploads.Where(upload => upload.Key == input.Key));

            // Keys come in order, and the exact one is the first that has it as a prefix. Directory buckets know no order.
            if (bucket.Type != BucketType.Directory && page.Uploads.Count > 0 && page.Uploads[^1].Key != input.Key)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>
    /// The oldest first, and within one second, the unit of S3's times, by their ids: the same order on every machine.
    /// </summary>
    private static List<ListedUpload> InOrder(IEnumerable<ListedUpload> found, CreateInput input) =>
    [
        .. found.Where(upload => IsAsRequested(upload, input))
            .OrderBy(upload => upload.Initiated).ThenBy(upload => upload.UploadId, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Whether the upload was begun with what is requested now, as far as a list of uploads shows: the storage class and the checksum.
    /// What a list does not show may be as requested; the list of its parts shows it. Its encryption shows in the response to each part.
    /// Metadata, tags and the rest are shown by no operation before the end.
    /// </summary>
    private static bool IsAsRequested(ListedUpload upload, CreateInput input) =>
        IsSameClass(upload.StorageClass, input.Object.StorageClass)
        && (input.ChecksumAlgorithm is null || upload.ChecksumAlgorithm is null || upload.ChecksumAlgorithm == input.ChecksumAlgorithm)
        && (input.ChecksumType is null || upload.ChecksumType is null || upload.ChecksumType == input.ChecksumType);

    private static bool IsSameClass(string? listed, string? requested) => (listed is null && requested is null)
        || string.Equals(listed ?? "STANDARD", requested ?? "STANDARD", StringComparison.OrdinalIgnoreCase)
        // The one class that a directory bucket or an Outpost has, which need not be requested.
        || (requested is null && listed is "EXPRESS_ONEZONE" or "OUTPOSTS");
}

/// <summary>What was found to resume.</summary>
/// <param name="Upload">The upload to take; null for none.</param>
/// <param name="Parts">The parts that it has.</param>
/// <param name="Others">How many others of the same settings there are.</param>
/// <param name="Different">How many of other settings.</param>
internal sealed record FoundUploads(ListedUpload? Upload, IReadOnlyList<StoredPart> Parts, int Others, int Different);
