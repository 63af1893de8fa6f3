using System.Management.Automation;
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
    internal static readonly string[] Names =
    [
        nameof(S3Cmdlet.ProfileName), nameof(S3Cmdlet.ProfileLocation), nameof(S3Cmdlet.AccessKey), nameof(S3Cmdlet.Credential),
        nameof(S3Cmdlet.Region), nameof(S3Cmdlet.EndpointUrl), nameof(S3Cmdlet.ForcePathStyleAddressing),
        nameof(S3Cmdlet.UseAccelerateEndpoint), nameof(S3Cmdlet.UseFipsEndpoint), nameof(S3Cmdlet.UseDualstackEndpoint),
        nameof(S3Cmdlet.ExpectedBucketOwner),
        nameof(S3Cmdlet.RequestPayer), nameof(S3Cmdlet.DisablePayloadSigning), nameof(S3Cmdlet.RequestChecksumCalculation),
    ];

    internal static ConnectionSettings Read(S3Cmdlet cmdlet, string? region, string? endpointUrl, string? profileName)
    {
        if (endpointUrl is not null
            && !(Uri.TryCreate(endpointUrl, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            throw ParameterFailure.EndpointInvalid(endpointUrl);
        }

        Dictionary<string, object> bound = cmdlet.MyInvocation.BoundParameters;
        object? credential = cmdlet.Credential ?? (profileName is null ? SessionValue(cmdlet, "StoredAWSCredentials") : null);
        (AwsKeys? keys, Func<AwsKeys>? source) = cmdlet.AccessKey is not null
            ? (new AwsKeys(cmdlet.AccessKey, cmdlet.SecretKey!, cmdlet.SessionToken), null)
            : KeysOf(credential);
        return new ConnectionSettings
        {
            ProfileName = profileName,
            ProfileLocation = cmdlet.ProfileLocation is null ? null : cmdlet.GetUnresolvedProviderPathFromPSPath(cmdlet.ProfileLocation),
            Keys = keys,
            KeySource = source,
            AskMfaCode = serial => MfaPrompt.Ask(cmdlet.Host, serial),
            Region = region,
            SessionRegion = profileName is null ? RegionTransformationAttribute.NameOf(SessionValue(cmdlet, "StoredAWSRegion")) : null,
            EndpointUrl = endpointUrl,
            ForcePathStyle = bound.ContainsKey(nameof(cmdlet.ForcePathStyleAddressing)) ? cmdlet.ForcePathStyleAddressing : null,
            UseAccelerateEndpoint = cmdlet.UseAccelerateEndpoint,
            UseFipsEndpoint = cmdlet.UseFipsEndpoint,
            UseDualstackEndpoint = cmdlet.UseDualstackEndpoint,
            ExpectedBucketOwner = HeaderText.Check(nameof(cmdlet.ExpectedBucketOwner), cmdlet.ExpectedBucketOwner),
            RequestPayer = cmdlet.RequestPayer is not null,
            DisablePayloadSigning = cmdlet.DisablePayloadSigning,
            Limits = new RequestLimits(cmdlet.MaxRetry, cmdlet.Timeout),
            ChecksumsOnlyWhenRequired = bound.ContainsKey(nameof(cmdlet.RequestChecksumCalculation))
                ? cmdlet.RequestChecksumCalculation == ChecksumCalculation.WhenRequired
                : null,
        };
    }

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
