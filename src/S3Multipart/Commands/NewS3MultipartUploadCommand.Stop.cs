using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>
/// What becomes of the uploads that were begun ahead when the pipeline ends before they are emitted. Nobody else knows their ids, so they
/// are aborted; what cannot be aborted in a moment is told.
/// </summary>
public sealed partial class NewS3MultipartUploadCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // Requests that begin an upload go on a moment after a stop: broken off, they would leave uploads whose ids are not known.
    private readonly CancellationTokenSource _cutoff = new();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _cutoff.CancelAfter(s_patience);
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _cutoff.CancelAfter(s_patience);
        base.Dispose(disposing);
        _cutoff.Dispose();
        Creation[] left = [.. _order];
        _order.Clear();
        MultipartUpload[] begun = [.. left.Select(creation => creation.Upload).OfType<MultipartUpload>().Where(upload => upload.IsNew)];
        foreach (MultipartUpload kept in Abort(begun))
        {
            TellHost($"Stopped after '{kept}' was begun, which holds no parts and could not be aborted. To remove it: "
                + $"{ResumeLine.Stop(kept)}");
        }

        Creation[] unknown = [.. left.Where(creation => creation is { IsRequested: true, Upload: null, Failure: null })];
        if (unknown.Length > 0)
        {
            string which = unknown.Length == 1 ? $"'{unknown[0].Target}' was" : Failure.Invariant($"{unknown.Length} uploads were");
            TellHost($"Stopped while {which} being begun: whether S3 has done it is not known. It is listed then by: "
                + ResumeLine.List(unknown[0].BucketName, unknown[0].Connection));
        }
    }

    /// <summary>Aborts uploads that hold no parts, and returns those of which that is not known.</summary>
    private static IEnumerable<MultipartUpload> Abort(MultipartUpload[] uploads)
    {
        using CancellationTokenSource patience = new(s_patience);
        Task<MultipartUpload?>[] aborts = [.. uploads.Select(upload => AbortAsync(upload, patience.Token))];
        return Task.WhenAll(aborts).GetAwaiter().GetResult().OfType<MultipartUpload>();
    }

    private static async Task<MultipartUpload?> AbortAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        try
        {
            _ = await upload.Connection!.Store.AbortMultipartUploadAsync(upload.Target, ifInitiated: null, cancellationToken);
            return null;
        }
        catch (NoSuchUploadException)
        {
            return null;
        }
        catch (Exception)
        {
            // Why does not matter here: the upload is told of, with the line that removes it.
            return upload;
        }
    }
}
