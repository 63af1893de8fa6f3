using System.Net;

namespace S3Multipart;

/// <summary>An error that S3 answered with.</summary>
public class S3ServiceException : S3MultipartException
{
    internal S3ServiceException(string errorCode, FailureKind kind, string message, Exception? inner = null)
        : base(errorCode, kind, message, inner) => ErrorCode = errorCode;

    /// <summary>S3's error code, such as AccessDenied.</summary>
    public string ErrorCode { get; }

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode StatusCode { get; internal init; }

    /// <summary>The id of the request, which AWS Support asks for.</summary>
    public string? RequestId { get; internal init; }

    /// <summary>The second id of the request (x-amz-id-2), which AWS Support asks for.</summary>
    public string? HostId { get; internal init; }

    /// <summary>The same answer with advice, and with a new message where one is given.</summary>
    internal S3ServiceException With(string? recommendedAction, string? message = null) => new(ErrorCode, Kind, message ?? Message, this)
    {
        StatusCode = StatusCode,
        RequestId = RequestId,
        HostId = HostId,
        RecommendedAction = recommendedAction,
    };
}
