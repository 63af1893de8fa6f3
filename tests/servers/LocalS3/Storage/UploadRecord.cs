namespace LocalS3.Storage;

/// <summary>What CreateMultipartUpload was given, and when the bucket's lifecycle would abort the upload.</summary>
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

internal sealed record StoredPart
{
    public required int PartNumber { get; init; }
    public required long Size { get; init; }
    public required string ETag { get; init; }
    public required DateTime LastModified { get; init; }
    public string? File { get; init; }
    public bool HadChecksum { get; init; }
    public string? ChecksumAlgorithm { get; init; }
    public string? Checksum { get; init; }
}

/// <summary>The request and the result of a completed upload, so that a repeated completion gets the same response.</summary>
internal sealed record CompletedRecord(string Key, IReadOnlyList<(int PartNumber, string ETag)> Parts, ObjectVersion Version);
