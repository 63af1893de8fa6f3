using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using S3Multipart.Aws.Identity;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws;

/// <summary>Turns the user's settings into the SDK's.</summary>
internal static class AwsClientConfig
{
    internal static AmazonS3Config Make(ConnectionSettings settings, string region, AwsHttp http)
    {
        AmazonS3Config config = new()
        {
            UseAccelerateEndpoint = settings.UseAccelerateEndpoint == true,
            HttpClientFactory = http,
            // The engine retries, and knows more of what is in flight.
            MaxErrorRetry = 0,
            // For Outposts the rules name Signature Version 4A first, which needs native code that the module does not bring.
            AuthSchemePreference = ["sigv4"],
        };
        if (settings.ProfileName is { } profile)
        {
            // Not for its credentials, which AwsIdentity has read, but for what else the profile says, such as its endpoint.
            config.Profile = new Profile(profile, settings.ProfileLocation);
        }

        // The environment and the profile may name an endpoint too (AWS_ENDPOINT_URL); it is one like that of the parameter.
        string? url = settings.EndpointUrl ?? config.ServiceURL
            ?? Profiles.FindEndpoint(DefaultChain.ProfileOf(settings), settings.ProfileLocation);
        if (url is "")
        {
            // Set but empty, as a variable of the environment may be left; the SDK would take it for an address.
            config.IgnoreConfiguredEndpointUrls = true;
        }

        if (!string.IsNullOrEmpty(url))
        {
            EndpointRule.Check(url);
            config.ServiceURL = url;
            config.AuthenticationRegion = region;
            config.ForcePathStyle = settings.ForcePathStyle ?? true;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
            config.ForcePathStyle = settings.ForcePathStyle ?? false;
        }

        // Set only where requested, so that the environment and the profile may turn them on too.
        if (settings.UseDualstackEndpoint is { } dualstack)
        {
            config.UseDualstackEndpoint = dualstack;
        }

        if (settings.UseFipsEndpoint is { } fips)
        {
            config.UseFIPSEndpoint = fips;
        }

        SharedSettings shared = SharedSettings.Read(settings);
        config.RequestChecksumCalculation = settings.ChecksumsOnlyWhenRequired switch
        {
            true => RequestChecksumCalculation.WHEN_REQUIRED,
            false => RequestChecksumCalculation.WHEN_SUPPORTED,
            null => shared.ChecksumCalculation,
        };
        config.UseArnRegion = shared.UseArnRegion;
        config.DisableS3ExpressSessionAuth = shared.DisableExpressSessionAuth;
        config.DisableMultiregionAccessPoints = shared.DisableMultiRegionAccessPoints;
        return config;
    }
}
