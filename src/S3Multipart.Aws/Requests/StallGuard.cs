namespace S3Multipart.Aws.Requests;

/// <summary>
/// Ends a request whose other side is silent: when no byte was transferred for a while, however long the request may take. Distinguished
/// from the user's own stop.
/// </summary>
internal sealed class StallGuard : IDisposable
{
    /// <summary>What a store is granted to put the bytes of a part away before it answers, beyond the usual idle timeout.</summary>
    private const long BytesPerSecond = 16 << 20;

    /// <summary>A response that trickles in, as that of Complete may, is waited for no longer than this many idle timeouts.</summary>
    private const int ResponseTimeouts = 30;

    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _user;
    private readonly TimeSpan _idleTimeout;
    private long _armed;
    private long _responseEnds = long.MaxValue;

    internal StallGuard(TimeSpan idleTimeout, CancellationToken user)
    {
        _user = user;
        _idleTimeout = idleTimeout;
        _source = CancellationTokenSource.CreateLinkedTokenSource(user);
        Arm(idleTimeout);
    }

    internal CancellationToken Token => _source.Token;

    internal TimeSpan IdleTimeout => _idleTimeout;

    internal bool HasStalled => _source.IsCancellationRequested && !_user.IsCancellationRequested;

    /// <summary>Bytes have moved.</summary>
    internal void Moved()
    {
        // Setting the timer for each slice would cost more than it gives.
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref _armed) > 500 && now < _responseEnds)
        {
            Arm(_idleTimeout);
        }
    }

    /// <summary>The request has left; what follows is the response.</summary>
    internal void AwaitResponse(long size)
    {
        _responseEnds = Environment.TickCount64 + (long)(ResponseTimeouts * _idleTimeout.TotalMilliseconds);
        Arm(_idleTimeout + TimeSpan.FromSeconds((double)size / BytesPerSecond));
    }

    public void Dispose() => _source.Dispose();

    private void Arm(TimeSpan time)
    {
        Volatile.Write(ref _armed, Environment.TickCount64);
        try
        {
            _source.CancelAfter(time);
        }
        catch (ObjectDisposedException)
        {
            // A cancelled request may still be writing its last slice while its caller has continued.
        }
    }
}
