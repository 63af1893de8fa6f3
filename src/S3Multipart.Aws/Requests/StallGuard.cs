namespace S3Multipart.Aws.Requests;

/// <summary>
/// Ends a request whose other side has gone silent: when no byte has moved for a while, however long the whole may take. Told apart
/// from the user's own stop.
/// </summary>
internal sealed class StallGuard : IDisposable
{
    /// <summary>What a store is granted to put the bytes of a part away before it answers, beyond the usual silence.</summary>
    private const long BytesPerSecond = 16 << 20;

    /// <summary>An answer that trickles in, as that of Complete may, is waited for no longer than this many silences.</summary>
    private const int AnswerSilences = 30;

    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _user;
    private readonly TimeSpan _silence;
    private long _armed;
    private long _answerEnds = long.MaxValue;

    internal StallGuard(TimeSpan silence, CancellationToken user)
    {
        _user = user;
        _silence = silence;
        _source = CancellationTokenSource.CreateLinkedTokenSource(user);
        Arm(silence);
    }

    internal CancellationToken Token => _source.Token;

    internal TimeSpan Silence => _silence;

    internal bool HasStalled => _source.IsCancellationRequested && !_user.IsCancellationRequested;

    /// <summary>Bytes have moved.</summary>
    internal void Moved()
    {
        // Setting the timer for each slice would cost more than it tells.
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref _armed) > 500 && now < _answerEnds)
        {
            Arm(_silence);
        }
    }

    /// <summary>The request has left; what follows is the answer.</summary>
    internal void AwaitAnswer(long size)
    {
        _answerEnds = Environment.TickCount64 + (long)(AnswerSilences * _silence.TotalMilliseconds);
        Arm(_silence + TimeSpan.FromSeconds((double)size / BytesPerSecond));
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
            // A cancelled request may still be writing its last slice while its caller has gone on.
        }
    }
}
