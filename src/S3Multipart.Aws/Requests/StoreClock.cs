using System.Collections.Concurrent;
using Amazon;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// How far the clock of each store is ahead of this machine's, as a store says that refuses a request for its time. One store says
/// nothing of another's clock, none is accepted that is a day away, and what was said is forgotten, because clocks are set right.
/// </summary>
internal static class StoreClock
{
    private static readonly TimeSpan s_mostAhead = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_life = TimeSpan.FromHours(1);
    private static readonly ConcurrentDictionary<string, (TimeSpan Ahead, long Ends)> s_clocks = new(StringComparer.Ordinal);

    /// <summary>The time to sign a request with. Where the store has said nothing, the SDK's own setting holds.</summary>
    internal static DateTime UtcNow(S3Endpoint endpoint) => DateTime.UtcNow
        + (s_clocks.TryGetValue(endpoint.Origin, out (TimeSpan Ahead, long Ends) clock) && Environment.TickCount64 < clock.Ends
            ? clock.Ahead
            : AWSConfigs.ManualClockCorrection ?? TimeSpan.Zero);

    /// <summary>Takes note of a store's time. False where it is missing or not accepted.</summary>
    internal static bool Set(S3Endpoint? endpoint, DateTimeOffset? date)
    {
        if (endpoint is null || date is not { } reported
            || (reported.UtcDateTime - DateTime.UtcNow is var ahead && ahead.Duration() > s_mostAhead))
        {
            return false;
        }

        s_clocks[endpoint.Origin] = (ahead, Environment.TickCount64 + (long)s_life.TotalMilliseconds);
        return true;
    }
}
