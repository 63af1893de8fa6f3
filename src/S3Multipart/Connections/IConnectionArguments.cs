using System.Management.Automation;
using System.Management.Automation.Host;

namespace S3Multipart.Connections;

/// <summary>The parameters that say how to reach S3: of a cmdlet that runs, or of a line that is being typed.</summary>
internal interface IConnectionArguments
{
    string? ProfileName { get; }

    string? ProfileLocation { get; }

    string? AccessKey { get; }

    string? SecretKey { get; }

    string? SessionToken { get; }

    object? Credential { get; }

    string? Region { get; }

    string? EndpointUrl { get; }

    SwitchParameter ForcePathStyleAddressing { get; }

    SwitchParameter UseAccelerateEndpoint { get; }

    SwitchParameter UseFipsEndpoint { get; }

    SwitchParameter UseDualstackEndpoint { get; }

    string? ExpectedBucketOwner { get; }

    string? RequestPayer { get; }

    ChecksumCalculation RequestChecksumCalculation { get; }

    SwitchParameter DisablePayloadSigning { get; }

    SwitchParameter SkipCertificateCheck { get; }

    int MaxRetry { get; }

    TimeSpan Timeout { get; }

    /// <summary>Where to prompt for the code of an MFA device; null for no prompt.</summary>
    PSHost? Host { get; }

    bool IsBound(string parameter);

    object? VariableOf(string name);

    string PathOf(string path);
}
