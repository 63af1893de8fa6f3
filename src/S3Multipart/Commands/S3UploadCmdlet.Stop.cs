using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Errors;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>
/// Uploads that were begun when the pipeline ended before they were emitted. No other command knows their ids, so they
/// are aborted; what cannot be aborted in a moment is reported.
/// </summary>
public abstract partial class S3UploadCmdlet
{
    private static readonly TimeSpan s_gracePeriod = TimeSpan.FromSeconds(1);

    // Requests that begin an upload continue for a moment after a stop: cancelled, they would leave uploads with unknown ids.
    private readonly CancellationTokenSource _cutoff = new();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _cutoff.CancelAfter(s_gracePeriod);
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _cutoff.CancelAfter(s_gracePeriod);
        base.Dispose(disposing);
        _cutoff.Dispose();
        PendingUpload[] pendings = [.. TakePending()];
        MultipartUpload[] begun =
            [.. pendings.Select(pending => pending.Upload).OfType<MultipartUpload>().Where(upload => UploadState.Of(upload).IsNew)];
        foreach (MultipartUpload left in Abort(begun))
        {
            WarnHost($"Stopped after '{left}' was begun, which holds no parts and could not be aborted. To remove it: "
                + $"{ResumeLine.Stop(left)}");
        }

        PendingUpload[] unknown = [.. pendings.Where(pending => pending is { IsRequested: true, IsEnded: false })];
        if (unknown.Length > 0)
        {
            string which = unknown.Length == 1 ? $"'{unknown[0].Target}' was" : Failure.Invariant($"{unknown.Length} uploads were");
            WarnHost($"Stopped while {which} being begun: whether S3 has done it is not known. To find out: "
                + ResumeLine.List(unknown[0].BucketName, unknown[0].Connection));
        }
    }

    /// <summary>Removes and returns the uploads whose beginning was requested and that nothing else accounts for.</summary>
    private protected abstract IEnumerable<PendingUpload> TakePending();

    /// <summary>Aborts uploads that hold no parts, and returns those of which that is not known.</summary>
    private static IEnumerable<MultipartUpload> Abort(MultipartUpload[] uploads)
    {
        using CancellationTokenSource end = new(s_gracePeriod);
        Task<MultipartUpload?>[] aborts = [.. uploads.Select(upload => AbortAsync(upload, end.Token))];
        return Task.WhenAll(aborts).GetAwaiter().GetResult().OfType<MultipartUpload>();
    }

    private static async Task<MultipartUpload?> AbortAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        try
        {
            await UploadState.Of(upload).Connection!.ClientWith(log: null).AbortEmptyAsync(upload, cancellationToken);
            return null;
        }
        catch (NoSuchUploadException)
        {
            return null;
        }
        catch (Exception)
        {
            // Why does not matter here: the upload is reported, with the line that removes it.
            return upload;
        }
    }
}
