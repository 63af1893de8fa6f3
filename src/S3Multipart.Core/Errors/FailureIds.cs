namespace S3Multipart.Core.Errors;

/// <summary>The ids of failures on the way to S3 and back, which decide on retries.</summary>
internal static class FailureIds
{
    internal const string EndpointUnreachable = nameof(EndpointUnreachable);
    internal const string ConnectionLost = nameof(ConnectionLost);
    internal const string RequestTimedOut = nameof(RequestTimedOut);
    internal const string ResponseInvalid = nameof(ResponseInvalid);
}
