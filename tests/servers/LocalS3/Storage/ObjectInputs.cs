namespace LocalS3.Storage;

/// <summary>The properties that CreateMultipartUpload and PutObject set on an object.</summary>
internal sealed record ObjectInputs
{
    public Dictionary<string, string> Headers { get; init; } = [];
    public Dictionary<string, string> Metadata { get; init; } = [];
    public List<Tag> Tags { get; init; } = [];
    public string? CannedAcl { get; init; }
    public List<Grant> Grants { get; init; } = [];
    public string StorageClass { get; init; } = "STANDARD";
    public string? WebsiteRedirectLocation { get; init; }
    public Encryption Encryption { get; init; } = Encryption.Default;
    public string? LockMode { get; init; }
    public DateTime? RetainUntil { get; init; }
    public string? LegalHold { get; init; }

    public bool HasObjectLock => LockMode is not null || LegalHold is not null;
}

internal sealed record Tag(string Key, string Value);

internal sealed record Grant(string Permission, string GranteeType, string Grantee);
