using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace S3Multipart.Aws.Identity;

/// <summary>
/// A role that a profile names, opened with our own client in the profile's Region; the SDK's class would take the Region of the default
/// profile. The session is renewed 15 minutes before its end, unless that takes another MFA code.
/// </summary>
internal sealed class RoleCredentials : AssumeRoleAWSCredentials
{
    // A session that ends sooner is not worth beginning with.
    private static readonly TimeSpan s_leastLife = TimeSpan.FromMinutes(5);

    // A code is used for the one session that it was entered for, on the thread of the prompt.
    [ThreadStatic]
    private static string? s_code;

    private readonly RegionEndpoint _region;
    private readonly Profile _profile;

    internal RoleCredentials(AWSCredentials source, AssumeRoleAWSCredentials role, CredentialProfile profile,
        RegionEndpoint region, string? location)
        : base(source, role.RoleArn, role.RoleSessionName, role.Options)
    {
        _region = region;
        _profile = new Profile(profile.Name, location);
        // The SDK keeps what it has no property for in a list of its own.
        if (PropertiesOf(profile).TryGetValue("duration_seconds", out string? seconds)
            && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out int duration))
        {
            Options.DurationSeconds = duration;
        }

        if (NeedsCode)
        {
            PreemptExpiryTime = TimeSpan.Zero;
            Options.MfaTokenCodeCallback = () => s_code ?? throw IdentityFailure.MfaCodeNeeded(RoleArn, Options.MfaSerialNumber);
        }
    }

    private bool NeedsCode => Options.MfaSerialNumber is { Length: > 0 };

    /// <summary>Opens the role now if that takes an MFA code, which can be requested now and not later.</summary>
    internal void Open(Func<string, string?>? ask)
    {
        (SourceCredentials as RoleCredentials)?.Open(ask);
        if (!NeedsCode || Expiration > DateTime.UtcNow + s_leastLife)
        {
            return;
        }

        s_code = ask?.Invoke(Options.MfaSerialNumber) ?? throw IdentityFailure.MfaCodeNeeded(RoleArn, Options.MfaSerialNumber);
        try
        {
            _ = GetCredentials(s_leastLife);
        }
        finally
        {
            s_code = null;
        }
    }

    protected override CredentialsRefreshState GenerateNewCredentials()
    {
        AssumeRoleImmutableCredentials opened = SecurityTokenService.Make(SourceCredentials, _region, _profile)
            .CredentialsFromAssumeRoleAuthentication(RoleArn, RoleSessionName, Options);
        return new CredentialsRefreshState(opened, opened.Expiration);
    }

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        AssumeRoleImmutableCredentials opened = await SecurityTokenService.Make(SourceCredentials, _region, _profile)
            .CredentialsFromAssumeRoleAuthenticationAsync(RoleArn, RoleSessionName, Options).ConfigureAwait(false);
        return new CredentialsRefreshState(opened, opened.Expiration);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Properties")]
    private static extern Dictionary<string, string> PropertiesOf(CredentialProfile profile);
}
