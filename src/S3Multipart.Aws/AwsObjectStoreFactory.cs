using Amazon.Runtime;
using Amazon.S3;
using S3Multipart.Aws.Requests;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>The entry of this assembly. Made by name from the private load context, so it keeps a constructor without parameters.</summary>
internal sealed class AwsObjectStoreFactory : IObjectStoreFactory
{
    /// <summary>What sends the requests; another in tests.</summary>
    internal HttpMessageInvoker Http { get; init; } = AwsHttp.Direct;

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

    private S3Connection Make(ConnectionSettings settings)
    {
        AwsIdentity identity = AwsIdentity.Resolve(settings);
        DirectorySessions sessions = new();
        AmazonS3Client client = MakeClient(identity.Region);
        sessions.Client = client;
        AmazonS3Config config = (AmazonS3Config)client.Config;
        EndpointMap endpoints = new(client, MakeClient);
        RequestSender sender = new(Http, endpoints, sessions, identity.Credentials);
        return new S3Connection(StoreWith(settings.Limits.Timeout), identity.Region,
            settings.EndpointUrl ?? config.ServiceURL?.TrimEnd('/'), settings.ProfileName)
        {
            WithTimeout = StoreWith,
            Settings = settings,
            Credentials = identity.Credentials,
            IsRegionGuessed = identity.IsRegionGuessed,
        };

        AwsObjectStore StoreWith(TimeSpan timeout) => new(config, sender, settings, timeout);

        AmazonS3Client MakeClient(string region)
        {
            AmazonS3Config made = AwsClientConfig.Make(settings, region);
            made.S3ExpressCredentialProvider = sessions;
            return new AmazonS3Client(identity.Credentials, made);
        }
    }
}
