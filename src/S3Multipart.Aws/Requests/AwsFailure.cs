using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using S3Multipart.Core.Errors;

namespace S3Multipart.Aws.Requests;

/// <summary>Turns refusals of S3, and what goes wrong on the way there, into the module's own exceptions, which scripts can name.</summary>
internal static class AwsFailure
{
    private const int LongestMessage = 2000;

    internal static S3MultipartException ConnectionInvalid(Exception inner) =>
        new(nameof(ConnectionInvalid), FailureKind.InvalidArgument, "S3 cannot be reached as requested: " + inner.Message, inner)
        {
            RecommendedAction = "Leave out one of the parameters that contradict each other, as the message says.",
        };

    internal static S3MultipartException EndpointNotOffered(string bucket, Exception inner) =>
        new(nameof(EndpointNotOffered), FailureKind.InvalidArgument,
            $"There is no endpoint for '{bucket}' as requested: {inner.Message}", inner)
        {
            RecommendedAction =
                "Check the name or the ARN, and leave out the kind of endpoint that it does not have, as the message says.",
        };

    internal static S3MultipartException ArnRegionDiffers(string arn, string region, string own) =>
        new(nameof(ArnRegionDiffers), FailureKind.InvalidArgument,
            $"'{arn}' is in the Region {region}, the requests go to {own}, and AWS_S3_USE_ARN_REGION or the profile's s3_use_arn_region "
                + "says that an ARN does not change that.")
        {
            RecommendedAction = $"Give -Region {region}, or set AWS_S3_USE_ARN_REGION to true.",
        };

    internal static S3MultipartException TimedOut(string target, TimeSpan idleTimeout, Exception inner) =>
        new(FailureIds.RequestTimedOut, FailureKind.OperationTimeout,
            Failure.Invariant($"No byte was transferred for {idleTimeout.TotalSeconds:0.#} s in a request for '{target}'."), inner)
        {
            RecommendedAction = "Check the network; where the store is only slow, allow more time with -Timeout.",
        };

    internal static S3MultipartException ResponseInvalid(string target, string why, Exception? inner = null) =>
        new(FailureIds.ResponseInvalid, FailureKind.ProtocolError,
            $"The response to a request for '{target}' is not one of S3: {why}.", inner)
        {
            RecommendedAction = "Check -EndpointUrl: a proxy or a sign-in page may have answered, or the store is at fault.",
        };

    internal static S3ServiceException NoSuchUpload(S3ServiceException e, string target) =>
        e.With(recommendedAction: null, $"S3 has no such upload of '{target}': it was completed or stopped, or never was.", "NoSuchUpload");

    internal static Exception Translate(Exception e, string target, string? origin, OutsideText filter) => Source(e) ?? e switch
    {
        // The caller has checked for a stop by the user and for an idle timeout. What is left is a connection that was not made in
        // time.
        OperationCanceledException { InnerException: TimeoutException late } => NeverReached(late.Message, target, origin, e, filter),
        OperationCanceledException => ConnectionLost(e.Message, target, e, filter),
        AmazonServiceException { InnerException: HttpRequestException http } => Unreachable(http, target, origin, filter),
        AmazonUnmarshallingException unreadable => ResponseInvalid(target, "it cannot be read", filter.Keep(unreadable)),
        HttpRequestException http => Unreachable(http, target, origin, filter),
        IOException lost => ConnectionLost(lost.Message, target, lost, filter),
        _ => RequestFailed(target, e, filter),
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

    internal static S3ServiceException FromService(ServiceError error, string target, S3Endpoint? endpoint)
    {
        // A response without a body, as to HEAD, has nothing but its status.
        string code = IsCode(error.Code) ? error.Code : error.Status switch
        {
            HttpStatusCode.NotFound => "NotFound",
            HttpStatusCode.Forbidden => "AccessDenied",
            HttpStatusCode.PreconditionFailed => "PreconditionFailed",
            _ => "Http" + (int)error.Status,
        };
        string said = error.Message.Length == 0
            ? "" : ": " + (error.Message.Length <= LongestMessage ? error.Message : error.Message[..LongestMessage]);
        ServiceResponse response = new(code, error.Status, error.RequestId, error.HostId)
        {
            Text = error.Message,
            RetryAfter = error.RetryAfter,
            IsOtherStore = endpoint is not null && !AmazonHosts.Has(new Uri(endpoint.Origin)),
        };
        return S3ServiceException.Create(response, KindOf(code, error),
            $"S3 answered {code} ({(int)error.Status}) for '{target}'{said}", error.Inner);
    }

    /// <summary>A code becomes the id of an error, so it must have the form of one.</summary>
    private static bool IsCode(string text) =>
        text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static FailureKind KindOf(string code, ServiceError error) => code switch
    {
        "NoSuchBucket" or "NoSuchKey" or "NoSuchUpload" or "NotFound" => FailureKind.ObjectNotFound,
        "AccessDenied" or "AllAccessDisabled" or "AccountProblem" => FailureKind.PermissionDenied,
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "RequestTimeTooSkewed" =>
            FailureKind.AuthenticationError,
        "PreconditionFailed" => FailureKind.ResourceExists,
        "ConditionalRequestConflict" or "OperationAborted" => FailureKind.ResourceBusy,
        "SlowDown" or "ServiceUnavailable" or "InternalError" or "Busy" => FailureKind.ResourceUnavailable,
        "BadDigest" or "InvalidDigest" or "InvalidPart" or "InvalidPartOrder" or "XAmzContentSHA256Mismatch" => FailureKind.InvalidData,
        "RequestTimeout" => FailureKind.OperationTimeout,
        "EntityTooLarge" or "EntityTooSmall" or "KeyTooLongError" => FailureKind.LimitsExceeded,
        "NotImplemented" or "MethodNotAllowed" => FailureKind.NotImplemented,
        _ when (int)error.Status >= 500 => FailureKind.ResourceUnavailable,
        _ when error.Code.Length == 0 => FailureKind.ProtocolError,
        _ => FailureKind.InvalidArgument,
    };

    private static S3MultipartException Unreachable(HttpRequestException e, string target, string? origin, OutsideText filter)
    {
        if (e.InnerException is UntrustedCertificateException untrusted)
        {
            S3MultipartException failure = NeverReached(untrusted.Message, target, origin, e, filter);
            return new(failure.ErrorId, failure.Kind, failure.Message, filter.Keep(e)) { RecommendedAction = untrusted.Advice };
        }

        string why = e.InnerException?.Message ?? e.Message;
        bool never = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError
            || e.InnerException is SocketException;
        return never ? NeverReached(why, target, origin, e, filter) : ConnectionLost(why, target, e, filter);
    }

    private static S3MultipartException NeverReached(string why, string target, string? origin, Exception e, OutsideText filter) =>
        new(FailureIds.EndpointUnreachable, FailureKind.ConnectionError,
            $"The endpoint{(origin is null ? "" : " " + origin)} for '{target}' cannot be reached: {filter.Of(why)}", filter.Keep(e))
        {
            RecommendedAction = "Check the address (-EndpointUrl, AWS_ENDPOINT_URL_S3, the profile's endpoint_url, -Region), the network, "
                + "and for https the certificate.",
        };

    private static S3MultipartException ConnectionLost(string why, string target, Exception e, OutsideText filter) =>
        new(FailureIds.ConnectionLost, FailureKind.ConnectionError,
            $"The connection was lost during a request for '{target}': {filter.Of(why)}", filter.Keep(e))
        {
            RecommendedAction = "Try again when the network is back; -MaxRetry allows more tries.",
        };

    private static S3MultipartException RequestFailed(string target, Exception e, OutsideText filter) =>
        new(FailureIds.RequestFailed, FailureKind.ConnectionError,
            $"A request for '{target}' failed: {filter.Of(e.Message)}", filter.Keep(e))
        {
            RecommendedAction = "Try again; if the error persists, report it to the maintainers of the module.",
        };
}
