using System.Text;
using System.Xml.Linq;
using LocalS3.Http;

namespace LocalS3.StoreProfiles;

/// <summary>Removes elements from a response.</summary>
internal static class ResponseXml
{
    public static void Keep(S3Response response, string name, Func<XElement, bool> isKept) =>
        Remove(response, element => element.Name.LocalName == name && !isKept(element));

    public static void Remove(S3Response response, Func<XElement, bool> isRemoved)
    {
        XElement root = XElement.Parse(Encoding.UTF8.GetString(response.Body));
        root.Elements().Where(isRemoved).Remove();
        response.Body =
            Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.ToString(SaveOptions.DisableFormatting));
    }
}
