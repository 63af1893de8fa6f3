using System.Collections.Concurrent;

namespace S3Multipart.Transfer;

/// <summary>The uploads of a run whose parts are not all in S3: what there is to say when the run is stopped.</summary>
internal sealed class UnfinishedUploads
{
    private readonly ConcurrentDictionary<MultipartUpload, int> _stored = new();

    /// <summary>What the user should know when nothing more is done; null when nothing is left open.</summary>
    internal string? Words
    {
        get
        {
            MultipartUpload[] open = [.. _stored.Keys.Where(upload => upload.Progress.Failure is null or OperationCanceledException)];
            return open.Length switch
            {
                0 => null,
                1 => $"Stopped before all of '{open[0]}' was in S3. The parts that are stay there, and are billed. {ResumeLine.For(open[0])}",
                _ => Failure.Invariant($"Stopped before {open.Length} uploads to '{open[0].BucketName}' were whole. The parts that are in S3 stay there, and are billed. Run the same line again with -Resume on New-S3MultipartUpload to go on, or stop them: Get-S3MultipartUpload {open[0].BucketName} | Stop-S3MultipartUpload"),
            };
        }
    }

    internal void Clear() => _stored.Clear();

    internal void Begin(MultipartUpload upload) => _stored[upload] = 0;

    internal void Stored(UploadPart part)
    {
        if (part.Upload is { } upload && _stored.AddOrUpdate(upload, 1, (_, count) => count + 1) == (part.PartCount ?? upload.Progress.PartCount))
        {
            Ended(upload);
        }
    }

    internal void Ended(MultipartUpload upload) => _ = _stored.TryRemove(upload, out _);
}
