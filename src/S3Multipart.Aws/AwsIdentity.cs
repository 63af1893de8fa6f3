using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>
/// Who asks, and in which Region. In the order of AWS Tools for PowerShell: the parameters, the profile named, the session's
/// variables, and then what the SDK finds by itself (environment, profiles, container, instance).
/// </summary>
internal sealed class AwsIdentity
{
    // Where AWS Tools ends up too when nothing names a Region. S3 redirects to the Region of the bucket.
    private const string DefaultRegion = "us-east-1";

    private AwsIdentity(AWSCredentials? credentials, string? region)
    {
        Credentials = credentials;
        Region = region ?? DefaultRegion;
        IsRegionGuessed = region is null;
    }

    /// <summary>Null for the SDK's own chain.</summary>
    internal AWSCredentials? Credentials { get; }

    internal string Region { get; }

    internal bool IsRegionGuessed { get; }

    internal static AwsIdentity Resolve(ConnectionSettings settings)
    {
        CredentialProfile? profile = settings.ProfileName is { } name ? FindProfile(name, settings.ProfileLocation) : null;
        string? region = settings.Region
            ?? settings.SessionRegion
            ?? profile?.Region?.SystemName
            ?? Environment.GetEnvironmentVariable("AWS_REGION")
            ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION")
            ?? FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: false)?.SystemName;
        return new AwsIdentity(CredentialsOf(settings, profile), region);
    }

    private static AWSCredentials? CredentialsOf(ConnectionSettings settings, CredentialProfile? profile)
    {
        if (settings.Keys is { } keys)
        {
            return new FixedKeys(() => keys);
        }

        if (profile is not null)
        {
            try
            {
                return profile.GetAWSCredentials(new CredentialProfileStoreChain(settings.ProfileLocation));
            }
            catch (Exception e) when (e is InvalidOperationException or AmazonClientException)
            {
                throw AwsFailure.CredentialsUnusable($"The profile '{profile.Name}' cannot be used: {e.Message}", e);
            }
        }

        return settings.KeySource is { } source ? new FixedKeys(source) : null;
    }

    private static CredentialProfile FindProfile(string name, string? location) =>
        new CredentialProfileStoreChain(location).TryGetProfile(name, out CredentialProfile profile)
            ? profile
            : throw AwsFailure.ProfileNotFound(name);

    /// <summary>Keys that are asked for at each request, so that whoever holds them may renew them.</summary>
    private sealed class FixedKeys(Func<AwsKeys> source) : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials()
        {
            AwsKeys keys = source();
            return new ImmutableCredentials(keys.AccessKey, keys.SecretKey, keys.SessionToken);
        }
    }
}
