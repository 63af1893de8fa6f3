namespace S3Multipart.Core.Inputs;

/// <summary>
/// Decides how a cmdlet reaches S3: each setting is the one that its own parameters give, else the one that came with its input.
/// Credentials are one setting, so that they are replaced by credentials only, and never mixed.
/// </summary>
internal static class ConnectionMerge
{
    /// <param name="given">What the parameters of the cmdlet say.</param>
    /// <param name="inherited">What came with the upload or the part; null where there is no such input.</param>
    /// <param name="session">What the session holds, for what neither of them says.</param>
    internal static ConnectionSettings Merge(ConnectionSettings given, ConnectionSettings? inherited, ConnectionSettings session)
    {
        inherited ??= new ConnectionSettings();
        ConnectionSettings credentials = given.HasCredentials ? given : inherited.HasCredentials ? inherited : session;
        return new ConnectionSettings
        {
            ProfileName = credentials.ProfileName,
            Keys = credentials.Keys,
            KeySource = credentials.KeySource,
            Resolved = credentials.Resolved,
            IsOfSession = credentials.IsOfSession,
            ProfileLocation = given.ProfileLocation ?? inherited.ProfileLocation,
            AskMfaCode = given.AskMfaCode ?? inherited.AskMfaCode,
            Region = given.Region ?? inherited.Region,
            SessionRegion = credentials.ProfileName is null ? session.SessionRegion : null,
            EndpointUrl = given.EndpointUrl ?? inherited.EndpointUrl,
            ForcePathStyle = given.ForcePathStyle ?? inherited.ForcePathStyle,
            UseAccelerateEndpoint = given.UseAccelerateEndpoint ?? inherited.UseAccelerateEndpoint,
            UseFipsEndpoint = given.UseFipsEndpoint ?? inherited.UseFipsEndpoint,
            UseDualstackEndpoint = given.UseDualstackEndpoint ?? inherited.UseDualstackEndpoint,
            ExpectedBucketOwner = given.ExpectedBucketOwner ?? inherited.ExpectedBucketOwner,
            RequestPayer = given.RequestPayer ?? inherited.RequestPayer,
            ChecksumsOnlyWhenRequired = given.ChecksumsOnlyWhenRequired ?? inherited.ChecksumsOnlyWhenRequired,
            DisablePayloadSigning = given.DisablePayloadSigning ?? inherited.DisablePayloadSigning,
            SkipCertificateCheck = given.SkipCertificateCheck ?? inherited.SkipCertificateCheck,
            MaxRetry = given.MaxRetry ?? inherited.MaxRetry,
            Timeout = given.Timeout ?? inherited.Timeout,
        };
    }
}
