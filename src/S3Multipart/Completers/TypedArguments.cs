using System.Management.Automation;
using System.Management.Automation.Host;
using S3Multipart.Binding;
using S3Multipart.Connections;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Completers;

/// <summary>How to reach S3, as far as a line that is being typed says it. Without prompts and without retries.</summary>
internal sealed class TypedArguments(IReadOnlyDictionary<string, object> values) : IConnectionArguments
{
    public string? ProfileName => Text(nameof(ProfileName));

    public string? ProfileLocation => Text(nameof(ProfileLocation));

    public string? AccessKey => Text(nameof(AccessKey));

    public string? SecretKey => Text(nameof(SecretKey));

    public string? SessionToken => Text(nameof(SessionToken));

    public object? Credential => values.GetValueOrDefault(nameof(Credential));

    public string? Region => RegionTransformationAttribute.NameOf(values.GetValueOrDefault(nameof(Region)));

    public string? EndpointUrl => Text(nameof(EndpointUrl));

    public SwitchParameter ForcePathStyleAddressing => Switch(nameof(ForcePathStyleAddressing));

    public SwitchParameter UseAccelerateEndpoint => Switch(nameof(UseAccelerateEndpoint));

    public SwitchParameter UseFipsEndpoint => Switch(nameof(UseFipsEndpoint));

    public SwitchParameter UseDualstackEndpoint => Switch(nameof(UseDualstackEndpoint));

    public string? ExpectedBucketOwner => Text(nameof(ExpectedBucketOwner));

    public string? RequestPayer => Text(nameof(RequestPayer));

    public ChecksumCalculation RequestChecksumCalculation =>
        LanguagePrimitives.ConvertTo<ChecksumCalculation>(values.GetValueOrDefault(nameof(RequestChecksumCalculation), 0));

    public SwitchParameter DisablePayloadSigning => Switch(nameof(DisablePayloadSigning));

    public SwitchParameter SkipCertificateCheck => Switch(nameof(SkipCertificateCheck));

    public int MaxRetry => 0;

    public TimeSpan Timeout => RequestLimits.Default.Timeout;

    public PSHost? Host => null;

    public bool IsBound(string parameter) => values.ContainsKey(parameter);

    public object? VariableOf(string name) => Session.VariableOf(name);

    public string PathOf(string path) => Session.PathOf(path);

    private string? Text(string name) => values.TryGetValue(name, out object? value) ? LanguagePrimitives.ConvertTo<string>(value) : null;

    private SwitchParameter Switch(string name) => values.TryGetValue(name, out object? value) && LanguagePrimitives.IsTrue(value);
}
