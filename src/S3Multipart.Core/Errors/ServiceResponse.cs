using System.Net;

namespace S3Multipart.Core.Errors;

/// <summary>What S3 says of itself in every response that is an error.</summary>
/// <param name="ErrorCode">S3's error code, such as AccessDenied.</param>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="RequestId">x-amz-request-id.</param>
/// <param name="HostId">x-amz-id-2.</param>
internal readonly record struct ServiceResponse(string ErrorCode, HttpStatusCode StatusCode = default,
    string? RequestId = null, string? HostId = null);
