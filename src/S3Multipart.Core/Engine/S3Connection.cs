namespace S3Multipart.Store;

/// <summary>A store and where it is: what travels unseen with an upload from the head of a pipeline to its end.</summary>
internal sealed record S3Connection(IObjectStore Store, string? Region, string? EndpointUrl, string? ProfileName)
{
    internal ConnectionSettings Settings { get; init; } = new();

    /// <summary>The credentials that its requests are signed with, of a type that only their maker knows.</summary>
    internal object? Credentials { get; init; }

    /// <summary>The settings that make this connection again: the same credentials, and the places that were found for it.</summary>
    internal ConnectionSettings Inheritable => Settings with
    {
        Resolved = Credentials,
        Region = IsRegionGuessed ? null : Region,
        EndpointUrl = EndpointUrl,
    };

    /// <summary>The same store with another patience for silence; null where it has none.</summary>
    internal Func<TimeSpan, IObjectStore>? WithTimeout { get; init; }

    /// <summary>The same connection with other limits, where they are given.</summary>
    internal S3Connection Within(ConnectionSettings given)
    {
        ConnectionSettings settings = Settings with
        {
            MaxRetry = given.MaxRetry ?? Settings.MaxRetry,
            Timeout = given.Timeout
            ?? Settings.Timeout
        };
        return this with { Settings = settings, Store = WithTimeout?.Invoke(settings.Limits.Timeout) ?? Store };
    }

    /// <summary>The pace of all requests over this connection, whichever cmdlet makes them.</summary>
    internal RequestPace Pace { get; } = new();

    /// <summary>True when nothing named a Region and the default was taken.</summary>
    internal bool IsRegionGuessed { get; init; }
}
