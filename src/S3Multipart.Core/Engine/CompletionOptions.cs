namespace S3Multipart.Core.Engine;

/// <summary>What the user, or the parts themselves, add to an upload for its completion.</summary>
internal sealed record CompletionOptions
{
    internal string? IfMatch { get; init; }

    internal bool IfNoneMatch { get; init; }

    /// <summary>True to look whether a condition holds before the store is asked, because it may be one that ignores it.</summary>
    internal bool LooksFirst { get; init; }

    /// <summary>The size that the object must have.</summary>
    internal long? ObjectSize { get; init; }

    /// <summary>How many parts there are, as the parts themselves say.</summary>
    internal int? PartCount { get; init; }

    /// <summary>True when the user named the parts one by one: then they are all there are.</summary>
    internal bool PartsAreAll { get; init; }

    internal string? ListedChecksumType { get; init; }

    /// <summary>True to compare the parts with the file once more, and to take for done only what the store proves.</summary>
    internal bool Verify { get; init; }
}
