using System.Diagnostics;
using System.Management.Automation;

namespace S3Multipart.Pipeline;

/// <summary>Counts what leaves, from any thread, and shows it as one progress bar, from the pipeline thread.</summary>
internal sealed class TransferProgress(int activityId)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _lastShown = Stopwatch.GetTimestamp();
    private long _moved;
    private long _expected;
    private int _uploads;
    private bool _isUnknown;
    private bool _wasShown;

    /// <summary>Counts an upload that begins, with its bytes where their number is known.</summary>
    internal void Begin(long? length)
    {
        _ = Interlocked.Increment(ref _uploads);
        _ = Interlocked.Add(ref _expected, length ?? 0);
        _isUnknown |= length is null;
    }

    internal void Move(long bytes) => Interlocked.Add(ref _moved, bytes);

    /// <summary>Shows the bar, unless it was shown a moment ago.</summary>
    internal void Show(Cmdlet cmdlet)
    {
        if (_uploads == 0 || Stopwatch.GetElapsedTime(_lastShown) < s_interval)
        {
            return;
        }

        _lastShown = Stopwatch.GetTimestamp();
        _wasShown = true;
        double moved = Math.Max(0, Interlocked.Read(ref _moved));
        double rate = moved / Stopwatch.GetElapsedTime(_started).TotalSeconds;
        ProgressRecord record = new(activityId, "Uploading to S3", Status(moved, rate));
        if (!_isUnknown && _expected > 0)
        {
            record.PercentComplete = (int)Math.Clamp(100 * moved / _expected, 0, 100);
            record.SecondsRemaining = rate > 0 ? (int)Math.Min((_expected - moved) / rate, int.MaxValue) : -1;
        }

        cmdlet.WriteProgress(record);
    }

    /// <summary>Takes the bar away, if it was ever there.</summary>
    internal void Close(Cmdlet cmdlet)
    {
        if (_wasShown)
        {
            _wasShown = false;
            cmdlet.WriteProgress(new ProgressRecord(activityId, "Uploading to S3", "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private string Status(double moved, double rate)
    {
        string of = _isUnknown ? "" : $" of {ByteSize.Format(_expected)}";
        return Failure.Invariant($"{_uploads} {(_uploads == 1 ? "upload" : "uploads")}, {ByteSize.Format(moved)}{of}, {ByteSize.Format(rate)}/s");
    }
}
