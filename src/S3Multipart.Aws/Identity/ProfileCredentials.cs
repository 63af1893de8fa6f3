using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// The credentials of a profile. Its files are read again when they have changed, so that keys which another program renews there serve
/// an upload that outlives them.
/// </summary>
internal sealed class ProfileCredentials : SourceCredentials
{
    private readonly string _name;
    private readonly string? _location;
    private readonly string _region;
    private readonly bool _isSsoClients;
    private readonly string _credentialsFile;
    private readonly string _configFile;
    private volatile State _state;

    internal ProfileCredentials(CredentialProfile profile, string? location, string region)
    {
        _name = profile.Name;
        _location = location;
        _region = region;
        _isSsoClients = profile.Options is { SsoSession.Length: > 0 } or { SsoStartUrl.Length: > 0 };
        SharedCredentialsFile files = new(location);
        (_credentialsFile, _configFile) = (files.FilePath, files.ConfigFilePath);
        _state = new State(Profiles.Open(profile, location, region), Stamp());
    }

    /// <summary>Prompts for what can be entered only now; see <see cref="RoleCredentials.Open"/>.</summary>
    internal void Open(Func<string, string?>? ask)
    {
        try
        {
            (_state.Credentials as RoleCredentials)?.Open(ask);
        }
        catch (AmazonClientException e)
        {
            throw FailureOf(e);
        }
    }

    protected override AWSCredentials? AtHand =>
        Current() is var current and (BasicAWSCredentials or SessionAWSCredentials) ? current : null;

    protected override AWSCredentials Current()
    {
        State state = _state;
        (DateTime, DateTime) stamp = Stamp();
        if (state.Stamp != stamp)
        {
            // While it is being written the profile may be missing; what was there is good until it is back.
            state = new State(Profiles.Find(_name, _location) is { } profile
                ? Profiles.Open(profile, _location, _region) : state.Credentials, stamp);
            _state = state;
        }

        return state.Credentials;
    }

    private (DateTime, DateTime) Stamp() => (File.GetLastWriteTimeUtc(_credentialsFile), File.GetLastWriteTimeUtc(_configFile));

    protected override S3MultipartException FailureOf(Exception e)
    {
        // Without a token in its folder, or with one that the portal does not take any more, the SDK asks for a login in a long message.
        bool isToken = e is AmazonClientException && e.Message.Contains("SSO", StringComparison.OrdinalIgnoreCase);
        bool isRefused = IdentityFailure.ResponseIn(e)?.StatusCode == HttpStatusCode.Unauthorized;
        return _isSsoClients && (isToken || isRefused)
            ? IdentityFailure.SsoLoginNeeded(_name, e) : IdentityFailure.CredentialsUnusable($"The profile '{_name}'", e);
    }

    private sealed record State(AWSCredentials Credentials, (DateTime, DateTime) Stamp);
}
