namespace S3Multipart.Core.Engine;

/// <summary>A bucket of the account.</summary>
/// <param name="Name">The name.</param>
/// <param name="Region">The Region that it is in; null where the store does not say.</param>
internal sealed record ListedBucket(string Name, string? Region);
