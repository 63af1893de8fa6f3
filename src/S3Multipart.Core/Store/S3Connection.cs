namespace S3Multipart.Store;

/// <summary>A store and where it is: what travels unseen with an upload from the head of a pipeline to its end.</summary>
internal sealed record S3Connection(IObjectStore Store, string? Region, string? EndpointUrl, string? ProfileName);
