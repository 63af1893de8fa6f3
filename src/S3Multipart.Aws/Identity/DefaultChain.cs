using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// Where credentials come from when neither a parameter nor the session has any: the environment, a web identity, the profile (AWS_PROFILE,
/// or default), the container, the instance. The order of the SDK, whose own chain ignores a profile that is there but fails, and assumes
/// roles in its own way.
/// </summary>
internal static class DefaultChain
{
    private const string ContainerPath = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    private const string ContainerUrl = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private const string TokenFile = "AWS_WEB_IDENTITY_TOKEN_FILE";
    private const string Role = "AWS_ROLE_ARN";

    private static readonly ConcurrentDictionary<string, AWSCredentials> s_opened = new();

    /// <summary>The profile that holds for a connection: the one that is named, else the default; null where there is none.</summary>
    internal static CredentialProfile? ProfileOf(ConnectionSettings settings) => settings.ProfileName is { } name
        ? Profiles.Find(name, settings.ProfileLocation) : FindProfile(settings.ProfileLocation);

    /// <summary>The profile that is meant when none is named; null where there is none.</summary>
    internal static CredentialProfile? FindProfile(string? location)
    {
        string name = DefaultAWSCredentialsIdentityResolver.GetProfileName();
        // The second name is that of AWS Tools' own default, before there was a common one.
        return Profiles.Find(name, location)
            ?? (name == SharedCredentialsFile.DefaultProfileName ? Profiles.Find("AWS PS Default", location) : null);
    }

    internal static SourceCredentials Find(CredentialProfile? profile, string? location, string region)
    {
        if (Has(EnvironmentVariablesAWSCredentials.ENVIRONMENT_VARIABLE_ACCESSKEY)
            && (Has(EnvironmentVariablesAWSCredentials.ENVIRONMENT_VARIABLE_SECRETKEY)
                || Has(EnvironmentVariablesAWSCredentials.LEGACY_ENVIRONMENT_VARIABLE_SECRETKEY)))
        {
            return new NamedSource("The environment", new EnvironmentVariablesAWSCredentials());
        }

        if (Has(TokenFile) && Has(Role))
        {
            return new NamedSource($"The web identity of the environment ({TokenFile})",
                Once([TokenFile, Role, "AWS_ROLE_SESSION_NAME"], region, values =>
                new WebIdentityCredentials(values[0]!, values[1]!, values[2], RegionEndpoint.GetBySystemName(region), profile: null)));
        }

        if (profile is not null && Profiles.NamesCredentials(profile))
        {
            return new ProfileCredentials(profile, location, region);
        }

        if (profile is null && DefaultAWSCredentialsIdentityResolver.GetProfileName() is var name
            and not SharedCredentialsFile.DefaultProfileName)
        {
            throw IdentityFailure.ProfileNotFound(name, location);
        }

        return HasContainer
            ? new NamedSource("The container's endpoint for credentials",
                Once([ContainerPath, ContainerUrl], region, _ => new GenericContainerCredentials()))
            : new InstanceCredentials();
    }

    /// <summary>The Region of the instance that this runs on; requested only where its credentials would be too.</summary>
    internal static string? FindInstanceRegion(SourceCredentials credentials) =>
        credentials is InstanceCredentials && Amazon.Util.EC2InstanceMetadata.IsIMDSEnabled
            ? Amazon.Util.EC2InstanceMetadata.Region?.SystemName : null;

    private static bool HasContainer => Has(ContainerPath) || Has(ContainerUrl);

    private static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    /// <summary>
    /// The credentials for these values of variables, made once, so that a session once opened serves the cmdlets that follow.
    /// </summary>
    private static AWSCredentials Once(string[] variables, string region, Func<string?[], AWSCredentials> make)
    {
        string?[] values = [.. variables.Select(Environment.GetEnvironmentVariable)];
        return s_opened.GetOrAdd(string.Join('\0', [.. variables, .. values, region]), _ => make(values));
    }

    /// <summary>Credentials whose failures say where they should have come from.</summary>
    private sealed class NamedSource(string name, AWSCredentials source) : SourceCredentials
    {
        protected override AWSCredentials? AtHand => source is EnvironmentVariablesAWSCredentials ? source : null;

        protected override AWSCredentials Current() => source;

        protected override S3MultipartException FailureOf(Exception e) => IdentityFailure.CredentialsUnusable(name, e);
    }

    /// <summary>Everything else was tried before, so the SDK's own chain finds the instance or nothing.</summary>
    private sealed class InstanceCredentials : SourceCredentials
    {
        protected override AWSCredentials Current() => DefaultAWSCredentialsIdentityResolver.GetCredentials();

        // The SDK keeps them, and renews them from the instance by itself.
        internal override bool Renew() => false;

        protected override S3MultipartException FailureOf(Exception e) => IdentityFailure.CredentialsNotFound(e);
    }
}
