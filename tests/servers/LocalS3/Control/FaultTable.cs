using System.Globalization;
using LocalS3.Http;

namespace LocalS3.Control;

/// <summary>The faults that tests have asked for.</summary>
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

    /// <summary>The first rule that strikes this request; every rule that matches counts it.</summary>
    public FaultRule? Strike(S3Request request)
    {
        lock (_gate)
        {
            FaultRule? struck = null;
            foreach (FaultRule rule in _rules.Where(r => Matches(r, request)))
            {
                rule.Matched++;
                bool due = rule.Nth is null && rule.Every is null
                    || rule.Nth == rule.Matched
                    || (rule.Every is { } every && rule.Matched % every == 0);
                if (struck is null && due && (rule.Times is null || rule.Struck < rule.Times))
                {
                    rule.Struck++;
                    struck = rule;
                }
            }
            return struck;
        }
    }

    private static bool Matches(FaultRule rule, S3Request request)
    {
        if (rule.Operation is not (null or "*") && rule.Operation != request.Operation)
            return false;
        if (rule.PartNumber is { } number && request.Query["partNumber"] != number.ToString(CultureInfo.InvariantCulture))
            return false;
        return rule.Key is null || (rule.Key.EndsWith('*')
            ? request.Key.StartsWith(rule.Key[..^1], StringComparison.Ordinal)
            : rule.Key == request.Key);
    }
}
