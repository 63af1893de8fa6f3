using System.Text;
using System.Xml;
using System.Xml.Linq;
using S3Multipart.Core.Errors;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// Reads responses whole, and within bounds: the largest response there is, a page of 1,000 parts, has well under a megabyte. A server may
/// be untrusted, so XML is read without document types and without anything from outside.
/// </summary>
internal static class ResponseReader
{
    private const int MaxBytes = 16 << 20;

    /// <summary>S3's responses are four elements deep.</summary>
    private const int MaxDepth = 16;

    /// <summary>A page of 1,000 uploads has fewer than 20,000 elements, and some stores have pages of 10,000 parts.</summary>
    private const int MaxElements = 200_000;

    private static readonly XmlReaderSettings s_xml = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxBytes,
        // Ceph and Amazon S3 write blanks before the declaration where a response took long.
        ConformanceLevel = ConformanceLevel.Fragment,
        // Keys may hold characters that XML cannot; S3 writes them nevertheless.
        CheckCharacters = false,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
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
                throw new HttpRequestException(Failure.Invariant($"The server's response is longer than {MaxBytes:N0} bytes."));
            }

            whole.Write(buffer, 0, count);
        }

        return whole.ToArray();
    }

    /// <summary>
    /// The root element, or null where the body is not XML or more than S3 would write. It is read in linear time, and within bounds of
    /// depth and number, because what builds or walks a tree may take time that grows with their square.
    /// </summary>
    internal static ResponseElement? Parse(byte[] body, OutsideText filter, CancellationToken cancellationToken) =>
        Read(body, filter, cancellationToken, out _);

    /// <summary>True unless a body is XML that is deeper or has more elements than any response of S3.</summary>
    internal static bool IsWithinBounds(byte[] body, CancellationToken cancellationToken)
    {
        _ = Read(body, new OutsideText(), cancellationToken, out bool isTooMuch);
        return !isTooMuch;
    }

    private static ResponseElement? Read(byte[] body, OutsideText filter, CancellationToken cancellationToken, out bool isTooMuch)
    {
        int start = Array.FindIndex(body, octet => !char.IsWhiteSpace((char)octet));
        // The reader keeps all attributes of an element at a time, and each has two quotes.
        isTooMuch = body.AsSpan().Count((byte)'"') + body.AsSpan().Count((byte)'\'') > 2 * MaxElements;
        if (start < 0 || isTooMuch)
        {
            return null;
        }

        try
        {
            using MemoryStream stream = new(body, start, body.Length - start);
            using XmlReader reader = XmlReader.Create(stream, s_xml);
            return reader.MoveToContent() == XmlNodeType.Element ? ReadTree(reader, filter, cancellationToken, out isTooMuch) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static ResponseElement? ReadTree(XmlReader reader, OutsideText filter, CancellationToken cancellationToken, out bool isTooMuch)
    {
        ResponseElement root = new(reader.LocalName, filter);
        Stack<ResponseElement> open = new([root]);
        StringBuilder text = new();
        int count = 1;
        isTooMuch = false;
        if (reader.IsEmptyElement)
        {
            return root;
        }

        while (open.Count > 0 && reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    cancellationToken.ThrowIfCancellationRequested();
                    isTooMuch = open.Count == MaxDepth || ++count > MaxElements;
                    if (isTooMuch)
                    {
                        return null;
                    }

                    ResponseElement child = new(reader.LocalName, filter);
                    open.Peek().Add(child);
                    _ = text.Clear();
                    if (!reader.IsEmptyElement)
                    {
                        open.Push(child);
                    }

                    break;
                case XmlNodeType.EndElement:
                    // Text beside children means nothing in a response of S3.
                    open.Pop().Content = text.ToString();
                    _ = text.Clear();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    _ = text.Append(reader.Value);
                    break;
            }
        }

        return open.Count == 0 ? root : null;
    }
}
