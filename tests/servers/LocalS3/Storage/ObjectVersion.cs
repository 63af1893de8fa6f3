namespace LocalS3.Storage;

/// <summary>One version of an object, or a delete marker.</summary>
internal sealed record ObjectVersion
{
    /// <summary>The version id of objects in buckets without versioning.</summary>
    public const string NullVersionId = "null";

    public required string Id { get; init; }
    public required string Key { get; init; }
    public required string VersionId { get; init; }
    public required DateTime LastModified { get; init; }

    /// <summary>Versions are ordered by when their upload started, not by when it was completed.</summary>
    public required DateTime Started { get; init; }

    public bool IsDeleteMarker { get; init; }
    public long Size { get; init; }
    public string ETag { get; init; } = "";
    public ObjectInputs Inputs { get; init; } = new();
    public List<DataSegment> Segments { get; init; } = [];
    public StoredChecksum? Checksum { get; init; }
}

/// <summary>A range of an object's bytes and the file that holds them; without a file they were discarded and are read as zeros.</summary>
internal sealed record DataSegment(string? File, long Length);

internal sealed record StoredChecksum(string Algorithm, string Type, string Value);
