using System.Diagnostics;

namespace S3Multipart.Pipeline;

/// <summary>The rate of the latest seconds, in bytes per second: averaged enough to be steady, and quick to show a standstill.</summary>
internal sealed class TransferRate
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Time, long Bytes)> _samples = new([(Stopwatch.GetTimestamp(), 0)]);

    internal double Add(long bytes)
    {
        long now = Stopwatch.GetTimestamp();
        while (_samples.Count > 1 && Stopwatch.GetElapsedTime(_samples.Peek().Time, now) > s_window)
        {
            _ = _samples.Dequeue();
        }

        (long time, long before) = _samples.Peek();
        _samples.Enqueue((now, bytes));
        double seconds = Stopwatch.GetElapsedTime(time, now).TotalSeconds;
        return seconds > 0 ? Math.Max(0, (bytes - before) / seconds) : 0;
    }
}
