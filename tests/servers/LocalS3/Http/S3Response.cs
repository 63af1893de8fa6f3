using LocalS3.Storage;

namespace LocalS3.Http;

/// <summary>An answer before it is written, so that delays and faults can be laid over it.</summary>
internal sealed class S3Response
{
    public int Status { get; set; } = 200;

    public List<(string Name, string Value)> Headers { get; } = [];

    public byte[] Body { get; set; } = [];

    /// <summary>Bytes of an object, read while they are written; they take the place of <see cref="Body"/>.</summary>
    public ObjectContent? Content { get; set; }

    public string? ErrorCode { get; set; }

    /// <summary>Whether a HEAD answer announces a length without a body.</summary>
    public long? AnnouncedLength { get; set; }

    /// <summary>A fault: the answer announces all of its body, and the connection is cut after this many bytes of it.</summary>
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
