using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>Finds the upload in progress that a new one would only repeat.</summary>
internal static class ResumeSearch
{
    /// <param name="store">Where to look.</param>
    /// <param name="input">What a new upload would be begun with.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    internal static async Task<ResumeCandidates> FindAsync(IObjectStore store, CreateInput input, CancellationToken cancellationToken)
    {
        // A directory bucket takes no prefix that is not a folder.
        bool isDirectory = BucketAddress.Parse(input.BucketName).Type == BucketType.Directory;
        UploadQuery query = new()
        {
            BucketName = input.BucketName,
            Prefix = isDirectory ? input.Key[..(input.Key.LastIndexOf('/') + 1)] : input.Key,
        };
        List<ListedUpload> found = [];
        await foreach (UploadPage page in UploadList.PagesAsync(store, query, cancellationToken))
        {
            found.AddRange(page.Uploads.Where(upload => upload.Key == input.Key));

            // Keys come in order, and the exact one is the first that has it as a prefix. Directory buckets know no order.
            if (!isDirectory && page.Uploads.Count > 0 && page.Uploads[^1].Key != input.Key)
            {
                break;
            }
        }

        // Among those of one second, in which S3 counts, the last of the list is taken: the same one each time.
        List<ListedUpload> same =
            [.. found.Where(upload => IsAsAsked(upload, input)).Reverse().OrderByDescending(upload => upload.Initiated)];
        int different = found.Count - same.Count;
        while (same.Count > 0)
        {
            ListedUpload newest = same[0];
            same.RemoveAt(0);
            try
            {
                UploadTarget target = new(input.BucketName, input.Key, newest.UploadId) { CustomerKey = input.Encryption.CustomerKey };
                List<StoredPart> parts = [];
                await foreach (PartPage page in PartList.PagesAsync(store, target, cancellationToken))
                {
                    parts.AddRange(page.Parts);

                    // Some stores tell the checksum in the list of parts only.
                    newest = newest with
                    {
                        ChecksumAlgorithm = newest.ChecksumAlgorithm ?? page.ChecksumAlgorithm,
                        ChecksumType = newest.ChecksumType ?? page.ChecksumType,
                    };
                }

                if (!IsAsAsked(newest, input))
                {
                    different++;
                    continue;
                }

                return new ResumeCandidates(newest, parts, same.Count, different);
            }
            catch (NoSuchUploadException)
            {
                // The list lags behind what was completed or stopped.
            }
        }

        return new ResumeCandidates(null, [], 0, different);
    }

    /// <summary>
    /// Whether the upload was begun with what is asked for now, as far as a list of uploads tells: the storage class and the checksum.
    /// What a list does not tell may be as asked; the list of its parts tells it. Its encryption shows in the answer to each part.
    /// Metadata, tags and the rest S3 tells to nobody before the end.
    /// </summary>
    private static bool IsAsAsked(ListedUpload upload, CreateInput input) =>
        IsSameClass(upload.StorageClass, input.Object.StorageClass)
        && (input.ChecksumAlgorithm is null || upload.ChecksumAlgorithm is null || upload.ChecksumAlgorithm == input.ChecksumAlgorithm)
        && (input.ChecksumType is null || upload.ChecksumType is null || upload.ChecksumType == input.ChecksumType);

    private static bool IsSameClass(string? listed, string? asked) => (listed is null && asked is null)
        || string.Equals(listed ?? "STANDARD", asked ?? "STANDARD", StringComparison.OrdinalIgnoreCase)
        // The one class that a directory bucket or an Outpost has, which nobody needs to ask for.
        || (asked is null && listed is "EXPRESS_ONEZONE" or "OUTPOSTS");
}

/// <summary>What was found to go on with.</summary>
/// <param name="Upload">The upload to take; null for none.</param>
/// <param name="Parts">The parts that it has.</param>
/// <param name="Older">How many older ones of the same settings there are.</param>
/// <param name="Different">How many of other settings.</param>
internal sealed record ResumeCandidates(ListedUpload? Upload, IReadOnlyList<StoredPart> Parts, int Older, int Different);
