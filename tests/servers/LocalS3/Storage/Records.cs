namespace LocalS3.Storage;

internal sealed record Tag(string Key, string Value);

internal sealed record Grant(string Permission, string GranteeType, string Grantee);

/// <summary>How an object is encrypted at rest, as far as a client can see it. Of a customer's key only a hash is kept.</summary>
internal sealed record Encryption
{
    public const string Aes256 = "AES256";
    public const string Kms = "aws:kms";
    public const string KmsDsse = "aws:kms:dsse";

    public static readonly Encryption Default = new() { Algorithm = Aes256 };

    public string? Algorithm { get; init; }
    public string? KmsKeyId { get; init; }
    public string? Context { get; init; }
    public bool BucketKeyEnabled { get; init; }
    public string? CustomerKeyHash { get; init; }

    public bool IsCustomerKey => CustomerKeyHash is not null;

    public bool IsKms => Algorithm is Kms or KmsDsse;

    /// <summary>Only plain SSE-S3 keeps MD5 as the ETag.</summary>
    public bool HasMd5ETag => Algorithm == Aes256 && !IsCustomerKey;
}

/// <summary>What CreateMultipartUpload and PutObject are given for the object to come.</summary>
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

/// <summary>A stretch of an object's bytes; without a file they are zeros that nobody stored.</summary>
internal sealed record DataSegment(string? File, long Length);

internal sealed record StoredPart
{
    public required int PartNumber { get; init; }
    public required long Size { get; init; }
    public required string ETag { get; init; }
    public required DateTime LastModified { get; init; }
    public string? File { get; init; }
    public bool CameWithChecksum { get; init; }
    public string? ChecksumAlgorithm { get; init; }
    public string? Checksum { get; init; }
}

internal sealed record ObjectPart(int PartNumber, long Size, string? Checksum);

internal sealed record StoredChecksum(string Algorithm, string Type, string Value);

internal sealed record ObjectVersion
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public required string VersionId { get; init; }
    public required DateTime LastModified { get; init; }

    /// <summary>Versions are ordered by when their upload started, which is not when it was completed.</summary>
    public required DateTime Started { get; init; }

    public bool IsDeleteMarker { get; init; }
    public long Size { get; init; }
    public string ETag { get; init; } = "";
    public ObjectInputs Inputs { get; init; } = new();
    public List<DataSegment> Segments { get; init; } = [];
    public List<ObjectPart> Parts { get; init; } = [];
    public StoredChecksum? Checksum { get; init; }
}

internal sealed record UploadRecord
{
    public required string UploadId { get; init; }
    public required string Key { get; init; }
    public required DateTime Initiated { get; init; }
    public ObjectInputs Inputs { get; init; } = new();
    public string? ChecksumAlgorithm { get; init; }
    public string? ChecksumType { get; init; }
    public DateTime? AbortDate { get; init; }
    public string? AbortRuleId { get; init; }
}

internal sealed record LifecycleRule(string Id, bool Enabled, string Prefix, int? AbortAfterDays);

internal sealed record BucketRecord
{
    public required string Name { get; init; }
    public required DateTime Created { get; init; }
    public string? Region { get; init; }
    public string? Versioning { get; init; }
    public string? LifecycleXml { get; init; }
    public List<LifecycleRule> LifecycleRules { get; init; } = [];
    public string? EncryptionXml { get; init; }
    public Encryption? DefaultEncryption { get; init; }
    public bool BlocksCustomerKeys { get; init; }
    public bool ObjectLock { get; init; }
    public string? LockMode { get; init; }
    public int? LockDays { get; init; }
    public string? Ownership { get; init; }
    public string? StorageClass { get; init; }
}
