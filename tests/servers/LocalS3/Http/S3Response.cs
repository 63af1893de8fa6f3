using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Http;

/// <summary>A response before it is sent, so that store profiles and faults can change it.</summary>
internal sealed class S3Response
{
    public int Status { get; set; } = 200;

    public List<(string Name, string Value)> Headers { get; } = [];

    public byte[] Body { get; set; } = [];

    /// <summary>The bytes of an object, which are sent instead of <see cref="Body"/>.</summary>
    public ObjectContent? Content { get; set; }

    public string? ErrorCode { get; set; }

    /// <summary>The Content-Length of a response to HEAD, which has no body.</summary>
    public long? AnnouncedLength { get; set; }

    /// <summary>The fault truncate: Content-Length is that of the whole body, and the connection is reset after this many bytes.</summary>
    public long? TruncateAfter { get; set; }

    public static S3Response Xml(XmlText xml)
    {
        S3Response response = new() { Body = xml.ToBytes() };
        response.Set("Content-Type", "application/xml");
        return response;
    }

    public static S3Response Empty(int status = 200) => new() { Status = status };

    public static S3Response Error(S3Exception error, string requestId, string hostId)
    {
        XmlText xml = new XmlText().Open("Error").Element("Code", error.Code).Element("Message", error.Message);
        foreach ((string name, string value) in error.Details)
            xml.Element(name, value);
        xml.Element("RequestId", requestId).Element("HostId", hostId).Close("Error");
        S3Response response = Xml(xml);
        response.Status = error.Status;
        response.ErrorCode = error.Code;
        foreach ((string name, string value) in error.Headers)
            response.Set(name, value);
        return response;
    }

    public S3Response Set(string name, string? value)
    {
        if (value is not null)
        {
            Headers.RemoveAll(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            Headers.Add((name, value));
        }
        return this;
    }
}
