using System.Management.Automation;
using System.Reflection;
using S3Multipart.Binding;
using S3Multipart.Inputs;
using S3Multipart.Pipeline;
using S3Multipart.Store;

namespace S3Multipart.Commands;

/// <summary>When checksums go with requests; the values of the AWS SDKs' setting request_checksum_calculation.</summary>
public enum ChecksumCalculation
{
    /// <summary>With every request that can carry one.</summary>
    WhenSupported,

    /// <summary>Only where S3 demands one.</summary>
    WhenRequired,
}

/// <summary>Reads the connection parameters, and what AWS Tools for PowerShell keeps in the session.</summary>
internal static class ConnectionParameters
{
    private static readonly string[] s_limits = [nameof(S3Cmdlet.MaxRetry), nameof(S3Cmdlet.Timeout)];

    // All that the base of the cmdlets has, so that no parameter is forgotten.
    private static readonly string[] s_ways =
        [.. typeof(S3Cmdlet).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.IsDefined(typeof(ParameterAttribute))).Select(property => property.Name).Except(s_limits)];

    /// <summary>True where a parameter says how to reach S3.</summary>
    internal static bool AreGiven(S3Cmdlet cmdlet) => s_ways.Any(cmdlet.MyInvocation.BoundParameters.ContainsKey);

    /// <summary>True where a parameter says how much patience requests have.</summary>
    internal static bool AreLimitsGiven(S3Cmdlet cmdlet) => s_limits.Any(cmdlet.MyInvocation.BoundParameters.ContainsKey);

    /// <summary>What the parameters of a cmdlet say, and nothing else.</summary>
    internal static ConnectionSettings Read(S3Cmdlet cmdlet)
    {
        if (cmdlet.EndpointUrl is not null)
        {
            EndpointRule.Check(cmdlet.EndpointUrl);
        }

        if (cmdlet.EndpointUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            throw ParameterFailure.EndpointInvalid(url);
        }

        Dictionary<string, object> bound = cmdlet.MyInvocation.BoundParameters;
        (AwsKeys? keys, Func<AwsKeys>? source) = cmdlet.AccessKey is not null
            ? (new AwsKeys(cmdlet.AccessKey, cmdlet.SecretKey!, cmdlet.SessionToken), null)
            : KeysOf(cmdlet.Credential);
        return new ConnectionSettings
        {
            ProfileName = cmdlet.ProfileName,
            ProfileLocation = cmdlet.ProfileLocation is null ? null : cmdlet.GetUnresolvedProviderPathFromPSPath(cmdlet.ProfileLocation),
            Keys = keys,
            KeySource = source,
            AskMfaCode = serial => MfaPrompt.Ask(cmdlet.Host, serial),
            Region = cmdlet.Region,
            EndpointUrl = cmdlet.EndpointUrl,
            ForcePathStyle = Switch(nameof(cmdlet.ForcePathStyleAddressing), cmdlet.ForcePathStyleAddressing),
            UseAccelerateEndpoint = Switch(nameof(cmdlet.UseAccelerateEndpoint), cmdlet.UseAccelerateEndpoint),
            UseFipsEndpoint = Switch(nameof(cmdlet.UseFipsEndpoint), cmdlet.UseFipsEndpoint),
            UseDualstackEndpoint = Switch(nameof(cmdlet.UseDualstackEndpoint), cmdlet.UseDualstackEndpoint),
            ExpectedBucketOwner = HeaderText.Check(nameof(cmdlet.ExpectedBucketOwner), cmdlet.ExpectedBucketOwner),
            RequestPayer = cmdlet.RequestPayer is null ? null : true,
            DisablePayloadSigning = Switch(nameof(cmdlet.DisablePayloadSigning), cmdlet.DisablePayloadSigning),
            MaxRetry = bound.ContainsKey(nameof(cmdlet.MaxRetry)) ? cmdlet.MaxRetry : null,
            Timeout = bound.ContainsKey(nameof(cmdlet.Timeout)) ? cmdlet.Timeout : null,
            ChecksumsOnlyWhenRequired = Switch(nameof(cmdlet.RequestChecksumCalculation),
                cmdlet.RequestChecksumCalculation == ChecksumCalculation.WhenRequired),
        };

        bool? Switch(string name, bool value) => bound.ContainsKey(name) ? value : null;
    }

    /// <summary>What AWS Tools for PowerShell keeps in the session.</summary>
    internal static ConnectionSettings ReadSession(S3Cmdlet cmdlet)
    {
        (AwsKeys? keys, Func<AwsKeys>? source) = KeysOf(SessionValue(cmdlet, "StoredAWSCredentials"));
        return new ConnectionSettings
        {
            Keys = keys,
            KeySource = source,
            IsOfSession = true,
            SessionRegion = SessionRegion(cmdlet),
        };
    }

    internal static string? SessionRegion(S3Cmdlet cmdlet) =>
        RegionTransformationAttribute.NameOf(SessionValue(cmdlet, "StoredAWSRegion"));

    /// <summary>A variable of the session. AWS Tools sets it where it was called, which may not be where this cmdlet is.</summary>
    private static object? SessionValue(PSCmdlet cmdlet, string name)
    {
        object? value = cmdlet.GetVariableValue(name) ?? cmdlet.GetVariableValue("global:" + name);
        return value is PSObject wrapped ? wrapped.BaseObject : value;
    }

    private static (AwsKeys? Keys, Func<AwsKeys>? Source) KeysOf(object? credential)
    {
        object? bare = credential is PSObject wrapped ? wrapped.BaseObject : credential;
        switch (bare)
        {
            case null:
                return default;
            case PSCredential pair:
                return (new AwsKeys(pair.UserName, pair.GetNetworkCredential().Password, null), null);
            default:
                // Once on this thread, where AWS Tools may have to ask the user something; later ones are renewals.
                _ = AwsToolsCredentials.Read(bare);
                return (null, () => AwsToolsCredentials.Read(bare));
        }
    }
}
