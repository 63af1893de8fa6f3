using S3Multipart.Core.Inputs;
using S3Multipart.Core.Limits;
using S3Multipart.Core.Planning;

namespace S3Multipart.Core.Engine;

/// <summary>
/// The entry of the private load context, and the one way from the cmdlets to S3. Nothing is sent before an operation is called.
/// </summary>
internal interface IUploadEngine
{
    /// <summary>Makes a connection. Credentials are looked up with the first request.</summary>
    S3Connection Connect(ConnectionSettings settings);

    /// <summary>The transfers of one cmdlet.</summary>
    /// <param name="limits">How many requests, and how many bytes in a second.</param>
    /// <param name="changed">Called from any thread whenever room may have become free or work has ended.</param>
    /// <param name="cancellation">Ends the run: what is in flight is cancelled, what waits is dropped.</param>
    ITransferRun StartRun(RunLimits limits, Action changed, CancellationToken cancellation);

    /// <summary>The state of a file, by opening it: one that cannot be read is refused before anything is sent for it.</summary>
    FileStamp StampOf(string path);

    /// <summary>The state of the file that a path leads to, without opening it; null where there is none.</summary>
    FileStamp? FindStamp(string path);

    /// <summary>The full path with the names that the folders list, from which those that Windows takes for them may differ.</summary>
    string ListedPath(string path);

    IReadOnlyList<string> ListRegions();

    /// <param name="location">The credentials file to read; null for the shared one.</param>
    IReadOnlyList<string> ListProfiles(string? location);

    /// <summary>The general purpose buckets of the account; requested once, without retries. Failures are exceptions of any kind.</summary>
    Task<IReadOnlyList<string>> ListBucketsAsync(ConnectionSettings settings, CancellationToken cancellationToken);
}

/// <summary>What bounds a run.</summary>
/// <param name="Requests">The most requests in flight.</param>
/// <param name="Bandwidth">The most bytes to send in a second; null for no limit.</param>
internal sealed record RunLimits(int Requests, BandwidthLimit? Bandwidth = null)
{
    private const long LeastPerConnection = 8 * S3Limits.MiB;

    /// <summary>As few parts at a time as carry what is allowed: many that share little would all be stored only at the end.</summary>
    internal static RunLimits For(int throttleLimit, BandwidthLimit? bandwidth) => new(
        bandwidth?.Highest is long most ? (int)Math.Clamp(most / LeastPerConnection, 1, throttleLimit) : throttleLimit, bandwidth);
}
