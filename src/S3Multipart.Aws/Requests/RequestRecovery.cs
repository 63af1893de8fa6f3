using Amazon;
using S3Multipart.Aws.Identity;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// What can be put right after a refusal, each once for a request: an expired session or token, a clock that is wrong, a bucket that is
/// in another Region. The request is then sent again at once, which is not a retry.
/// </summary>
internal sealed class RequestRecovery(EndpointMap endpoints, DirectorySessions sessions, SourceCredentials credentials)
{
    private bool _isRenewed;
    private bool _isTimed;
    private bool _isMoved;

    /// <param name="bucketName">The bucket of the request.</param>
    /// <param name="error">The refusal.</param>
    /// <param name="endpoint">Where the request went.</param>
    /// <param name="token">The token that it was signed with.</param>
    internal bool TryRecover(string bucketName, ServiceError error, S3Endpoint? endpoint, string? token) => error.Code switch
    {
        "ExpiredToken" or "TokenRefreshRequired" =>
            Once(ref _isRenewed) && (endpoint is { NeedsSession: true } ? sessions.Forget(bucketName, token) : credentials.Renew()),
        "RequestTimeTooSkewed" => Once(ref _isTimed) && StoreClock.Set(endpoint, error.Date),
        _ => error.BucketRegion is { } region
            && endpoint is not null
            && error.Code is "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed"
                or "IllegalLocationConstraintException" or ""
            && (int)error.Status is 301 or 307 or 400
            && Once(ref _isMoved)
            && endpoints.Move(bucketName, region, wantsSignature: error.Code == "AuthorizationHeaderMalformed", endpoint),
    };

    private static bool Once(ref bool isDone)
    {
        bool wasDone = isDone;
        isDone = true;
        return !wasDone;
    }
}
