using System.Collections.Concurrent;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Errors;

namespace S3Multipart.Pipeline;

/// <summary>
/// The uploads of a cmdlet that are not objects yet, and the failures that are not written yet: what there is to report when the pipeline
/// is stopped.
/// </summary>
/// <param name="completes">True for the cmdlet that completes uploads, which alone knows how a completion ended.</param>
internal sealed class UnfinishedUploads(bool completes)
{
    private const int MostFailures = 10;
    private const int MostNames = 5;

    private readonly ConcurrentDictionary<MultipartUpload, Exception?> _begun = new();
    private int _count;

    /// <summary>What the user should know when nothing more is done; empty when nothing is left, or all of it was reported.</summary>
    internal IEnumerable<string> TakeMessages()
    {
        (MultipartUpload Upload, Exception? Failure, bool IsCompleting)[] open =
        [
            .. _begun.Select(begun => (Upload: begun.Key, begun.Value, State: UploadState.Of(begun.Key).Transfer))
                .Where(begun => !begun.State.IsCompleted && (completes || !begun.State.IsCompleting) && begun.State.ReportOnce())
                .Select(begun => (begun.Upload, begun.Value ?? FailureOf(begun.State), begun.State.IsCompleting)),
        ];
        (MultipartUpload Upload, Exception? Failure, bool IsCompleting)[] failed = [.. open.Where(begun => begun.Failure is not null)];
        MultipartUpload[] unknown =
            [.. open.Where(begun => begun is { Failure: null, IsCompleting: true }).Select(begun => begun.Upload)];
        MultipartUpload[] rest =
            [.. open.Where(begun => begun is { Failure: null, IsCompleting: false }).Select(begun => begun.Upload)];
        return failed.Take(MostFailures).Select(begun => Failed(begun.Upload, begun.Failure!))
            .Append(failed.Length <= MostFailures ? null
                : Failure.Invariant($"{failed.Length - MostFailures} more uploads failed. {Listed(failed[0].Upload)}"))
            .Append(Unfinished(rest))
            .Append(Unknown(unknown))
            .OfType<string>();
    }

    internal void Begin(MultipartUpload upload)
    {
        _ = _begun.TryAdd(upload, null);

        // A run of very many files must not keep all of them in memory.
        if (Interlocked.Increment(ref _count) % 256 == 0)
        {
            foreach (MultipartUpload done in _begun.Keys.Where(begun => UploadState.Of(begun).Transfer.IsCompleted))
            {
                Ended(done);
            }
        }
    }

    /// <summary>Notes a failure that is yet to be written.</summary>
    internal void Fail(MultipartUpload upload, Exception failure) => _begun[upload] = failure;

    internal void Clear() => _begun.Clear();

    /// <summary>Forgets an upload of which all is reported.</summary>
    internal void Ended(MultipartUpload upload) => _ = _begun.TryRemove(upload, out _);

    private static Exception? FailureOf(TransferState state) =>
        state.Failure is { } failure and not OperationCanceledException ? failure : null;

    private static string Failed(MultipartUpload upload, Exception failure) => UploadState.Of(upload).Transfer.IsGone
        ? $"The upload of '{upload}' failed and S3 holds nothing of it any more: {failure.Message}"
        : $"The upload of '{upload}' failed: {failure.Message} Its parts stay in S3, and are billed. {ResumeLine.Send(upload)}";

    private static string? Unfinished(MultipartUpload[] uploads) => uploads.Length switch
    {
        0 => null,
        1 => $"Stopped before '{uploads[0]}' was complete. Its parts stay in S3, and are billed. "
            + (UploadState.Of(uploads[0]).Transfer.IsRepeatable ? ResumeLine.Again(uploads[0]) : ResumeLine.Send(uploads[0])),
        _ => Failure.Invariant($"Stopped before {uploads.Length} uploads were complete: {Names(uploads)}. Their parts stay in S3, and are ")
            + "billed. "
            + $"{ResumeLine.Again(uploads[0])} {Listed(uploads[0])}",
    };

    private static string? Unknown(MultipartUpload[] uploads) => uploads.Length switch
    {
        0 => null,
        1 => $"Stopped while S3 was completing '{uploads[0]}': whether it is complete is not known. "
            + $"It is still in progress if this lists it: {ResumeLine.Get(uploads[0])}",
        _ => Failure.Invariant($"Stopped while S3 was completing {uploads.Length} uploads: whether they are complete is not known. ")
            + $"Those that this lists are still in progress: {ResumeLine.List(uploads[0])}",
    };

    private static string Names(MultipartUpload[] uploads)
    {
        string named = string.Join(", ", uploads.Take(MostNames).Select(upload => $"'{upload}'"));
        return uploads.Length <= MostNames ? named : Failure.Invariant($"{named} and {uploads.Length - MostNames} more");
    }

    private static string Listed(MultipartUpload upload) => $"To list what is in progress: {ResumeLine.List(upload)}";
}
