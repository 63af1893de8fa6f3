using System.Xml;
using System.Xml.Linq;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// Reads answers whole, and within bounds: the largest answer there is, a page of 1,000 parts, has well under a megabyte. A server may
/// be anybody's, so XML is read without document types and without anything from outside.
/// </summary>
internal static class AnswerReader
{
    private const int MaxBytes = 16 << 20;

    private static readonly XmlReaderSettings s_xml = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxBytes,
        // Ceph and Amazon S3 write blanks before the declaration where an answer took long.
        ConformanceLevel = ConformanceLevel.Fragment,
        // Keys may hold characters that XML cannot; S3 writes them nevertheless.
        CheckCharacters = false,
        IgnoreWhitespace = true,
    };

    internal static async Task<byte[]> ReadAsync(HttpContent content, StallGuard? guard, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength == 0)
        {
            return [];
        }

        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream whole = new();
        byte[] buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellationToken) is int count and > 0)
        {
            guard?.Moved();
            if (whole.Length + count > MaxBytes)
            {
                throw new HttpRequestException(Failure.Invariant($"The server's answer is longer than {MaxBytes:N0} bytes."));
            }

            whole.Write(buffer, 0, count);
        }

        return whole.ToArray();
    }

    /// <summary>The root element, or null where the body is not XML.</summary>
    internal static XElement? Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return null;
        }

        try
        {
            int start = Array.FindIndex(body, octet => !char.IsWhiteSpace((char)octet));
            using MemoryStream stream = new(body, Math.Max(start, 0), body.Length - Math.Max(start, 0));
            using XmlReader reader = XmlReader.Create(stream, s_xml);
            return reader.MoveToContent() == XmlNodeType.Element ? (XElement)XNode.ReadFrom(reader) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The text of a child element, whatever namespace the server put it in; null where it is missing or empty.</summary>
    internal static string? Text(this XElement element, string name) =>
        element.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value is { Length: > 0 } text ? text : null;
}
