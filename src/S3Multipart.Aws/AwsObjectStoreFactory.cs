using Amazon.Runtime;
using Amazon.S3;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>The entry of this assembly. Made by name from the private load context, so it keeps a constructor without parameters.</summary>
internal sealed class AwsObjectStoreFactory : IObjectStoreFactory
{
    static AwsObjectStoreFactory() => CoreChecksumProvider.Register();

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

    private static S3Connection Make(ConnectionSettings settings)
    {
        AwsIdentity identity = AwsIdentity.Resolve(settings);
        AmazonS3Config config = AwsClientConfig.Make(settings, identity);
        DirectorySessions sessions = new();
        config.S3ExpressCredentialProvider = sessions;
        PartClient client = identity.Credentials is { } credentials ? new PartClient(credentials, config) : new PartClient(config);
        sessions.Client = client;
        AwsObjectStore store = new(client, sessions, settings);
        return new S3Connection(store, identity.Region, settings.EndpointUrl ?? config.ServiceURL?.TrimEnd('/'), settings.ProfileName)
        {
            Settings = settings,
            IsRegionGuessed = identity.IsRegionGuessed,
            IsPathStyle = config.ForcePathStyle,
        };
    }
}
