using System.Diagnostics;
using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>
/// What this process knows about the sending of one upload. It keeps Complete from putting together parts that happen to look whole:
/// a stream that has not ended, or a source of which a part failed.
/// </summary>
internal sealed class UploadProgress
{
    private volatile Exception? _failure;
    private volatile bool _isOpen;
    private int _partCount;
    private int _isTold;
    private int _isLeftTold;
    private long _keptBytes;

    /// <summary>When this process first had to do with the upload, as <see cref="Stopwatch"/> counts.</summary>
    internal long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>The first failure since the sending began; null after a new beginning.</summary>
    internal Exception? Failure => _failure;

    /// <summary>True while bytes of unknown number are still to come.</summary>
    internal bool IsOpen => _isOpen;

    /// <summary>Where the bytes of the last sending came from.</summary>
    internal PartSource? Source { get; set; }

    /// <summary>True once any sending of this process has begun.</summary>
    internal bool HasBegun { get; private set; }

    /// <summary>The parts that were found when the upload was taken up; for the first sending only, because later there are more.</summary>
    internal IReadOnlyList<StoredPart>? Found { get; set; }

    /// <summary>The file that the bytes come from.</summary>
    internal string? Path => Source?.Path;

    /// <summary>True when the upload has become an object.</summary>
    internal bool IsCompleted { get; set; }

    /// <summary>True while its completion is requested: until S3 answers nobody knows whether it has become an object.</summary>
    internal bool IsCompleting { get; set; }

    /// <summary>The bytes of parts that were not sent, because S3 had them.</summary>
    internal long KeptBytes => Interlocked.Read(ref _keptBytes);

    /// <summary>True when the upload was aborted after it had failed.</summary>
    internal bool IsStopped { get; set; }

    internal int? PartCount => Volatile.Read(ref _partCount) is int count and > 0 ? count : null;

    internal void Begin(int? partCount)
    {
        HasBegun = true;
        Volatile.Write(ref _isTold, 0);
        _failure = null;
        _isOpen = partCount is null;
        Volatile.Write(ref _partCount, partCount ?? 0);
    }

    internal void End(int partCount)
    {
        Volatile.Write(ref _partCount, partCount);
        _isOpen = false;
    }

    internal void Keep(long bytes) => Interlocked.Add(ref _keptBytes, bytes);

    /// <summary>True the first time, so that of several cmdlets that are stopped together one speaks of the upload.</summary>
    internal bool TellOnce() => Interlocked.Exchange(ref _isTold, 1) == 0;

    /// <summary>True the first time, so that an upload that is left as it is is told of once.</summary>
    internal bool TellLeftOnce() => Interlocked.Exchange(ref _isLeftTold, 1) == 0;

    /// <summary>True where S3 holds nothing of the upload any more.</summary>
    internal bool IsGone => IsStopped || _failure is NoSuchUploadException;

    /// <summary>Notes that the sending was stopped before its end, which is no failure to tell but nothing to complete either.</summary>
    internal void Stop() => Fail(new OperationCanceledException("The upload was stopped."));

    internal void Fail(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null);
}
