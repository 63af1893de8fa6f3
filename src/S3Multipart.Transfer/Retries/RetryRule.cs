using System.Net;
using S3Multipart.Core.Errors;

namespace S3Multipart.Transfer.Retries;

/// <summary>Which failures may pass when the request is sent again, and how long to wait before that.</summary>
internal static class RetryRule
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(20);

    /// <summary>S3's retryable codes, 5xx, and whatever kept a response from being had whole.</summary>
    internal static bool IsTransient(Exception failure, int triesBefore, bool wasReached) => failure switch
    {
        // The bytes arrived otherwise than they were read. Read again they may be right; a file that changes will be wrong again.
        S3ServiceException { ErrorCode: "BadDigest" or "XAmzContentSHA256Mismatch" or "IncompleteBody" } => triesBefore < 2,
        S3ServiceException service => IsThrottled(failure) || service.ErrorCode is "RequestTimeout" or "InternalError"
            || service.StatusCode is HttpStatusCode.RequestTimeout
                or (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented),
        S3MultipartException { ErrorId: FailureIds.EndpointUnreachable } => wasReached,
        S3MultipartException { ErrorId: FailureIds.ConnectionLost or FailureIds.RequestTimedOut or FailureIds.ResponseInvalid } => true,
        _ => false,
    };

    /// <summary>True where S3 says that it is asked too much.</summary>
    internal static bool IsThrottled(Exception failure) => failure is S3ServiceException service
        && (service.ErrorCode is "SlowDown" or "ServiceUnavailable" or "Throttling" or "ThrottlingException" or "RequestThrottled"
            or "RequestLimitExceeded" or "Busy" or "TooManyRequests"
            || service.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable);

    /// <summary>True where S3 may have done what it was asked, though its response does not say so.</summary>
    internal static bool IsOutcomeUnknown(Exception failure) => failure is not S3ServiceException service
        || (int)service.StatusCode is >= 500 or < 300;

    /// <summary>
    /// Twice as long each time, up to 20 s, and of that at least half, by chance, so that clients that failed together do not come back
    /// together.
    /// </summary>
    internal static TimeSpan WaitBefore(int retry, Exception failure, double random)
    {
        // A lost connection is most often one that had lain idle; another is there at once.
        double first = IsThrottled(failure)
            ? 0.5 : retry == 1 && failure is S3MultipartException { ErrorId: FailureIds.ConnectionLost } ? 0.02 : 0.1;
        return TimeSpan.FromSeconds(Math.Min(first * Math.Pow(2, retry - 1), s_longestWait.TotalSeconds) * (0.5 + (random / 2)));
    }
}
