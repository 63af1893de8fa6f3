namespace S3Multipart.Store;

/// <summary>A store and where it is: what travels unseen with an upload from the head of a pipeline to its end.</summary>
internal sealed record S3Connection(IObjectStore Store, string? Region, string? EndpointUrl, string? ProfileName)
{
    internal ConnectionSettings Settings { get; init; } = new();

    /// <summary>True when nothing named a Region and the default was taken.</summary>
    internal bool IsRegionGuessed { get; init; }

    /// <summary>True when the bucket is in the path of requests and not in their host.</summary>
    internal bool IsPathStyle { get; init; }
}
