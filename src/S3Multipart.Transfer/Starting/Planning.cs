using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Objects;
using S3Multipart.Core.Planning;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Sending;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Starting;

/// <summary>Finds out what sending a file would do, by the requests that sending begins with and by reading the file.</summary>
internal static class Planning
{
    /// <summary>CreateMultipartUpload, and the list that shows whether another run has begun the same upload.</summary>
    private const int RequestsToBegin = 2;

    /// <param name="store">Where to look.</param>
    /// <param name="input">The file, and what its object shall be.</param>
    /// <param name="isPut">True for a file that goes by one request.</param>
    /// <param name="looksFirst">True where the store is asked for the object before it is completed under a condition.</param>
    /// <param name="cancellationToken">Cancels the requests and the reading.</param>
    internal static async Task<SendPlan> RunAsync(
        IObjectStore store, CreateInput input, bool isPut, bool looksFirst, CancellationToken cancellationToken)
    {
        PartPlan plan = input.Plan!.Value;
        if (isPut)
        {
            return new SendPlan(UploadOutcome.Uploaded, 0, plan.Length, 0, Requests: 1);
        }

        int toComplete = 1 + (looksFirst && input.NoClobber ? 1 : 0);
        FoundUploads found = await ResumeSearch.FindAsync(store, input, cancellationToken);
        if (found.Upload is null)
        {
            return new SendPlan(
                UploadOutcome.Uploaded, plan.Count, plan.Length, 0,
                RequestsToBegin + plan.Count + FileTransfer.PagesAmong(plan.Count, existing: 0) + toComplete);
        }

        ExistingParts existing = new(found.Parts);
        plan = existing.Plan(plan.Length, input.PartSize);
        using FileSource file = FileSource.Open(input.FileName!);
        int candidates = 0;
        int reused = 0;
        long reusedBytes = 0;
        for (int number = 1; number <= plan.Count; number++)
        {
            if (existing.Find(plan, number) is { } part)
            {
                candidates++;
                if (await ExistingParts.IsSameAsync(file.Part(plan, number), part, cancellationToken))
                {
                    reused++;
                    reusedBytes += part.Size;
                }
            }
        }

        bool isEncryptionRequested = input.Encryption.Method is not null || input.Encryption.CustomerKey is not null;
        if (reused == plan.Count && isEncryptionRequested)
        {
            // Only the response to a part shows how the upload is encrypted. Parts are resumed from the last to the first.
            reused--;
            reusedBytes -= plan.SizeOf(1);
        }

        return new SendPlan(
            UploadOutcome.Resumed, plan.Count - reused, plan.Length - reusedBytes, reusedBytes,
            plan.Count - reused + FileTransfer.PagesAmong(plan.Count - candidates, candidates) + toComplete);
    }
}
