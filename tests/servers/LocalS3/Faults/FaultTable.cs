namespace LocalS3.Faults;

/// <summary>The fault rules in force.</summary>
internal sealed class FaultTable
{
    private readonly Lock _gate = new();
    private readonly List<FaultRule> _rules = [];

    public void Add(IEnumerable<FaultRule> rules)
    {
        lock (_gate)
            _rules.AddRange(rules);
    }

    public void Clear()
    {
        lock (_gate)
            _rules.Clear();
    }

    public List<FaultRule> Snapshot()
    {
        lock (_gate)
            return [.. _rules.Select(r => r with { })];
    }

    /// <summary>The first rule that is due for a request; every rule that matches the request counts it.</summary>
    public FaultRule? Next(string operation, string bucket, string key, string? partNumber)
    {
        lock (_gate)
        {
            FaultRule? next = null;
            foreach (FaultRule rule in _rules.Where(r => r.Matches(operation, bucket, key, partNumber)))
            {
                rule.Matched++;
                bool due = rule.Nth is null && rule.Every is null
                    || rule.Nth == rule.Matched
                    || (rule.Every is { } every && rule.Matched % every == 0);
                if (next is null && due && (rule.Times is null || rule.Applied < rule.Times))
                {
                    rule.Applied++;
                    next = rule;
                }
            }
            return next;
        }
    }
}
