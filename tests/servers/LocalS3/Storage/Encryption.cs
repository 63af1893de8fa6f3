namespace LocalS3.Storage;

/// <summary>How an object is encrypted at rest, as far as a client can see it. Only a hash of a customer's key is stored.</summary>
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

    /// <summary>With any other encryption than SSE-S3 the ETag is no MD5.</summary>
    public bool HasMd5ETag => Algorithm == Aes256 && !IsCustomerKey;
}
