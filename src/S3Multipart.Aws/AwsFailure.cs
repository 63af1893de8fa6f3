using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace S3Multipart.Aws;

/// <summary>Turns the SDK's exceptions into the module's own, which scripts can name.</summary>
internal static class AwsFailure
{
    internal static S3MultipartException ProfileNotFound(string name) =>
        new(nameof(ProfileNotFound), FailureKind.ObjectNotFound, $"There is no profile '{name}' in the AWS credentials and config files.");

    internal static S3MultipartException CredentialsUnusable(string message, Exception inner) =>
        new(nameof(CredentialsUnusable), FailureKind.AuthenticationError, message, inner);

    internal static S3MultipartException ConnectionInvalid(Exception inner) =>
        new(nameof(ConnectionInvalid), FailureKind.InvalidArgument, "S3 cannot be reached as asked: " + inner.Message, inner);

    internal static S3ServiceException NoSuchUpload(S3ServiceException e, string target) =>
        e.With(recommendedAction: null, $"S3 has no such upload of '{target}': it was completed or stopped, or never was.", "NoSuchUpload");

    internal static Exception Translate(Exception e, string target) => Source(e) ?? e switch
    {
        OperationCanceledException => e,
        AmazonS3Exception { ErrorCode: not null and not "" } s3 when s3.ErrorCode != s3.StatusCode.ToString() => FromService(s3, target),
        AmazonS3Exception s3 => FromStatus(s3, target),
        AmazonServiceException { InnerException: HttpRequestException http } => Unreachable(http, target),
        HttpRequestException http => Unreachable(http, target),
        AmazonClientException client when IsAboutCredentials(client) => new S3MultipartException(
            "CredentialsNotFound", FailureKind.AuthenticationError, "No AWS credentials were found, neither in parameters nor in the session, the environment, the profiles or from a container or instance.", client)
        {
            RecommendedAction = "Give -ProfileName, or -AccessKey and -SecretKey, or set them in the environment or in a profile.",
        },
        _ => new S3MultipartException("RequestFailed", FailureKind.ConnectionError, $"A request for '{target}' failed: {e.Message}", e),
    };

    /// <summary>The module's own failure that a request ended with, such as that of a file that could not be read further.</summary>
    private static S3MultipartException? Source(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is S3MultipartException own)
            {
                return own;
            }
        }

        return null;
    }

    private static bool IsAboutCredentials(AmazonClientException e) =>
        e.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("IAM", StringComparison.Ordinal);

    private static S3ServiceException FromStatus(AmazonS3Exception e, string target)
    {
        // An answer without a body, as to HEAD, has nothing but its status, whose name the SDK then gives as the code.
        (string code, FailureKind kind) = e.StatusCode switch
        {
            HttpStatusCode.NotFound => ("NotFound", FailureKind.ObjectNotFound),
            HttpStatusCode.Forbidden => ("AccessDenied", FailureKind.PermissionDenied),
            HttpStatusCode.PreconditionFailed => ("PreconditionFailed", FailureKind.ResourceExists),
            _ => ("Http" + (int)e.StatusCode, FailureKind.ProtocolError),
        };
        return Make(e, code, kind, target);
    }

    private static S3ServiceException FromService(AmazonS3Exception e, string target)
    {
        FailureKind kind = e.ErrorCode switch
        {
            "NoSuchBucket" or "NoSuchKey" or "NoSuchUpload" or "NotFound" => FailureKind.ObjectNotFound,
            "AccessDenied" or "AllAccessDisabled" or "AccountProblem" => FailureKind.PermissionDenied,
            "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "RequestTimeTooSkewed" => FailureKind.AuthenticationError,
            "PreconditionFailed" => FailureKind.ResourceExists,
            "ConditionalRequestConflict" or "OperationAborted" => FailureKind.ResourceBusy,
            "SlowDown" or "ServiceUnavailable" or "InternalError" or "Busy" => FailureKind.ResourceUnavailable,
            "BadDigest" or "InvalidDigest" or "InvalidPart" or "InvalidPartOrder" or "XAmzContentSHA256Mismatch" => FailureKind.InvalidData,
            "RequestTimeout" => FailureKind.OperationTimeout,
            "EntityTooLarge" or "EntityTooSmall" or "KeyTooLongError" => FailureKind.LimitsExceeded,
            "NotImplemented" or "MethodNotAllowed" => FailureKind.NotImplemented,
            _ when (int)e.StatusCode >= 500 => FailureKind.ResourceUnavailable,
            _ => FailureKind.InvalidArgument,
        };
        return Make(e, e.ErrorCode, kind, target);
    }

    private static S3ServiceException Make(AmazonS3Exception e, string code, FailureKind kind, string target)
    {
        // Some stores leave the message empty, and the SDK then writes one of its own about exception types.
        bool isEmpty = string.IsNullOrWhiteSpace(e.Message)
            || e.Message.Contains("Exception of type", StringComparison.Ordinal)
            || e.Message.StartsWith("Error making request with Error Code", StringComparison.Ordinal);
        string said = isEmpty ? "" : ": " + e.Message;
        // The answer to a wrong signature repeats the request's headers, customer keys and all, so that exception is not kept.
        AmazonS3Exception? inner = code == "SignatureDoesNotMatch" ? null : e;
        ServiceAnswer answer = new(code, e.StatusCode, e.RequestId, e.AmazonId2);
        return S3ServiceException.Create(answer, kind, $"S3 answered {code} ({(int)e.StatusCode}) for '{target}'{said}", inner);
    }

    private static S3MultipartException Unreachable(HttpRequestException e, string target)
    {
        string why = e.InnerException?.Message ?? e.Message;
        bool never = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            || e.InnerException is SocketException;
        return never
            ? new S3MultipartException("EndpointUnreachable", FailureKind.ConnectionError, $"The endpoint for '{target}' cannot be reached: {why}", e)
            {
                RecommendedAction = "Check -EndpointUrl, -Region, the network, and for https the certificate.",
            }
            : new S3MultipartException("ConnectionLost", FailureKind.ConnectionError, $"The connection was lost during a request for '{target}': {why}", e);
    }
}
