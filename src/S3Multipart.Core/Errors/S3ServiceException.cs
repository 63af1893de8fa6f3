using System.Net;

namespace S3Multipart;

/// <summary>An error that S3 answered with. The answers that scripts tell apart have classes of their own, derived from this one.</summary>
public class S3ServiceException : S3MultipartException
{
    private readonly ServiceAnswer _answer;

    private protected S3ServiceException(ServiceAnswer answer, FailureKind kind, string message, Exception? inner,
        string? recommendedAction)
        : base(answer.ErrorCode, kind, message, inner)
    {
        _answer = answer;
        RecommendedAction = recommendedAction ?? ServiceAdvice.ForCode(answer.ErrorCode);
    }

    /// <summary>S3's error code, such as AccessDenied.</summary>
    public string ErrorCode => _answer.ErrorCode;

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode StatusCode => _answer.StatusCode;

    /// <summary>The id of the request, which AWS Support asks for.</summary>
    public string? RequestId => _answer.RequestId;

    /// <summary>The second id of the request (x-amz-id-2), which AWS Support asks for.</summary>
    public string? HostId => _answer.HostId;

    /// <summary>Makes the exception of the code's own class, with the general advice for the code where no other is given.</summary>
    internal static S3ServiceException Create(
        ServiceAnswer answer, FailureKind kind, string message, Exception? inner = null, string? recommendedAction = null) =>
        answer.ErrorCode switch
        {
            "NoSuchUpload" => new NoSuchUploadException(answer, kind, message, inner, recommendedAction),
            "PreconditionFailed" => new PreconditionFailedException(answer, kind, message, inner, recommendedAction),
            "AccessDenied" => new AccessDeniedException(answer, kind, message, inner, recommendedAction),
            "BadDigest" or "XAmzContentSHA256Mismatch" => new BadDigestException(answer, kind, message, inner, recommendedAction),
            _ => new S3ServiceException(answer, kind, message, inner, recommendedAction),
        };

    /// <inheritdoc/>
    internal override S3MultipartException AfterTries(int count) =>
        With(RecommendedAction, Failure.Invariant($"{Message} ({count} tries)"));

    /// <summary>The same answer with advice, and with a new message or code where one is given.</summary>
    internal S3ServiceException With(string? recommendedAction, string? message = null, string? errorCode = null) =>
        Create(_answer with { ErrorCode = errorCode ?? ErrorCode }, Kind, message ?? Message, this, recommendedAction);
}
