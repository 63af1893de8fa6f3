using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Headers;

/// <summary>Reads x-amz-tagging: a URL query of at most ten tags.</summary>
internal static class TagHeaders
{
    private const string Header = "x-amz-tagging";

    public static List<Tag> Read(S3Request request)
    {
        string? text = request.Header(Header);
        if (text is null)
            return [];
        List<Tag> tags;
        try
        {
            tags = new QueryParameters(text).Pairs.Select(p => new Tag(p.Name, p.Value)).ToList();
        }
        catch (S3Exception)
        {
            throw Malformed(text);
        }
        if (tags.Any(t => t.Key.Length == 0) || tags.DistinctBy(t => t.Key).Count() != tags.Count)
            throw Malformed(text);
        if (tags.Count > 10)
            throw new S3Exception("BadRequest", 400, "Object tags cannot be greater than 10");
        foreach (Tag tag in tags)
            Check(tag);
        return tags;
    }

    public static S3Response ToResponse(ObjectInputs inputs)
    {
        XmlText xml = new XmlText().OpenRoot("Tagging").Open("TagSet");
        foreach (Tag tag in inputs.Tags)
            xml.Open("Tag").Element("Key", tag.Key).Element("Value", tag.Value).Close("Tag");
        return S3Response.Xml(xml.Close("TagSet").Close("Tagging"));
    }

    private static void Check(Tag tag)
    {
        if (tag.Key.Length > 128 || !tag.Key.All(IsAllowed))
            throw S3Errors.InvalidTag("The TagKey you have provided is invalid", ("TagKey", tag.Key));
        if (tag.Value.Length > 256 || !tag.Value.All(IsAllowed))
            throw S3Errors.InvalidTag("The TagValue you have provided is invalid", ("TagKey", tag.Key), ("TagValue", tag.Value));
        if (tag.Key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            throw S3Errors.InvalidTag("System tags cannot be added/updated by requester", ("TagKey", tag.Key));
    }

    private static bool IsAllowed(char c) =>
        char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.IsWhiteSpace(c) || "+-=._:/@".Contains(c, StringComparison.Ordinal);

    private static S3Exception Malformed(string text) => S3Errors.InvalidArgument(
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
        Header, text);
}
