namespace S3Multipart.Core.Engine;

/// <summary>What the user, or the parts themselves, add to an upload for its completion.</summary>
internal sealed record CompletionOptions
{
    internal string? IfMatch { get; init; }

    internal bool IfNoneMatch { get; init; }

    /// <summary>True to check the condition before the request to complete, because the store may be one that ignores it.</summary>
    internal bool ChecksFirst { get; init; }

    /// <summary>The size that the object must have.</summary>
    internal long? ObjectSize { get; init; }

    /// <summary>How many parts there are, as the parts themselves say.</summary>
    internal int? PartCount { get; init; }

    /// <summary>True when the user named the parts one by one: then they are all there are.</summary>
    internal bool PartsAreAll { get; init; }

    internal string? ListedChecksumType { get; init; }

    /// <summary>True to compare the parts with the file once more, and to fail where the store does not prove the object.</summary>
    internal bool Verify { get; init; }
}
