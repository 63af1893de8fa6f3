using System.Net;
using S3Multipart.Core.Errors;

namespace S3Multipart.Transfer.Retries;

/// <summary>Which failures may pass when the request is sent again, and how long to wait before that.</summary>
internal static class RetryRule
{
    private const double LongestWait = 20;
    private const double FirstWaitOfThrottled = 1;
    private const double FirstWait = 0.05;

    /// <summary>How much longer than by its own rule the module waits where a store asks for it.</summary>
    private static readonly TimeSpan s_mostGranted = TimeSpan.FromSeconds(5);

    /// <summary>S3's retryable codes, 5xx, and what kept a response from being read to its end.</summary>
    internal static bool IsTransient(Exception failure, int triesBefore, bool wasReached) => failure switch
    {
        // The bytes arrived otherwise than they were read. Read again they may be right; a file that changes will be wrong again.
        S3ServiceException { ErrorCode: "BadDigest" or "XAmzContentSHA256Mismatch" or "IncompleteBody" } => triesBefore < 2,
        S3ServiceException service => IsThrottled(failure) || service.ErrorCode is "RequestTimeout" or "InternalError"
            || service.StatusCode is HttpStatusCode.RequestTimeout
                or (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented),
        S3MultipartException { ErrorId: FailureIds.EndpointUnreachable } => wasReached,
        S3MultipartException { ErrorId: FailureIds.ConnectionLost or FailureIds.RequestTimedOut } => true,
        // A response may be broken on its way; one that stays so is what the store says.
        S3MultipartException { ErrorId: FailureIds.ResponseInvalid } => triesBefore < 3,
        _ => false,
    };

    /// <summary>True where S3 says that it is overloaded.</summary>
    internal static bool IsThrottled(Exception failure) => failure is S3ServiceException service
        && (service.ErrorCode is "SlowDown" or "ServiceUnavailable" or "Throttling" or "ThrottlingException" or "RequestThrottled"
            or "RequestLimitExceeded" or "Busy" or "TooManyRequests"
            || service.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable);

    /// <summary>True where S3 may have done what it was asked, though its response does not say so.</summary>
    internal static bool IsOutcomeUnknown(Exception failure) => failure is not S3ServiceException service
        || service.Status is >= 500 or < 300;

    /// <summary>
    /// Twice as long each time, up to 20 s, and of that at least half, by chance, so that clients that failed together do not come back
    /// together. A store that names a time is given that, but neither less than it would be given anyway nor 5 s more.
    /// </summary>
    internal static TimeSpan WaitBefore(int retry, Exception failure, double random)
    {
        double first = IsThrottled(failure) ? FirstWaitOfThrottled : FirstWait;
        TimeSpan own = TimeSpan.FromSeconds(Math.Min(first * Math.Pow(2, retry - 1), LongestWait) * (0.5 + (random / 2)));
        return (failure as S3ServiceException)?.RetryAfter is not { } wanted || wanted <= own ? own
            : wanted < own + s_mostGranted ? wanted
            : own + s_mostGranted;
    }
}
