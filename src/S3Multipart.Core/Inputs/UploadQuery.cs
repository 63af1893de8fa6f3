using S3Multipart.Core.Buckets;

namespace S3Multipart.Core.Inputs;

/// <summary>Which uploads to list.</summary>
internal sealed record UploadQuery
{
    internal required string BucketName { get; init; }

    internal string? Prefix { get; init; }

    internal string? Delimiter { get; init; }

    internal string? KeyMarker { get; init; }

    internal string? UploadIdMarker { get; init; }

    /// <summary>The most uploads of one page; null for as many as the store puts into one.</summary>
    internal int? PageSize { get; init; }

    /// <summary>The prefix that lists a key in this kind of bucket. A directory bucket takes no prefix that is not a folder.</summary>
    internal static string PrefixOf(BucketAddress bucket, string key) =>
        bucket.Type == BucketType.Directory ? key[..(key.LastIndexOf('/') + 1)] : key;
}
