using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using Amazon.S3;

namespace S3Multipart.Aws.Requests;

/// <summary>S3's refusal of a request of the module or of the SDK.</summary>
internal sealed record ServiceError(HttpStatusCode Status, string Code, string Message)
{
    internal string? RequestId { get; init; }

    internal string? HostId { get; init; }

    internal string? BucketRegion { get; init; }

    internal DateTimeOffset? Date { get; init; }

    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>The SDK's exception, where it may be shown.</summary>
    internal Exception? Inner { get; init; }

    internal static ServiceError From(AmazonS3Exception e, OutsideText filter)
    {
        IWebResponseData? response = (e.InnerException as Amazon.Runtime.Internal.HttpErrorResponseException)?.Response;
        // A response without a body, as to HEAD, has nothing but its status, whose name the SDK then gives as the code.
        string code = e.ErrorCode is null || e.ErrorCode == e.StatusCode.ToString() ? "" : e.ErrorCode;
        // Some stores leave the message empty, and the SDK then writes one of its own about exception types.
        bool isEmpty = string.IsNullOrWhiteSpace(e.Message)
            || e.Message.Contains("Exception of type", StringComparison.Ordinal)
            || e.Message.StartsWith("Error making request with Error Code", StringComparison.Ordinal);
        return new ServiceError(e.StatusCode, code, isEmpty ? "" : filter.Of(e.Message))
        {
            RequestId = Filtered(e.RequestId),
            HostId = Filtered(e.AmazonId2),
            BucketRegion = Filtered(Header(response, "x-amz-bucket-region")),
            Date = DateTimeOffset.TryParse(Header(response, "Date"), out DateTimeOffset date) ? date : null,
            Inner = filter.Keep(e),
        };

        string? Filtered(string? text) => text is null ? null : filter.Of(text);
    }

    private static string? Header(IWebResponseData? response, string name) =>
        response?.IsHeaderPresent(name) == true ? response.GetHeaderValue(name) : null;
}
