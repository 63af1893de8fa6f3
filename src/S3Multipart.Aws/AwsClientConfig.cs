using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>Turns the user's settings into the SDK's.</summary>
internal static class AwsClientConfig
{
    internal static AmazonS3Config Make(ConnectionSettings settings, AwsIdentity identity)
    {
        AmazonS3Config config = new()
        {
            UseAccelerateEndpoint = settings.UseAccelerateEndpoint,
            UseDualstackEndpoint = settings.UseDualstackEndpoint,
            HttpClientFactory = AwsHttp.Factory,
        };
        if (settings.EndpointUrl is { } url)
        {
            config.ServiceURL = url;
            config.AuthenticationRegion = identity.Region;
            config.ForcePathStyle = settings.ForcePathStyle ?? true;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(identity.Region);
            config.ForcePathStyle = settings.ForcePathStyle ?? false;
        }

        if (settings.UseFipsEndpoint)
        {
            config.UseFIPSEndpoint = true;
        }

        if (settings.ChecksumsOnlyWhenRequired is { } onlyWhenRequired)
        {
            config.RequestChecksumCalculation = onlyWhenRequired ? RequestChecksumCalculation.WHEN_REQUIRED : RequestChecksumCalculation.WHEN_SUPPORTED;
        }

        return config;
    }
}
