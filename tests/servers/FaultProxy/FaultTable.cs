namespace FaultProxy;

/// <summary>The fault rules in force, the open connections, and the counters of both.</summary>
internal sealed class FaultTable
{
    private readonly Lock _gate = new();
    private readonly HashSet<Connection> _open = [];
    private List<FaultRule> _rules = [];
    private TaskCompletionSource _release = NewRelease();
    private long _up;
    private long _down;
    private int _connections;

    /// <summary>Completes when the connections on hold are released.</summary>
    public Task Released
    {
        get
        {
            lock (_gate)
                return _release.Task;
        }
    }

    /// <summary>Replaces all rules, and sets the counters to zero.</summary>
    public void Set(List<FaultRule> rules)
    {
        lock (_gate)
        {
            _rules = rules;
            (_up, _down, _connections) = (0, 0, 0);
        }
    }

    /// <summary>The first rule that is due for a request, or for a connection if the line is null. Every match is counted.</summary>
    public FaultRule? Next(string? requestLine)
    {
        lock (_gate)
        {
            FaultRule? next = null;
            foreach (FaultRule rule in _rules.Where(r => r.Matches(requestLine)))
            {
                rule.Matched++;
                if (next is null && rule.Matched >= rule.Nth && rule.Matched < rule.Nth + rule.Times)
                    next = rule;
            }
            return next;
        }
    }

    public void CountApplied(FaultRule rule)
    {
        lock (_gate)
            rule.Applied++;
    }

    public void CountBytes(long up, long down)
    {
        Interlocked.Add(ref _up, up);
        Interlocked.Add(ref _down, down);
    }

    public void Add(Connection connection)
    {
        lock (_gate)
        {
            _connections++;
            _open.Add(connection);
        }
    }

    public void Remove(Connection connection)
    {
        lock (_gate)
            _open.Remove(connection);
    }

    public void Release()
    {
        lock (_gate)
        {
            _release.SetResult();
            _release = NewRelease();
        }
    }

    public void ResetConnections()
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

    private static TaskCompletionSource NewRelease() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
