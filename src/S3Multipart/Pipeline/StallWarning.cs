using S3Multipart.Core.Engine;
using S3Multipart.Core.Text;

namespace S3Multipart.Pipeline;

/// <summary>Says once a minute that nothing succeeds and requests are being retried, for logs and hosts that show no progress.</summary>
internal sealed class StallWarning(RequestMonitor requests)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private TimeSpan _next = s_interval;

    /// <summary>The warning that is due; null where there is none.</summary>
    internal string? Take()
    {
        TimeSpan stalled = requests.SinceSuccess;
        if (stalled < s_interval || requests.RetryText is not { } retry)
        {
            _next = stalled < s_interval ? s_interval : _next;
            return null;
        }

        if (stalled < _next)
        {
            return null;
        }

        _next = stalled + s_interval;
        return $"No request has succeeded for {Count.Of((int)stalled.TotalMinutes, "minute")}; being retried: {requests.Retrying}. "
            + $"The latest: {retry}.";
    }
}
