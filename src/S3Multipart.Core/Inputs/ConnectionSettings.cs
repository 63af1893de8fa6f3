namespace S3Multipart.Core.Inputs;

/// <summary>
/// How to reach S3, as the user gave it; what is null was not given. Holds secrets, so its text form shows nothing and it is never part of
/// an output object.
/// </summary>
internal sealed record ConnectionSettings
{
    internal string? ProfileName { get; init; }

    internal string? ProfileLocation { get; init; }

    internal AwsKeys? Keys { get; init; }

    /// <summary>Credentials that another module renews; read before each request.</summary>
    internal Func<AwsKeys>? KeySource { get; init; }

    /// <summary>
    /// The credentials of an earlier connection to S3, which this one shares: no role is assumed again, and no
    /// MFA code is requested again. Only the engine knows their type.
    /// </summary>
    internal object? Resolved { get; init; }

    /// <summary>True for credentials that the session holds, so that a line that continues in it need not give them.</summary>
    internal bool IsOfSession { get; init; }

    /// <summary>Asks the user for a code of the MFA device with this serial number, and returns null without an answer. Called only
    /// while the connection is made, on the thread that makes it.</summary>
    internal Func<string, string?>? AskMfaCode { get; init; }

    internal string? Region { get; init; }

    /// <summary>The Region to use when neither a parameter, a profile nor the environment names one.</summary>
    internal string? SessionRegion { get; init; }

    internal string? EndpointUrl { get; init; }

    internal bool? ForcePathStyle { get; init; }

    internal bool? UseAccelerateEndpoint { get; init; }

    internal bool? UseFipsEndpoint { get; init; }

    internal bool? UseDualstackEndpoint { get; init; }

    internal string? ExpectedBucketOwner { get; init; }

    internal bool? RequestPayer { get; init; }

    /// <summary>
    /// True to send checksums only where S3 requires them, for stores that reject them; null to follow the SDK's settings.
    /// </summary>
    internal bool? ChecksumsOnlyWhenRequired { get; init; }

    internal bool? DisablePayloadSigning { get; init; }

    /// <summary>True to accept any certificate of a server.</summary>
    internal bool? SkipCertificateCheck { get; init; }

    internal int? MaxRetry { get; init; }

    internal TimeSpan? Timeout { get; init; }

    internal RequestLimits Limits => new(MaxRetry ?? RequestLimits.Default.MaxRetry, Timeout ?? RequestLimits.Default.Timeout);

    internal bool HasCredentials => (ProfileName ?? Keys ?? KeySource ?? Resolved) is not null;

    public override string ToString() => nameof(ConnectionSettings);
}

/// <summary>One set of credentials. Its text form holds none of them.</summary>
internal sealed record AwsKeys(string AccessKey, string SecretKey, string? SessionToken)
{
    public override string ToString() => nameof(AwsKeys);
}
