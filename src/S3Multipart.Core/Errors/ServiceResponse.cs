using System.Net;

namespace S3Multipart.Core.Errors;

/// <summary>What every error response of S3 has.</summary>
/// <param name="ErrorCode">S3's error code, such as AccessDenied.</param>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="RequestId">x-amz-request-id.</param>
/// <param name="HostId">x-amz-id-2.</param>
internal readonly record struct ServiceResponse(string ErrorCode, HttpStatusCode StatusCode = default,
    string? RequestId = null, string? HostId = null)
{
    /// <summary>The store's own message, which is part of the exception's.</summary>
    internal string Text { get; init; } = "";

    /// <summary>True where the store is not Amazon S3.</summary>
    internal bool IsOtherStore { get; init; }

    /// <summary>How long the store asks to wait before a retry (Retry-After); null where it did not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
