using S3Multipart.Sources;

namespace S3Multipart.Transfer;

/// <summary>A file, or some of its parts, as one lane of the scheduler. The file is opened when its first part's turn comes.</summary>
internal static class FileTransfer
{
    /// <param name="scheduler">Where the parts take their turns.</param>
    /// <param name="transfer">The upload and its sink.</param>
    /// <param name="path">The file's full path.</param>
    /// <param name="plan">How the file is cut.</param>
    /// <param name="partNumbers">Which parts to send; null for all.</param>
    internal static void Open(TransferScheduler scheduler, PartTransfer transfer, string path, PartPlan plan, IReadOnlyCollection<int>? partNumbers)
    {
        transfer.Upload.Progress.Begin(plan.Count);
        Lazy<FileSource> file = new(() => OpenAsPlanned(path, plan));
        scheduler.Open(Work(transfer, file, plan, partNumbers), () => Close(file));
    }

    private static IEnumerable<TransferScheduler.Work> Work(
        PartTransfer transfer, Lazy<FileSource> file, PartPlan plan, IReadOnlyCollection<int>? partNumbers)
    {
        foreach (int number in partNumbers ?? Enumerable.Range(1, plan.Count))
        {
            if (transfer.HasFailed)
            {
                yield break;
            }

            yield return cancellation => SendAsync(transfer, file, plan, number, cancellation);
        }
    }

    private static async Task SendAsync(PartTransfer transfer, Lazy<FileSource> file, PartPlan plan, int number, CancellationToken cancellation)
    {
        PartBody body;
        try
        {
            file.Value.CheckUnchanged(number);
            body = file.Value.Part(plan, number);
        }
        catch (S3MultipartException e)
        {
            transfer.Fail(e, number);
            return;
        }

        await transfer.SendAsync(number, body, plan.Count, cancellation);
    }

    private static FileSource OpenAsPlanned(string path, PartPlan plan)
    {
        FileSource file = FileSource.Open(path);
        if (file.Length == plan.Length)
        {
            return file;
        }

        file.Dispose();
        throw Failure.FileChanged(path, 1, Failure.Invariant($"it had {plan.Length:N0} bytes when the upload was planned and has {file.Length:N0} now"));
    }

    private static void Close(Lazy<FileSource> file)
    {
        if (!file.IsValueCreated)
        {
            return;
        }

        try
        {
            file.Value.Dispose();
        }
        catch (S3MultipartException)
        {
            // A Lazy that failed to open the file throws the same failure again; there is nothing to close.
        }
    }
}
