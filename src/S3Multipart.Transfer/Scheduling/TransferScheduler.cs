namespace S3Multipart.Transfer.Scheduling;

/// <summary>
/// Runs the requests of one cmdlet: at most <c>limit</c> at a time over all lanes, taken from the lanes in turn, so that a small file
/// does not wait behind a large one. A lane is the work of one upload, made only when its turn comes.
/// </summary>
internal sealed class TransferScheduler
{
    private readonly object _gate = new();
    private readonly Queue<Lane> _waiting = new();
    private readonly int _limit;
    private readonly Action _changed;
    private readonly CancellationToken _cancellation;
    private int _running;
    private int _openLanes;

    /// <param name="limit">The most requests in flight.</param>
    /// <param name="changed">Called from any thread whenever a lane has ended.</param>
    /// <param name="cancellation">Ends the work: what runs is cancelled, what waits is dropped.</param>
    internal TransferScheduler(int limit, Action changed, CancellationToken cancellation)
    {
        _limit = limit;
        _changed = changed;
        _cancellation = cancellation;
        _ = cancellation.Register(Dispatch);
    }

    internal delegate Task Work(CancellationToken cancellationToken);

    /// <summary>How many lanes have not ended.</summary>
    internal int OpenLanes
    {
        get
        {
            lock (_gate)
            {
                return _openLanes;
            }
        }
    }

    /// <summary>
    /// True while another lane may be opened: enough are waiting behind those in flight to keep all requests busy. With a limit of one
    /// nothing waits, so that one request is all that ever happens at a time in a pipeline.
    /// </summary>
    internal bool HasRoom => OpenLanes <= 2 * (_limit - 1);

    /// <summary>True when nothing runs and nothing will.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _running == 0 && _openLanes == 0;
            }
        }
    }

    /// <summary>Adds work. A piece of work reports its own failure; one that throws is a fault of this module.</summary>
    /// <param name="work">The requests, made one by one as their turn comes, under a lock: enumerating must be cheap.</param>
    /// <param name="ended">Called once, after the last request has ended.</param>
    internal void Open(IEnumerable<Work> work, Action? ended = null)
    {
        lock (_gate)
        {
            _openLanes++;
            _waiting.Enqueue(new Lane(work.GetEnumerator(), ended));
        }

        Dispatch();
    }

    internal void Open(Work work) => Open([work]);

    private void Dispatch()
    {
        while (true)
        {
            Lane? lane;
            Work? work = null;
            lock (_gate)
            {
                if (_cancellation.IsCancellationRequested)
                {
                    if (!_waiting.TryDequeue(out lane))
                    {
                        return;
                    }

                    lane.IsDrained = true;
                }
                else if (_running >= _limit || !_waiting.TryDequeue(out lane))
                {
                    return;
                }
                else if (lane.TryTake(out work))
                {
                    _running++;
                    if (!lane.IsDrained)
                    {
                        _waiting.Enqueue(lane);
                    }
                }
            }

            if (work is not null)
            {
                _ = Task.Run(() => RunAsync(lane, work));
            }
            else
            {
                EndIfDone(lane);
            }
        }
    }

    private async Task RunAsync(Lane lane, Work work)
    {
        try
        {
            await work(_cancellation);
        }
        finally
        {
            lock (_gate)
            {
                lane.Running--;
            }

            EndIfDone(lane);
            lock (_gate)
            {
                _running--;
            }

            Dispatch();
            _changed();
        }
    }

    private void EndIfDone(Lane lane)
    {
        lock (_gate)
        {
            if (!lane.IsDrained || lane.Running > 0 || lane.HasEnded)
            {
                return;
            }

            lane.HasEnded = true;
        }

        lane.Next.Dispose();
        lane.Ended?.Invoke();
        lock (_gate)
        {
            _openLanes--;
        }

        _changed();
    }

    private sealed class Lane
    {
        internal Lane(IEnumerator<Work> next, Action? ended)
        {
            Next = next;
            Ended = ended;
            IsDrained = !next.MoveNext();
        }

        internal IEnumerator<Work> Next { get; }

        internal Action? Ended { get; }

        internal int Running { get; set; }

        /// <summary>True once there is no more work to take. Known one step ahead, so that a lane ends with its last request.</summary>
        internal bool IsDrained { get; set; }

        internal bool HasEnded { get; set; }

        internal bool TryTake(out Work? work)
        {
            work = IsDrained ? null : Next.Current;
            if (work is not null)
            {
                Running++;
                IsDrained = !Next.MoveNext();
            }

            return work is not null;
        }
    }
}
