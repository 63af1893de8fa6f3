using System.Diagnostics;
using S3Multipart.Core.Errors;

namespace S3Multipart.Core.Engine;

/// <summary>
/// What this process knows about the transfer of one upload. It keeps Complete from completing parts that only seem to be all:
/// a stream that has not ended, or a source of which a part failed.
/// </summary>
internal sealed class TransferState
{
    private volatile Exception? _failure;
    private volatile bool _isOpen;
    private int _partCount;
    private int _isReported;
    private int _isLeftReported;
    private long _reusedBytes;

    /// <summary>When this process first used the upload, as <see cref="Stopwatch"/> counts.</summary>
    internal long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>The first failure since the transfer began; null after a new beginning.</summary>
    internal Exception? Failure => _failure;

    /// <summary>True while bytes of unknown number are still to come.</summary>
    internal bool IsOpen => _isOpen;

    /// <summary>Where the bytes of the latest transfer come from.</summary>
    internal PartSource? Source { get; set; }

    /// <summary>The file that the bytes come from.</summary>
    internal string? Path => (Source as PartSource.File)?.Path;

    /// <summary>True where the line that sends the upload resumes it by itself when it is run again.</summary>
    internal bool IsRepeatable { get; set; }

    /// <summary>True once any transfer of this process has begun.</summary>
    internal bool HasBegun { get; private set; }

    /// <summary>
    /// The parts that were listed when the upload was resumed; for the first transfer only, because later there are more.
    /// </summary>
    internal IReadOnlyList<StoredPart>? ExistingParts { get; set; }

    /// <summary>True when the upload has become an object.</summary>
    internal bool IsCompleted { get; set; }

    /// <summary>True while its completion is requested: until S3 responds it is not known whether it has become an object.</summary>
    internal bool IsCompleting { get; set; }

    /// <summary>The bytes of the parts that the upload was to be completed with, where they are known.</summary>
    internal long? CompletedBytes { get; set; }

    /// <summary>True when the upload was aborted after it had failed.</summary>
    internal bool IsAborted { get; set; }

    /// <summary>True where S3 holds nothing of the upload any more.</summary>
    internal bool IsGone => IsAborted || _failure is NoSuchUploadException;

    /// <summary>The bytes of parts that were not sent, because S3 had them.</summary>
    internal long ReusedBytes => Interlocked.Read(ref _reusedBytes);

    internal int? PartCount => Volatile.Read(ref _partCount) is int count and > 0 ? count : null;

    internal void Begin(int? partCount)
    {
        HasBegun = true;
        Volatile.Write(ref _isReported, 0);
        _failure = null;
        _isOpen = partCount is null;
        Volatile.Write(ref _partCount, partCount ?? 0);
    }

    internal void End(int partCount)
    {
        Volatile.Write(ref _partCount, partCount);
        _isOpen = false;
    }

    internal void Reuse(long bytes) => Interlocked.Add(ref _reusedBytes, bytes);

    /// <summary>True the first time, so that of several cmdlets that are stopped together one reports the upload.</summary>
    internal bool ReportOnce() => Interlocked.Exchange(ref _isReported, 1) == 0;

    /// <summary>True the first time, so that an upload that is left as it is is reported once.</summary>
    internal bool ReportLeftOnce() => Interlocked.Exchange(ref _isLeftReported, 1) == 0;

    /// <summary>Notes that the transfer was stopped: that is no failure to report, but the upload must not be completed.</summary>
    internal void Stop() => Fail(new OperationCanceledException("The upload was stopped."));

    internal void Fail(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null);
}
