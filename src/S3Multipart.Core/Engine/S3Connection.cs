using S3Multipart.Core.Inputs;

namespace S3Multipart.Core.Engine;

/// <summary>Where S3 is and how it is reached. What the engine keeps for it is in the record that the engine derives.</summary>
internal abstract record S3Connection
{
    internal string? Region { get; init; }

    internal string? EndpointUrl { get; init; }

    internal string? ProfileName { get; init; }

    internal ConnectionSettings Settings { get; init; } = new();

    /// <summary>The credentials that its requests are signed with, of a type that only the engine knows.</summary>
    internal object? Credentials { get; init; }

    /// <summary>True when nothing named a Region and the default was taken.</summary>
    internal bool IsRegionGuessed { get; init; }

    /// <summary>The settings that make this connection again: the same credentials, and the places that were found for it.</summary>
    internal ConnectionSettings Inheritable => Settings with
    {
        Resolved = Credentials,
        Region = IsRegionGuessed ? null : Region,
        EndpointUrl = EndpointUrl,
    };

    /// <summary>The same connection with other limits, where they are given.</summary>
    internal S3Connection Within(ConnectionSettings given) => this with
    {
        Settings = Settings with { MaxRetry = given.MaxRetry ?? Settings.MaxRetry, Timeout = given.Timeout ?? Settings.Timeout },
    };

    /// <summary>The operations over this connection, within its limits.</summary>
    /// <param name="log">Receives a line for each request; called from any thread. Null for no log.</param>
    /// <param name="warn">Receives warnings about the store, each once; called from any thread. Null to drop them.</param>
    /// <param name="monitor">Counts the requests, and tells which are retried; null to watch none.</param>
    internal abstract IUploadClient ClientWith(Action<string>? log, Action<string>? warn = null, RequestMonitor? monitor = null);

    public sealed override string ToString() => nameof(S3Connection);
}
