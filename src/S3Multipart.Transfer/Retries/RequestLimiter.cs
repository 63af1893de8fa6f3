namespace S3Multipart.Transfer.Retries;

/// <summary>
/// How many requests may be in flight to one place. There is no limit until S3 says that it is overloaded; then it is half of what
/// was in flight, and grows by one with each round of requests that succeed.
/// </summary>
internal sealed class RequestLimiter
{
    private readonly object _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _limit = int.MaxValue;
    private int _running;
    private int _succeeded;
    private int _epoch;
    private volatile bool _wasReached;

    /// <summary>True once anything was answered: then a connection that cannot be made is a fault that may pass, not a wrong
    /// address.</summary>
    internal bool WasReached => _wasReached;

    internal int Limit
    {
        get
        {
            lock (_gate)
            {
                return _limit;
            }
        }
    }

    /// <summary>Notes a response. It is never reset, so that no thread can undo what another has seen.</summary>
    internal void Reach() => _wasReached = true;

    /// <summary>Waits for a turn. The result is disposed of when the request has ended.</summary>
    internal async ValueTask<int> EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_running < _limit)
            {
                _running++;
                return _epoch;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        using (cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken)))
        {
            await turn.Task;
        }

        lock (_gate)
        {
            return _epoch;
        }
    }

    internal void Leave(int epoch, bool wasThrottled, bool hasSucceeded)
    {
        lock (_gate)
        {
            // All requests in flight get the response of one overload; only the first of these responses counts.
            if (wasThrottled && epoch == _epoch)
            {
                _limit = Math.Max(1, Math.Min(_limit, _running) / 2);
                _epoch++;
                _succeeded = 0;
            }
            else if (hasSucceeded && _limit < int.MaxValue && ++_succeeded >= _limit)
            {
                _limit++;
                _succeeded = 0;
            }

            _running--;
            while (_running < _limit && _waiting.TryDequeue(out TaskCompletionSource? next))
            {
                // One whose request was cancelled while it waited takes no turn.
                _running += next.TrySetResult() ? 1 : 0;
            }
        }
    }
}
