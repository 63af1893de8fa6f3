using System.Diagnostics;

namespace S3Multipart.Transfer.Store;

/// <summary>Spreads the bytes of all parts in flight over time, so that they are sent no faster than requested.</summary>
/// <param name="limit">The limit, for all that share this object.</param>
/// <param name="connections">How many share it.</param>
/// <param name="clock">What says the time of the day; null for the system's clock.</param>
internal sealed class Bandwidth(BandwidthLimit limit, int connections, TimeProvider? clock = null)
{
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly object _gate = new();
    private long _free = Stopwatch.GetTimestamp();

    /// <summary>How much to send at once: little where little may be sent, so that no connection is idle for long.</summary>
    internal int SliceSize(int most) => limit.Lowest is long lowest ? (int)Math.Clamp(lowest / (4 * connections), 1024, most) : most;

    /// <summary>Waits until a number of bytes may be sent.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="waited">Called at least once a second, so that waiting is not taken for a stalled request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async ValueTask TakeAsync(int bytes, Action waited, CancellationToken cancellationToken)
    {
        if (limit.At(TimeOnly.FromDateTime(_clock.GetLocalNow().DateTime)) is not long bytesPerSecond)
        {
            return;
        }

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
