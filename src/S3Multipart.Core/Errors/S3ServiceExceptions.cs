using S3Multipart.Core.Errors;

namespace S3Multipart;

/// <summary>There is no such upload (404 NoSuchUpload): it was completed or stopped, or never was.</summary>
public sealed class NoSuchUploadException : S3ServiceException
{
    internal NoSuchUploadException(ServiceResponse response, FailureKind kind, string message, Exception? inner, string? recommendedAction)
        : base(response, kind, message, inner, recommendedAction)
    {
    }
}

/// <summary>A condition does not hold (412 PreconditionFailed), such as that of -NoClobber or -IfMatch.</summary>
public sealed class PreconditionFailedException : S3ServiceException
{
    internal PreconditionFailedException(ServiceResponse response, FailureKind kind, string message, Exception? inner,
        string? recommendedAction)
        : base(response, kind, message, inner, recommendedAction)
    {
    }
}

/// <summary>The caller may not do this (403 AccessDenied).</summary>
public sealed class AccessDeniedException : S3ServiceException
{
    internal AccessDeniedException(ServiceResponse response, FailureKind kind, string message, Exception? inner, string? recommendedAction)
        : base(response, kind, message, inner, recommendedAction)
    {
    }
}

/// <summary>
/// The bytes that S3 received are not those that the digest or checksum was made of (400 BadDigest, XAmzContentSHA256Mismatch).
/// </summary>
public sealed class BadDigestException : S3ServiceException
{
    internal BadDigestException(ServiceResponse response, FailureKind kind, string message, Exception? inner, string? recommendedAction)
        : base(response, kind, message, inner, recommendedAction)
    {
    }
}
