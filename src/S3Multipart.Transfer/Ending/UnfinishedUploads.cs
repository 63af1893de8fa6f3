using System.Collections.Concurrent;

namespace S3Multipart.Transfer;

/// <summary>The uploads of a run that are not objects yet: what there is to say when the run is stopped.</summary>
internal sealed class UnfinishedUploads
{
    private readonly ConcurrentDictionary<MultipartUpload, bool> _begun = new();
    private int _count;

    /// <summary>What the user should know when nothing more is done; null when nothing is left, or all of it was told.</summary>
    internal string? Words
    {
        get
        {
            MultipartUpload[] open = [.. _begun.Keys.Where(upload => !upload.Progress.IsCompleted && upload.Progress.TellOnce())];
            return open.Length switch
            {
                0 => null,
                1 => $"Stopped before '{open[0]}' was complete. Its parts stay in S3, and are billed. {ResumeLine.For(open[0])}",
                _ => Failure.Invariant($"Stopped before {open.Length} uploads were complete. Their parts stay in S3, and are billed. ")
                    + "Run the same line again with -Resume on New-S3MultipartUpload to go on. "
                    + $"What is in progress shows: {ResumeLine.ListOf(open[0])}",
            };
        }
    }

    internal void Begin(MultipartUpload upload)
    {
        _begun[upload] = true;

        // A run of very many files is not to hold on to all of them.
        if (Interlocked.Increment(ref _count) % 256 == 0)
        {
            foreach (MultipartUpload done in _begun.Keys.Where(begun => begun.Progress.IsCompleted))
            {
                Ended(done);
            }
        }
    }

    internal void Clear() => _begun.Clear();

    internal void Ended(MultipartUpload upload) => _ = _begun.TryRemove(upload, out _);
}
