namespace S3Multipart.Core.Inputs;

/// <summary>An object to read the properties of: the source of a copy, with its conditions, or the object of an upload.</summary>
internal sealed record CopySource(string BucketName, string Key, string? VersionId)
{
    internal SseCustomerKey? CustomerKey { get; init; }

    internal string? ExpectedBucketOwner { get; init; }

    internal string? IfMatch { get; init; }

    internal string? IfNoneMatch { get; init; }

    internal DateTime? IfModifiedSince { get; init; }

    internal DateTime? IfUnmodifiedSince { get; init; }

    /// <summary>True for the object that an upload becomes: who owns its bucket is a matter of the connection.</summary>
    internal bool IsOfUpload { get; private init; }

    /// <summary>The object that an upload becomes, or has become.</summary>
    internal static CopySource OfUpload(string bucketName, string key, SseCustomerKey? customerKey, string? versionId = null) =>
        new(bucketName, key, versionId) { CustomerKey = customerKey, IsOfUpload = true };
}
