using System.Globalization;
using System.Net;

namespace S3Multipart.Aws.Requests;

/// <summary>What S3 answered, read to its end.</summary>
/// <param name="message">The status and the headers.</param>
/// <param name="xml">The document; null where the body is none.</param>
/// <param name="filter">What every text passes that is not read as exact.</param>
internal sealed class S3Response(HttpResponseMessage message, ResponseElement? xml, OutsideText filter)
{
    internal HttpStatusCode Status => message.StatusCode;

    /// <summary>True for a failure by its status, and for one that S3 found only after it had begun a good response.</summary>
    internal bool IsFailure => !message.IsSuccessStatusCode || Xml?.Name == "Error";

    internal ResponseElement? Xml => xml;

    /// <summary>
    /// The document of this name, or null. Some stores call it otherwise, as moto does with ListPartsResponse. Such a document has to
    /// repeat what was requested, because any other one would be taken for an empty list; null stands for any text.
    /// </summary>
    internal ResponseElement? Document(string name, params ReadOnlySpan<(string Name, string? Text)> repeated)
    {
        if (Xml is not { } xml || xml.Name == name)
        {
            return Xml;
        }

        foreach ((string child, string? expected) in repeated)
        {
            if (xml.Exact(child) is not { } text || (expected is not null && text != expected))
            {
                return null;
            }
        }

        return xml;
    }

    /// <summary>What the response says of the length of its body, which that to HEAD does not have.</summary>
    internal long? Length { get; } = message.Content.Headers.ContentLength;

    internal DateTimeOffset? Date => message.Headers.Date;

    internal string? Header(string name) => message.Headers.TryGetValues(name, out IEnumerable<string>? values)
        && values.First() is { Length: > 0 } value
        ? filter.Of(value)
        : null;

    /// <summary>A header that describes the body, of which HEAD sends the headers alone.</summary>
    internal string? Content(string name) => message.Content.Headers.TryGetValues(name, out IEnumerable<string>? values)
        && string.Join(", ", values) is { Length: > 0 } value
        ? filter.Of(value)
        : null;

    /// <summary>The headers whose names begin so, by what follows, in lower case.</summary>
    internal Dictionary<string, string> HeadersOf(string prefix) => message.Headers
        .Where(header => header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(header => header.Key[prefix.Length..].ToLowerInvariant(), header => filter.Of(string.Join(",", header.Value)));

    internal ServiceError ToError() => new(Status, Xml?.Text("Code") ?? "", Xml?.Text("Message") ?? "")
    {
        RequestId = Header("x-amz-request-id") ?? Xml?.Text("RequestId"),
        HostId = Header("x-amz-id-2") ?? Xml?.Text("HostId"),
        BucketRegion = Header("x-amz-bucket-region") ?? Xml?.Text("Region"),
        Date = Date,
        // In milliseconds, unlike HTTP's own header.
        RetryAfter = int.TryParse(Header("x-amz-retry-after"), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds) : null,
    };
}
