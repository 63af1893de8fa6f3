namespace S3Multipart.Core.Engine;

/// <summary>A part as S3 describes it.</summary>
internal sealed record StoredPart
{
    internal required int PartNumber { get; init; }

    internal required long Size { get; init; }

    internal required string ETag { get; init; }

    /// <summary>True where the ETag is no MD5, whatever its form.</summary>
    internal bool IsETagOpaque { get; init; }

    /// <summary>The MD5 that the store says the part has, in hex, where the ETag can be one; else null.</summary>
    internal string? MD5 => IsETagOpaque ? null : ETags.MD5Of(ETag);

    /// <summary>True where <see cref="MD5"/> was found equal to the MD5 of the part's bytes.</summary>
    internal bool IsMD5Compared { get; init; }

    internal string? ChecksumAlgorithm { get; init; }

    /// <summary>The checksum that the store says the part has; null where it says none.</summary>
    internal string? Checksum { get; init; }

    /// <summary>The checksum of the bytes as they were sent. It says nothing of what the store holds.</summary>
    internal string? ComputedChecksum { get; init; }

    /// <summary>The checksum that the part must have, whether or not the store has confirmed it.</summary>
    internal string? KnownChecksum => Checksum ?? ComputedChecksum;

    /// <summary>What the store said of the part's bytes; null where it said nothing that can be compared.</summary>
    internal Evidence? Evidence => Checksum is not null && ChecksumAlgorithm is not null ? Evidence.OfChecksum(ChecksumAlgorithm)
        : IsMD5Compared ? Evidence.ETag
        : null;

    internal DateTime? LastModified { get; init; }

    internal string? CopySourceVersionId { get; init; }

    /// <summary>The encryption that S3 said it applied to the part; null where it did not say.</summary>
    internal string? Encryption { get; init; }

    internal string? KmsKeyId { get; init; }

    internal bool? BucketKeyEnabled { get; init; }

    internal string? CustomerKeyMD5 { get; init; }

    internal string? RequestCharged { get; init; }
}
