using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// The caller's credentials and Region. In the order of AWS Tools for PowerShell: the parameters, the profile named, the session's
/// variables, and then what <see cref="DefaultChain"/> finds.
/// </summary>
internal sealed class AwsIdentity
{
    // The default of AWS Tools too, when nothing names a Region. S3 redirects to the Region of the bucket.
    private const string DefaultRegion = "us-east-1";

    private AwsIdentity(SourceCredentials credentials, string? region)
    {
        Credentials = credentials;
        Region = region ?? DefaultRegion;
        IsRegionGuessed = region is null;
    }

    internal SourceCredentials Credentials { get; }

    internal string Region { get; }

    internal bool IsRegionGuessed { get; }

    internal static AwsIdentity Resolve(ConnectionSettings settings)
    {
        CredentialProfile? named = settings.ProfileName is { } name
            ? Profiles.Find(name, settings.ProfileLocation) ?? throw IdentityFailure.ProfileNotFound(name, settings.ProfileLocation)
            : null;
        CredentialProfile? implied = named is null ? DefaultChain.FindProfile(settings.ProfileLocation) : null;
        string? region = settings.Region
            ?? settings.SessionRegion
            ?? named?.Region?.SystemName
            ?? Variable("AWS_REGION")
            ?? Variable("AWS_DEFAULT_REGION")
            ?? implied?.Region?.SystemName;
        SourceCredentials credentials = CredentialsOf(settings, named, implied, region ?? DefaultRegion);
        if (settings.Resolved is null)
        {
            (credentials as ProfileCredentials)?.Open(settings.AskMfaCode);
        }

        // A store with an endpoint of its own is not in the instance's Region.
        return new AwsIdentity(credentials, region ?? (settings.EndpointUrl is null ? DefaultChain.FindInstanceRegion(credentials) : null));
    }

    private static SourceCredentials CredentialsOf(ConnectionSettings settings, CredentialProfile? named, CredentialProfile? implied,
        string region) =>
        settings.Resolved is SourceCredentials resolved ? resolved
        : settings.Keys is { } keys ? new GivenKeys(() => keys, isFixed: true)
        : named is not null ? new ProfileCredentials(named, settings.ProfileLocation, region)
        : settings.KeySource is { } source ? new GivenKeys(source, isFixed: false)
        : DefaultChain.Find(implied, settings.ProfileLocation, region);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Keys that are read before each request, so that their owner may renew them.</summary>
    private sealed class GivenKeys(Func<AwsKeys> source, bool isFixed) : SourceCredentials
    {
        protected override AWSCredentials? AtHand => isFixed ? Current() : null;

        internal override bool Renew() => false;

        protected override AWSCredentials Current()
        {
            AwsKeys keys = source();
            return keys.SessionToken is null
                ? new BasicAWSCredentials(keys.AccessKey, keys.SecretKey)
                : new SessionAWSCredentials(keys.AccessKey, keys.SecretKey, keys.SessionToken);
        }

        protected override S3MultipartException FailureOf(Exception e) =>
            IdentityFailure.CredentialsUnusable("What was given as credentials", e);
    }
}
