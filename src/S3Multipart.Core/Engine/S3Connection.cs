namespace S3Multipart.Store;

/// <summary>A store and where it is: what travels unseen with an upload from the head of a pipeline to its end.</summary>
internal sealed record S3Connection(IObjectStore Store, string? Region, string? EndpointUrl, string? ProfileName)
{
    internal ConnectionSettings Settings { get; init; } = new();

    /// <summary>The same store with another patience for silence; null where it has none.</summary>
    internal Func<TimeSpan, IObjectStore>? WithTimeout { get; init; }

    /// <summary>The pace of all requests over this connection, whichever cmdlet makes them.</summary>
    internal RequestPace Pace { get; } = new();

    /// <summary>True when nothing named a Region and the default was taken.</summary>
    internal bool IsRegionGuessed { get; init; }
}
