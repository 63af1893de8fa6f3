namespace S3Multipart.Core.Engine;

/// <summary>Counts the requests of a run. Written to from any thread.</summary>
internal sealed class RequestCount
{
    private long _requests;
    private long _retries;

    /// <summary>All requests, with those that were sent again.</summary>
    internal long Requests => Interlocked.Read(ref _requests);

    /// <summary>Those that were sent again after a failure.</summary>
    internal long Retries => Interlocked.Read(ref _retries);

    internal void Add(bool isRetry)
    {
        _ = Interlocked.Increment(ref _requests);
        _ = isRetry ? Interlocked.Increment(ref _retries) : 0;
    }
}
