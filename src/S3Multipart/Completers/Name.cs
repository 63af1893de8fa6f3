namespace S3Multipart.Completers;

/// <summary>What is completed.</summary>
internal enum NameKind
{
    Region,
    Profile,
    Bucket,
    Prefix,
    Key,
    UploadId,
}

/// <summary>A value that completes a parameter, and what a list of choices shows of it.</summary>
internal sealed record Name(string Value, string? Label = null, string? Tip = null);
