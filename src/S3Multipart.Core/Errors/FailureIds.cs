namespace S3Multipart.Core.Errors;

/// <summary>The ids of failures that one project makes and another one distinguishes.</summary>
internal static class FailureIds
{
    // On the way to S3 and back; some decide on retries.
    internal const string EndpointUnreachable = nameof(EndpointUnreachable);
    internal const string ConnectionLost = nameof(ConnectionLost);
    internal const string RequestTimedOut = nameof(RequestTimedOut);
    internal const string RequestFailed = nameof(RequestFailed);
    internal const string ResponseInvalid = nameof(ResponseInvalid);

    // Of credentials.
    internal const string CredentialsNotFound = nameof(CredentialsNotFound);
    internal const string CredentialsUnusable = nameof(CredentialsUnusable);
    internal const string SsoLoginNeeded = nameof(SsoLoginNeeded);
    internal const string MfaCodeNeeded = nameof(MfaCodeNeeded);
}
