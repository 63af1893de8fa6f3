namespace LocalS3.Protocol;

/// <summary>The query string as a list of decoded pairs, in the order they were sent.</summary>
internal sealed class QueryParameters
{
    private readonly List<(string Name, string Value)> _pairs = [];

    public QueryParameters(string rawQuery)
    {
        foreach (string pair in rawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            _pairs.Add(equals < 0
                ? (UriText.Decode(pair), "")
                : (UriText.Decode(pair.AsSpan(0, equals)), UriText.Decode(pair.AsSpan(equals + 1))));
        }
    }

    public IReadOnlyList<(string Name, string Value)> Pairs => _pairs;

    public string? this[string name] => _pairs.Where(p => p.Name == name).Select(p => p.Value).FirstOrDefault();

    public bool Has(string name) => _pairs.Any(p => p.Name == name);

    public int Integer(string name, int byDefault, int max)
    {
        if (this[name] is not { } text || text.Length == 0)
            return byDefault;
        if (!long.TryParse(text, out long value) || value is < int.MinValue or > int.MaxValue)
            throw S3Errors.InvalidArgument($"Provided {name} not an integer or within integer range", name, text);
        if (value < 0)
            throw S3Errors.InvalidArgument($"Argument {name} must be an integer between 0 and 2147483647", name, text);
        return (int)Math.Min(value, max);
    }
}
