using System.Management.Automation;
using System.Reflection;
using S3Multipart.Binding;
using S3Multipart.Core.Inputs;
using S3Multipart.Errors;

namespace S3Multipart.Connections;

/// <summary>When checksums go with requests; the values of the AWS SDKs' setting request_checksum_calculation.</summary>
public enum ChecksumCalculation
{
    /// <summary>With every request that can carry one.</summary>
    WhenSupported,

    /// <summary>Only where S3 requires one.</summary>
    WhenRequired,
}

/// <summary>Reads the connection parameters, and what AWS Tools for PowerShell keeps in the session.</summary>
internal static class ConnectionParameters
{
    private static readonly string[] s_limits = [nameof(IConnectionArguments.MaxRetry), nameof(IConnectionArguments.Timeout)];

    // All that a cmdlet has of them, so that no parameter is forgotten.
    private static readonly string[] s_ways =
        [.. typeof(IConnectionArguments).GetProperties().Select(property => property.Name).Except(s_limits)];

    /// <summary>True where a parameter says how to reach S3.</summary>
    internal static bool AreGiven(IConnectionArguments given) => s_ways.Any(given.IsBound);

    /// <summary>True where a parameter sets the retries or the idle timeout.</summary>
    internal static bool AreLimitsGiven(IConnectionArguments given) => s_limits.Any(given.IsBound);

    /// <summary>What the parameters and the session say of how to reach S3, with what came with the input.</summary>
    internal static ConnectionSettings ReadAll(IConnectionArguments given, ConnectionSettings? inherited = null)
    {
        ConnectionSettings parameters = Read(given);

        // Read only where it is used, because AWS Tools may have to prompt the user.
        ConnectionSettings session = parameters.HasCredentials || inherited is { HasCredentials: true }
            ? new ConnectionSettings { SessionRegion = SessionRegion(given) }
            : ReadSession(given);
        return ConnectionMerge.Merge(parameters, inherited, session);
    }

    /// <summary>What the parameters say, and nothing else.</summary>
    internal static ConnectionSettings Read(IConnectionArguments given)
    {
        if (given.EndpointUrl is not null)
        {
            EndpointRule.Check(given.EndpointUrl);
        }

        if (given.EndpointUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            throw InputFailure.EndpointInvalid(url);
        }

        (AwsKeys? keys, Func<AwsKeys>? source) = given.AccessKey is not null
            ? (new AwsKeys(given.AccessKey, given.SecretKey!, given.SessionToken), null)
            : KeysOf(given.Credential);
        return new ConnectionSettings
        {
            ProfileName = given.ProfileName,
            ProfileLocation = given.ProfileLocation is null ? null : given.PathOf(given.ProfileLocation),
            Keys = keys,
            KeySource = source,
            AskMfaCode = given.Host is { } host ? serial => MfaPrompt.Ask(host, serial) : null,
            Region = given.Region,
            EndpointUrl = given.EndpointUrl,
            ForcePathStyle = Switch(nameof(given.ForcePathStyleAddressing), given.ForcePathStyleAddressing),
            UseAccelerateEndpoint = Switch(nameof(given.UseAccelerateEndpoint), given.UseAccelerateEndpoint),
            UseFipsEndpoint = Switch(nameof(given.UseFipsEndpoint), given.UseFipsEndpoint),
            UseDualstackEndpoint = Switch(nameof(given.UseDualstackEndpoint), given.UseDualstackEndpoint),
            ExpectedBucketOwner = HeaderText.Check(nameof(given.ExpectedBucketOwner), given.ExpectedBucketOwner),
            RequestPayer = given.RequestPayer is null ? null : true,
            DisablePayloadSigning = Switch(nameof(given.DisablePayloadSigning), given.DisablePayloadSigning),
            SkipCertificateCheck = Switch(nameof(given.SkipCertificateCheck), given.SkipCertificateCheck),
            MaxRetry = given.IsBound(nameof(given.MaxRetry)) ? given.MaxRetry : null,
            Timeout = given.IsBound(nameof(given.Timeout)) ? given.Timeout : null,
            ChecksumsOnlyWhenRequired = Switch(nameof(given.RequestChecksumCalculation),
                given.RequestChecksumCalculation == ChecksumCalculation.WhenRequired),
        };

        bool? Switch(string name, bool value) => given.IsBound(name) ? value : null;
    }

    /// <summary>What AWS Tools for PowerShell keeps in the session.</summary>
    internal static ConnectionSettings ReadSession(IConnectionArguments given)
    {
        (AwsKeys? keys, Func<AwsKeys>? source) = KeysOf(SessionValue(given, "StoredAWSCredentials"));
        return new ConnectionSettings
        {
            Keys = keys,
            KeySource = source,
            IsOfSession = true,
            SessionRegion = SessionRegion(given),
        };
    }

    internal static string? SessionRegion(IConnectionArguments given) =>
        RegionTransformationAttribute.NameOf(SessionValue(given, "StoredAWSRegion"));

    /// <summary>A variable of the session. AWS Tools sets it where it was called, which may not be where this cmdlet is.</summary>
    private static object? SessionValue(IConnectionArguments given, string name) =>
        Unwrapped.Of(given.VariableOf(name) ?? given.VariableOf("global:" + name));

    private static (AwsKeys? Keys, Func<AwsKeys>? Source) KeysOf(object? credential)
    {
        object? bare = Unwrapped.Of(credential);
        switch (bare)
        {
            case null:
                return default;
            case PSCredential pair:
                return (new AwsKeys(pair.UserName, pair.GetNetworkCredential().Password, null), null);
            default:
                // Once on this thread, where AWS Tools may have to prompt the user; later ones are renewals.
                _ = AwsToolsCredentials.Read(bare);
                return (null, () => AwsToolsCredentials.Read(bare));
        }
    }
}
