using System.Net;
using System.Xml.Linq;

namespace S3Multipart.Aws.Requests;

/// <summary>What S3 answered, read to its end.</summary>
internal sealed class S3Answer(HttpResponseMessage message, byte[] body)
{
    private XElement? _xml;

    internal HttpStatusCode Status => message.StatusCode;

    /// <summary>True for a failure by its status, and for one that S3 found only after it had begun a good answer.</summary>
    internal bool IsFailure => !message.IsSuccessStatusCode || Xml?.Name.LocalName == "Error";

    internal XElement? Xml => _xml ??= AnswerReader.Parse(body);

    /// <summary>What the answer says of the length of its body, which that to HEAD does not have.</summary>
    internal long? Length { get; } = message.Content.Headers.ContentLength;

    internal DateTimeOffset? Date => message.Headers.Date;

    internal string? Header(string name) => message.Headers.TryGetValues(name, out IEnumerable<string>? values)
        && values.First() is { Length: > 0 } value
        ? value
        : null;

    internal ServiceError ToError() => new(Status, Xml?.Text("Code") ?? "", Xml?.Text("Message") ?? "")
    {
        RequestId = Header("x-amz-request-id") ?? Xml?.Text("RequestId"),
        HostId = Header("x-amz-id-2") ?? Xml?.Text("HostId"),
        BucketRegion = Header("x-amz-bucket-region") ?? Xml?.Text("Region"),
        Date = Date,
    };
}
