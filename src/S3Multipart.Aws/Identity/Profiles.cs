using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Internal.Util;

namespace S3Multipart.Aws.Identity;

/// <summary>Profiles of the AWS credentials and config files, and the credentials that they lead to.</summary>
internal static class Profiles
{
    // Sessions that a profile has opened, by all that the profile says: a cmdlet that follows uses them without another code.
    private static readonly ConcurrentDictionary<string, AWSCredentials> s_opened = new();

    static Profiles() => SsoClients.Register();

    internal static CredentialProfile? Find(string name, string? location)
    {
        if (!new CredentialProfileStoreChain(location).TryGetProfile(name, out CredentialProfile profile))
        {
            return null;
        }

        if (location is null && Environment.GetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE") is null or "")
        {
            return profile;
        }

        // Where the credentials file is not in its usual place, the SDK reads of the config file what a profile there is, but not this.
        profile.EndpointUrl ??= FindSetting(name, location, "endpoint_url");
        profile.Region ??= FindSetting(name, location, "region") is { } region ? RegionEndpoint.GetBySystemName(region) : null;
        profile.RequestChecksumCalculation ??= Enum.TryParse(
            FindSetting(name, location, "request_checksum_calculation"), ignoreCase: true, out RequestChecksumCalculation value)
                ? value : null;
        return profile;
    }

    /// <summary>The endpoint that the profile names and the SDK has not found; null for none, or where such are to be ignored.</summary>
    internal static string? FindEndpoint(CredentialProfile? profile, string? location) => profile?.EndpointUrl is { } url
        && !IsTrue(Environment.GetEnvironmentVariable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
        && !IsTrue(FindSetting(profile.Name, location, "ignore_configured_endpoint_urls")) ? url : null;

    /// <summary>
    /// A setting that the SDK does not read: of the profile in the config file, else in the credentials file; null for none.
    /// </summary>
    internal static string? FindSetting(string? name, string? location, string setting)
    {
        name ??= DefaultAWSCredentialsIdentityResolver.GetProfileName();
        SharedCredentialsFile files = location is null ? new SharedCredentialsFile() : new SharedCredentialsFile(location);
        return Find(files.ConfigFilePath, "profile " + name) ?? Find(files.ConfigFilePath, name) ?? Find(files.FilePath, name);

        string? Find(string? path, string section) => File.Exists(path)
            && new IniFile(path).TryGetSection(section, out Dictionary<string, string> found)
            && found.TryGetValue(setting, out string? value) && value.Length > 0 ? value : null;
    }

    internal static IReadOnlyList<string> ListNames(string? location) =>
        [.. new CredentialProfileStoreChain(location).ListProfiles().Select(profile => profile.Name)];

    private static bool IsTrue(string? text) => bool.TryParse(text, out bool value) && value;

    /// <summary>False for a profile that has settings, such as a Region, but no source of credentials.</summary>
    internal static bool NamesCredentials(CredentialProfile profile) => OptionsOf(profile).Any(value => value.Length > 0);

    /// <exception cref="S3MultipartException">The profile is one that cannot work here, or contradicts itself.</exception>
    internal static AWSCredentials Open(CredentialProfile profile, string? location, string region)
    {
        List<CredentialProfile> line = LineOf(profile, location);
        foreach (CredentialProfile one in line)
        {
            Check(one);
        }

        AWSCredentials found;
        try
        {
            found = profile.GetAWSCredentials(new CredentialProfileStoreChain(location));
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or AmazonClientException or ArgumentException)
        {
            throw IdentityFailure.CredentialsUnusable($"The profile '{profile.Name}'", e);
        }

        AWSCredentials own = Own(found, line, 0, location, region);
        // A process may give keys without an end, which would then be kept for ever.
        return own is RefreshingAWSCredentials and not ProcessAWSCredentials
            ? s_opened.GetOrAdd(Fingerprint(line, location, region), own) : own;
    }

    /// <summary>The profile, and behind it those that its role is opened with.</summary>
    private static List<CredentialProfile> LineOf(CredentialProfile profile, string? location)
    {
        List<CredentialProfile> line = [profile];
        while (line[^1].Options.SourceProfile is { Length: > 0 } name
            && line.TrueForAll(one => one.Name != name)
            && Find(name, location) is { } source)
        {
            line.Add(source);
        }

        return line;
    }

    /// <summary>The same credentials, where the SDK would open a role by itself.</summary>
    private static AWSCredentials Own(AWSCredentials found, List<CredentialProfile> line, int index, string? location, string region)
    {
        CredentialProfile profile = line[Math.Min(index, line.Count - 1)];
        RegionEndpoint at = profile.Region ?? RegionEndpoint.GetBySystemName(region);
        return found switch
        {
            AssumeRoleAWSCredentials role =>
                new RoleCredentials(Own(role.SourceCredentials, line, index + 1, location, region), role, profile, at, location),
            AssumeRoleWithWebIdentityCredentials web =>
                new WebIdentityCredentials(web.WebIdentityTokenFile, web.RoleArn, web.RoleSessionName, at,
                    new Profile(profile.Name, location)),
            _ => found,
        };
    }

    private static void Check(CredentialProfile profile)
    {
        if (profile.Options.LoginSession is { Length: > 0 })
        {
            throw IdentityFailure.ProfileUnsupported(profile.Name,
                "it belongs to a login session (aws login), which takes a part of the AWS SDK that this module does not bring.",
                "Have the AWS CLI give the keys, by a profile with: credential_process = aws configure export-credentials --profile "
                + $"{profile.Name} --format process. Or use a profile of IAM Identity Center (sso_session).");
        }

        if (profile.Options.EndpointName is { Length: > 0 })
        {
            throw IdentityFailure.ProfileUnsupported(profile.Name,
                "it signs on by SAML, which this module does not do.",
                "Let AWS Tools do it: Set-AWSCredential -ProfileName "
                + $"{profile.Name}; this module uses the session's credentials. Or use a profile of IAM Identity Center (sso_session).");
        }
    }

    private static IEnumerable<string> OptionsOf(CredentialProfile profile) =>
        typeof(CredentialProfileOptions).GetProperties().Select(property => property.GetValue(profile.Options) as string ?? "");

    private static string Fingerprint(List<CredentialProfile> line, string? location, string region)
    {
        IEnumerable<string> all = line.SelectMany(one => OptionsOf(one).Prepend(one.Region?.SystemName ?? "").Prepend(one.Name));
        // A role may be opened with the keys of the environment, or by a token whose file stays the same.
        string environment = Environment.GetEnvironmentVariable(EnvironmentVariablesAWSCredentials.ENVIRONMENT_VARIABLE_ACCESSKEY) ?? "";
        string text = string.Join('\0', all.Append(location ?? "").Append(region).Append(environment));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
