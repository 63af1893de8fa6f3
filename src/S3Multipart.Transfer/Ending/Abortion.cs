using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Ending;

/// <summary>Aborts an upload, so that nothing of it is billed any more.</summary>
internal static class Abortion
{
    private const int Attempts = 5;

    /// <summary>
    /// Aborts, and again until S3 lists no part: a part that was in flight during the abort may have been stored after it.
    /// </summary>
    internal static async Task<StoppedUpload> RunAsync(IObjectStore store, MultipartUpload upload, bool countParts, DateTime? ifInitiated,
        CancellationToken cancellationToken)
    {
        List<StoredPart>? freed = countParts ? await FindPartsAsync(store, UploadTarget.Of(upload), cancellationToken) : null;
        string? requestCharged = null;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                requestCharged = await store.AbortMultipartUploadAsync(UploadTarget.Of(upload), ifInitiated, cancellationToken);
            }
            catch (NoSuchUploadException) when (attempt > 1)
            {
                break;
            }

            int left = await CountPartsAsync(store, UploadTarget.Of(upload), cancellationToken);
            if (left == 0)
            {
                break;
            }

            if (attempt == Attempts)
            {
                throw Failure.UploadStillHoldsParts(upload.ToString(), left);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt), cancellationToken);
        }

        return new StoppedUpload
        {
            BucketName = upload.BucketName,
            Key = upload.Key,
            UploadId = upload.Id,
            Initiated = upload.Initiated,
            PartCount = freed?.Count,
            FreedBytes = freed?.Sum(part => part.Size),
            RequestCharged = requestCharged,
        };
    }

    /// <summary>What will be freed; null where S3 does not say, as without the customer key, which aborting does not need.</summary>
    private static async Task<List<StoredPart>?> FindPartsAsync(IObjectStore store, UploadTarget target,
        CancellationToken cancellationToken)
    {
        try
        {
            return (await PartList.AllAsync(store, target, cancellationToken)).Parts;
        }
        catch (S3ServiceException e) when (e.ErrorCode is "InvalidRequest" or "InvalidArgument" or "AccessDenied")
        {
            return null;
        }
    }

    private static async Task<int> CountPartsAsync(IObjectStore store, UploadTarget target, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.ListPartsAsync(target, marker: 0, cancellationToken)).Parts.Count;
        }
        catch (NoSuchUploadException)
        {
            return 0;
        }
    }
}
