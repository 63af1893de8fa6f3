namespace S3Multipart.Core.Inputs;

/// <summary>The object that a copy reads, and what it demands of it.</summary>
internal sealed record CopySource(string BucketName, string Key, string? VersionId)
{
    internal SseCustomerKey? CustomerKey { get; init; }

    internal string? ExpectedBucketOwner { get; init; }

    internal string? IfMatch { get; init; }

    internal string? IfNoneMatch { get; init; }

    internal DateTime? IfModifiedSince { get; init; }

    internal DateTime? IfUnmodifiedSince { get; init; }
}
