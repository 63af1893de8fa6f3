namespace S3Multipart.Core.Engine;

/// <summary>The enabled lifecycle rules of a bucket that abort uploads after some days.</summary>
/// <param name="Prefixes">What the keys begin with that each rule is for; empty text for all keys.</param>
internal sealed record AbortRules(IReadOnlyList<string> Prefixes)
{
    internal bool Include(string key) => Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
}
