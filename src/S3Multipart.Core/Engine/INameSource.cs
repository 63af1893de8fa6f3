namespace S3Multipart.Store;

/// <summary>The names that complete a command line, beside those of uploads. Failures are exceptions of any kind.</summary>
internal interface INameSource
{
    IReadOnlyList<string> ListRegions();

    /// <param name="location">The credentials file to look in; null for the shared one.</param>
    IReadOnlyList<string> ListProfiles(string? location);

    /// <summary>The general purpose buckets of the account; asked once, without retries.</summary>
    Task<IReadOnlyList<string>> ListBucketsAsync(ConnectionSettings settings, CancellationToken cancellationToken);
}
