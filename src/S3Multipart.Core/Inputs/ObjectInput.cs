namespace S3Multipart.Core.Inputs;

/// <summary>What Create says of the object to be, besides its encryption and checksum. Null means not sent.</summary>
internal sealed record ObjectInput
{
    internal string? CannedAcl { get; init; }

    internal IReadOnlyList<Grant> Grants { get; init; } = [];

    internal string? CacheControl { get; init; }

    internal string? ContentDisposition { get; init; }

    internal string? ContentEncoding { get; init; }

    internal string? ContentLanguage { get; init; }

    internal string? ContentType { get; init; }

    internal DateTime? Expires { get; init; }

    internal IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    internal IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    internal string? StorageClass { get; init; }

    internal string? WebsiteRedirectLocation { get; init; }

    internal string? ObjectLockMode { get; init; }

    internal DateTime? ObjectLockRetainUntilDate { get; init; }

    internal string? ObjectLockLegalHoldStatus { get; init; }

    internal bool HasObjectLock => (ObjectLockMode ?? ObjectLockLegalHoldStatus) is not null || ObjectLockRetainUntilDate is not null;
}
