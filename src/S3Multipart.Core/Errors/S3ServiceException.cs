using System.Net;
using S3Multipart.Core.Errors;

namespace S3Multipart;

/// <summary>
/// An error response of S3. Those that scripts distinguish have classes of their own, derived from this one.
/// </summary>
public class S3ServiceException : S3MultipartException
{
    private readonly ServiceResponse _response;

    private protected S3ServiceException(ServiceResponse response, FailureKind kind, string message, Exception? inner,
        string? recommendedAction)
        : base(response.ErrorCode, kind, message, inner)
    {
        _response = response;
        RecommendedAction = recommendedAction ?? ServiceAdvice.For(response);
    }

    /// <inheritdoc/>
    public override string ErrorCode => _response.ErrorCode;

    /// <inheritdoc/>
    public override HttpStatusCode? StatusCode => _response.StatusCode;

    /// <inheritdoc/>
    public override string? RequestId => _response.RequestId;

    /// <inheritdoc/>
    public override string? HostId => _response.HostId;

    /// <summary>The HTTP status as a number.</summary>
    internal int Status => (int)_response.StatusCode;

    /// <summary>What the store said besides its code; empty where it said nothing.</summary>
    internal string ServiceText => _response.Text ?? "";

    /// <summary>True where the store is not Amazon S3.</summary>
    internal bool IsOfOtherStore => _response.IsOtherStore;

    /// <summary>How long the store asks to wait before a retry (Retry-After); null where it did not say.</summary>
    internal TimeSpan? RetryAfter => _response.RetryAfter;

    /// <summary>Makes the exception of the code's own class, with the general advice for the code where no other is given.</summary>
    internal static S3ServiceException Create(
        ServiceResponse response, FailureKind kind, string message, Exception? inner = null, string? recommendedAction = null) =>
        response.ErrorCode switch
        {
            "NoSuchUpload" => new NoSuchUploadException(response, kind, message, inner, recommendedAction),
            "PreconditionFailed" => new PreconditionFailedException(response, kind, message, inner, recommendedAction),
            "AccessDenied" => new AccessDeniedException(response, kind, message, inner, recommendedAction),
            "BadDigest" or "XAmzContentSHA256Mismatch" => new BadDigestException(response, kind, message, inner, recommendedAction),
            _ => new S3ServiceException(response, kind, message, inner, recommendedAction),
        };

    /// <inheritdoc/>
    internal override S3MultipartException AfterTries(int count) =>
        With(RecommendedAction, Failure.Invariant($"{Message} ({count} tries)"));

    /// <summary>The same response with advice, and with a new message or code where one is given.</summary>
    internal S3ServiceException With(string? recommendedAction, string? message = null, string? errorCode = null) =>
        Create(_response with { ErrorCode = errorCode ?? ErrorCode }, Kind, message ?? Message, this, recommendedAction);
}
