namespace S3Multipart;

/// <summary>The ids of failures on the way to S3 and back, which decide on retries.</summary>
internal static class FailureIds
{
    internal const string EndpointUnreachable = nameof(EndpointUnreachable);
    internal const string ConnectionLost = nameof(ConnectionLost);
    internal const string RequestTimedOut = nameof(RequestTimedOut);
    internal const string AnswerInvalid = nameof(AnswerInvalid);
}
