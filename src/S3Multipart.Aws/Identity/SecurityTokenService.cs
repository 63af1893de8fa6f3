using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.SharedInterfaces;
using Amazon.SecurityToken;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// The client that opens roles. Only here is AWSSDK.SecurityToken named, so that it is loaded when a role is opened and not before; and
/// it must be named, because the SDK would find it by reflection and take one that another module has loaded.
/// </summary>
internal static class SecurityTokenService
{
    internal static ICoreAmazonSTS Make(AWSCredentials asker, RegionEndpoint region, Profile? profile)
    {
        AmazonSecurityTokenServiceConfig config = new()
        {
            // For an endpoint of its own, which it has where the environment or this profile names one.
            Profile = profile,
            RegionEndpoint = region,
            AuthenticationRegion = region.SystemName,
            Timeout = TimeSpan.FromSeconds(30),
        };
        return new AmazonSecurityTokenServiceClient(asker, config);
    }
}
