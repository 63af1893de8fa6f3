namespace FaultProxy;

/// <summary>The faults that were asked for, and the count of what has passed.</summary>
internal sealed class FaultTable
{
    private readonly Lock _gate = new();
    private readonly HashSet<Connection> _open = [];
    private List<FaultRule> _rules = [];
    private TaskCompletionSource _release = New();
    private long _up;
    private long _down;
    private int _connections;

    /// <summary>Ends when what is held may go on.</summary>
    public Task Released
    {
        get
        {
            lock (_gate)
                return _release.Task;
        }
    }

    /// <summary>Takes the place of all rules and counts there were.</summary>
    public void Set(List<FaultRule> rules)
    {
        lock (_gate)
        {
            _rules = rules;
            (_up, _down, _connections) = (0, 0, 0);
        }
    }

    /// <summary>The first rule that strikes a request, or with null a connection; every rule that matches counts it.</summary>
    public FaultRule? Strike(string? line)
    {
        lock (_gate)
        {
            FaultRule? struck = null;
            foreach (FaultRule rule in _rules.Where(r => r.Matches(line)))
            {
                rule.Matched++;
                if (struck is null && rule.Matched >= rule.Nth && rule.Matched < rule.Nth + rule.Times)
                    struck = rule;
            }
            return struck;
        }
    }

    public void Struck(FaultRule rule)
    {
        lock (_gate)
            rule.Struck++;
    }

    public void Moved(long up, long down)
    {
        Interlocked.Add(ref _up, up);
        Interlocked.Add(ref _down, down);
    }

    public void Opened(Connection connection)
    {
        lock (_gate)
        {
            _connections++;
            _open.Add(connection);
        }
    }

    public void Closed(Connection connection)
    {
        lock (_gate)
            _open.Remove(connection);
    }

    public void Release()
    {
        lock (_gate)
        {
            _release.SetResult();
            _release = New();
        }
    }

    public void Cut()
    {
        lock (_gate)
        {
            foreach (Connection connection in _open)
                connection.Reset();
        }
    }

    public object Report()
    {
        lock (_gate)
            return new
            {
                Connections = _connections,
                Open = _open.Count,
                Up = _up,
                Down = _down,
                Rules = _rules.Select(r => r with { }).ToList(),
            };
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
