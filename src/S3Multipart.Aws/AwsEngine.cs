using Amazon.Runtime;
using Amazon.S3;
using S3Multipart.Aws.Identity;
using S3Multipart.Aws.Operations;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Planning;
using S3Multipart.Transfer;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Aws;

/// <summary>The entry of this assembly. Made by name from the private load context, so it keeps a constructor without parameters.</summary>
internal sealed class AwsEngine : IUploadEngine
{
    /// <summary>What sends the requests in tests; null for the pool of the connection.</summary>
    internal HttpMessageInvoker? Http { get; init; }

    public S3Connection Connect(ConnectionSettings settings)
    {
        try
        {
            return Make(settings);
        }
        catch (Exception e) when (e is AmazonClientException or ArgumentException or InvalidOperationException)
        {
            throw AwsFailure.ConnectionInvalid(e);
        }
    }

    public ITransferRun StartRun(RunLimits limits, Action changed, CancellationToken cancellation) =>
        new TransferRun(limits, changed, cancellation);

    public FileStamp StampOf(string path)
    {
        using FileSource source = FileSource.Open(path);
        return source.Stamp;
    }

    public FileStamp? FindStamp(string path) => FileSource.FindStamp(path);

    public string ListedPath(string path) => OperatingSystem.IsWindows() ? WindowsFile.Listed(path) : path;

    public IReadOnlyList<string> ListRegions() => AwsNames.ListRegions();

    public IReadOnlyList<string> ListProfiles(string? location)
    {
        ProfileFiles.Follow();
        return AwsNames.ListProfiles(location);
    }

    public Task<IReadOnlyList<string>> ListBucketsAsync(ConnectionSettings settings, CancellationToken cancellationToken) =>
        AwsNames.ListBucketsAsync(settings, cancellationToken);

    private StoreConnection Make(ConnectionSettings settings)
    {
        ProfileFiles.Follow();
        AwsIdentity identity = AwsIdentity.Resolve(settings);
        AwsHttp http = AwsHttp.Of(TlsTrust.Of(settings));
        // The endpoint's own Region has precedence over what the environment and profiles say of Amazon's.
        string? storeRegion = settings.Region is null
            ? StoreRegion.Of(AwsClientConfig.Make(settings, identity.Region, http).ServiceURL) : null;
        AmazonS3Config config = ConfigOf(storeRegion ?? identity.Region);
        DirectorySessions sessions = new(() => new AmazonS3Client(identity.Credentials, config));
        EndpointMap endpoints = new(config, ConfigOf);
        RequestSender sender = new(Http ?? http.Direct, endpoints, sessions, identity.Credentials);
        return new StoreConnection(StoreWith)
        {
            Region = storeRegion ?? identity.Region,
            EndpointUrl = settings.EndpointUrl ?? config.ServiceURL?.TrimEnd('/'),
            ProfileName = settings.ProfileName,
            Settings = settings,
            Credentials = identity.Credentials,
            IsRegionGuessed = identity.IsRegionGuessed && storeRegion is null,
        };

        AwsObjectStore StoreWith(TimeSpan timeout, Action<string> warn) => new(new StoreAccess(config, sender, settings, timeout, warn));

        AmazonS3Config ConfigOf(string region)
        {
            AmazonS3Config made = AwsClientConfig.Make(settings, region, http);
            made.Validate();
            return made;
        }
    }
}
