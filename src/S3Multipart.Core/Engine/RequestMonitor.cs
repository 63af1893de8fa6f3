namespace S3Multipart.Core.Engine;

/// <summary>Counts the requests of a cmdlet, and tells which are being retried. Written to from any thread.</summary>
internal sealed class RequestMonitor(TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long _requests;
    private long _retries;
    private int _retrying;
    private long _lastSuccess = (clock ?? TimeProvider.System).GetTimestamp();
    private volatile Retry? _lastRetry;

    /// <summary>All requests, with those that were sent again.</summary>
    internal long Requests => Interlocked.Read(ref _requests);

    /// <summary>Those that were sent again after a failure.</summary>
    internal long Retries => Interlocked.Read(ref _retries);

    /// <summary>How many requests have failed and are waiting to be sent again, or are being sent again.</summary>
    internal int Retrying => Volatile.Read(ref _retrying);

    /// <summary>How long ago a request succeeded, or the first one began.</summary>
    internal TimeSpan SinceSuccess => _clock.GetElapsedTime(Interlocked.Read(ref _lastSuccess));

    /// <summary>The latest retry, as it is to be shown: "retry 3 of 8 in 12 s: SlowDown"; null while none is under way.</summary>
    internal string? RetryText
    {
        get
        {
            if (Retrying == 0 || _lastRetry is not { } retry)
            {
                return null;
            }

            double seconds = Math.Ceiling((retry.At - _clock.GetUtcNow()).TotalSeconds);
            string when = seconds > 0 ? FormattableString.Invariant($" in {seconds:0} s") : "";
            return FormattableString.Invariant($"retry {retry.Number} of {retry.Most}{when}: {retry.Reason}");
        }
    }

    internal void Sends(bool isRetry)
    {
        if (Interlocked.Increment(ref _requests) == 1)
        {
            _ = Interlocked.Exchange(ref _lastSuccess, _clock.GetTimestamp());
        }

        _ = isRetry ? Interlocked.Increment(ref _retries) : 0;
    }

    internal void Succeeds() => Interlocked.Exchange(ref _lastSuccess, _clock.GetTimestamp());

    /// <summary>Notes that a request has failed and will be sent again.</summary>
    /// <param name="number">Which retry that will be, counted from 1.</param>
    /// <param name="most">How often it is sent again at most.</param>
    /// <param name="wait">How long from now.</param>
    /// <param name="reason">S3's error code, or the id of the failure.</param>
    internal void Waits(int number, int most, TimeSpan wait, string reason)
    {
        _lastRetry = new Retry(number, most, _clock.GetUtcNow() + wait, reason);
        _ = number == 1 ? Interlocked.Increment(ref _retrying) : 0;
    }

    /// <summary>Notes that a request that was retried has ended, in either way.</summary>
    internal void EndsRetrying() => Interlocked.Decrement(ref _retrying);

    private sealed record Retry(int Number, int Most, DateTimeOffset At, string Reason);
}
