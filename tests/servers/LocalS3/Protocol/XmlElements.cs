using System.Globalization;
using System.Xml.Linq;

namespace LocalS3.Protocol;

/// <summary>Reads the elements of a request's XML by their local names, because clients send them with and without a namespace.</summary>
internal static class XmlElements
{
    public static XElement? Child(this XElement? element, string name) =>
        element?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    public static string? ChildText(this XElement? element, string name) => element.Child(name)?.Value.Trim();

    public static int? ChildNumber(this XElement? element, string name)
    {
        if (element.Child(name) is not { } child)
            return null;
        return int.TryParse(child.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number : throw S3Errors.MalformedXml();
    }
}
