using S3Multipart.Core.Encryption;
using S3Multipart.Core.Planning;

namespace S3Multipart.Core.Inputs;

/// <summary>What an upload is created with.</summary>
internal sealed record CreateInput
{
    internal required string BucketName { get; init; }

    internal required string Key { get; init; }

    internal ObjectInput Object { get; init; } = new();

    internal EncryptionInput Encryption { get; init; } = new();

    /// <summary>Null for the default of the bucket's kind.</summary>
    internal string? ChecksumAlgorithm { get; init; }

    internal string? ChecksumType { get; init; }

    /// <summary>True where the line may run on several machines at once, or again: -Resume.</summary>
    internal bool IsResume { get; init; }

    /// <summary>True to begin nothing where an object has the key.</summary>
    internal bool NoClobber { get; init; }

    /// <summary>The file that the bytes will come from, whose extension gives the content type where none is given.</summary>
    internal string? FileName { get; init; }

    /// <summary>How the file is cut; null without a file.</summary>
    internal PartPlan? Plan { get; init; }

    /// <summary>The state of the file.</summary>
    internal FileStamp? Stamp { get; init; }

    /// <summary>The part size that the user requested.</summary>
    internal long? PartSize { get; init; }
}
