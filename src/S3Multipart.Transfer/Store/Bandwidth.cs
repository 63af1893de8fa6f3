using System.Diagnostics;

namespace S3Multipart.Transfer.Store;

/// <summary>Spreads the bytes of all parts in flight over time, so that they are sent no faster than requested.</summary>
/// <param name="bytesPerSecond">The bound, for all that share this object.</param>
/// <param name="connections">How many share it.</param>
internal sealed class Bandwidth(long bytesPerSecond, int connections)
{
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private long _free = Stopwatch.GetTimestamp();

    /// <summary>How much to send at once: little where little may be sent, so that no connection is idle for long.</summary>
    internal int SliceSize(int most) => (int)Math.Clamp(bytesPerSecond / (4 * connections), 1024, most);

    /// <summary>Waits until a number of bytes may be sent.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="waited">Called at least once a second, so that waiting is not taken for a stalled request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async ValueTask TakeAsync(int bytes, Action waited, CancellationToken cancellationToken)
    {
        long turn;
        lock (_gate)
        {
            turn = Math.Max(_free, Stopwatch.GetTimestamp());
            _free = turn + (long)((double)bytes / bytesPerSecond * Stopwatch.Frequency);
        }

        for (TimeSpan rest = Rest(); rest > TimeSpan.Zero; rest = Rest())
        {
            await Task.Delay(rest < s_longestDelay ? rest : s_longestDelay, cancellationToken);
            waited();
        }

        TimeSpan Rest() => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), turn);
    }
}
