using System.Net;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>
/// A failure of this module: refused input, a file that cannot be read, an upload that is incomplete, or a response of S3.
/// </summary>
public class S3MultipartException : Exception
{
    // Messages name files and objects, whose names may hold any character.
    internal S3MultipartException(string errorId, FailureKind kind, string message, Exception? inner = null)
        : base(PlainText.Line(message), inner)
    {
        ErrorId = errorId;
        Kind = kind;
    }

    /// <summary>The stable name of the failure, in PascalCase: the first part of FullyQualifiedErrorId.</summary>
    public string ErrorId { get; }

    /// <summary>What the user can do about it, where something can be done.</summary>
    public string? RecommendedAction { get; internal init; }

    /// <summary>S3's error code, such as AccessDenied; null for a failure that is no response of S3.</summary>
    public virtual string? ErrorCode => null;

    /// <summary>The HTTP status of the response; null where there is none.</summary>
    public virtual HttpStatusCode? StatusCode => null;

    /// <summary>The id of the request, which AWS Support asks for; null where there is none.</summary>
    public virtual string? RequestId => null;

    /// <summary>The second id of the request (x-amz-id-2), which AWS Support asks for; null where there is none.</summary>
    public virtual string? HostId => null;

    internal FailureKind Kind { get; }

    /// <summary>The same failure, with the number of tries that ended in it.</summary>
    internal virtual S3MultipartException AfterTries(int count) => new(ErrorId, Kind, Failure.Invariant($"{Message} ({count} tries)"), this)
    {
        RecommendedAction = RecommendedAction,
    };
}
