namespace LocalS3.Storage;

/// <summary>A bucket's settings.</summary>
internal sealed record BucketRecord
{
    public required string Name { get; init; }
    public required DateTime Created { get; init; }
    public string? Region { get; init; }
    public string? Versioning { get; init; }
    public List<LifecycleRule> LifecycleRules { get; init; } = [];

    /// <summary>The lifecycle as it was put, in XML.</summary>
    public string? Lifecycle { get; init; }
    public Encryption? DefaultEncryption { get; init; }
    public bool BlocksCustomerKeys { get; init; }
    public bool ObjectLock { get; init; }
    public string? Ownership { get; init; }
}

internal sealed record LifecycleRule(string Id, bool Enabled, string Prefix, int? AbortAfterDays);
