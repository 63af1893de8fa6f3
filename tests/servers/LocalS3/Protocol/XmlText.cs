using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace LocalS3.Protocol;

/// <summary>Writes XML as S3 does: control characters in keys become references, which XmlWriter refuses to write.</summary>
internal sealed class XmlText
{
    public const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    private readonly StringBuilder _text = new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

    public XmlText Open(string name, string? attributes = null)
    {
        _text.Append('<').Append(name);
        if (attributes is not null)
            _text.Append(' ').Append(attributes);
        _text.Append('>');
        return this;
    }

    public XmlText OpenRoot(string name) => Open(name, $"xmlns=\"{Namespace}\"");

    public XmlText Close(string name)
    {
        _text.Append("</").Append(name).Append('>');
        return this;
    }

    public XmlText Element(string name, string? value)
    {
        if (value is null)
            return this;
        return Open(name).Text(value).Close(name);
    }

    public XmlText Text(string value)
    {
        Escape(_text, value);
        return this;
    }

    public XmlText Element(string name, long value) => Element(name, value.ToString(CultureInfo.InvariantCulture));

    public XmlText Element(string name, bool value) => Element(name, value ? "true" : "false");

    public XmlText Element(string name, DateTime value) => Element(name, Timestamp(value));

    public XmlText Owner(string name) =>
        Open(name).Element("ID", TestAccount.CanonicalId).Element("DisplayName", TestAccount.DisplayName).Close(name);

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    public static string Timestamp(DateTime value) =>
        value.ToString("yyyy-MM-dd'T'HH:mm:ss'.000Z'", CultureInfo.InvariantCulture);

    /// <summary>Parses a request body; anything that is not one well-formed element of the expected name is MalformedXML.</summary>
    public static XElement Parse(byte[] body, string rootName)
    {
        try
        {
            using MemoryStream stream = new(body);
            using XmlReader reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            XElement root = XElement.Load(reader);
            if (root.Name.LocalName != rootName || (root.Name.NamespaceName is not ("" or Namespace)))
                throw S3Errors.MalformedXml();
            return root;
        }
        catch (XmlException)
        {
            throw S3Errors.MalformedXml();
        }
    }

    private static void Escape(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            switch (c)
            {
                case '<': text.Append("&lt;"); break;
                case '>': text.Append("&gt;"); break;
                case '&': text.Append("&amp;"); break;
                case '"': text.Append("&quot;"); break;
                case '\n' or '\t': text.Append(c); break;
                case < ' ' or '\u007f': text.Append(CultureInfo.InvariantCulture, $"&#x{(int)c:x};"); break;
                default: text.Append(c); break;
            }
        }
    }
}
