using System.Security.Cryptography;
using System.Text;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Lists;

/// <summary>
/// ListMultipartUploads of a directory bucket: in no order that a client could know, and paged by opaque tokens. The entries are ordered
/// by a hash, and the token is the hash of the last one.
/// </summary>
internal static class DirectoryUploadList
{
    private const string TokenPrefix = "LocalS3-";

    private sealed record Entry(string Hash, UploadRecord? Upload, string? CommonPrefix);

    public static S3Response ListMultipartUploads(S3Request request, Bucket bucket)
    {
        QueryParameters query = request.Query;
        CheckParameters(query);
        if (query["upload-id-marker"] is { Length: > 0 } idMarker)
            throw S3Errors.InvalidArgument("Directory buckets do not support upload-id-marker.", "upload-id-marker", idMarker);
        string prefix = query["prefix"] ?? "", keyMarker = query["key-marker"] ?? "", delimiter = query["delimiter"] ?? "";
        string after = keyMarker.Length == 0 ? "" : Position(keyMarker, "key-marker");
        int limit = query.Integer("max-uploads", Limits.MaxPageSize, Limits.MaxPageSize);

        List<Entry> entries;
        lock (bucket.Gate)
        {
            entries = [.. ListFaults.Uploads(request, bucket)
                .Where(u => u.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(u => ToEntry(u, prefix, delimiter)).DistinctBy(e => e.Hash)
                .Where(e => string.CompareOrdinal(e.Hash, after) > 0).OrderBy(e => e.Hash, StringComparer.Ordinal)];
        }
        bool truncated = limit > 0 && entries.Count > limit;
        entries = [.. entries.Take(limit)];
        XmlText xml = new XmlText().OpenRoot("ListMultipartUploadsResult").Element("Bucket", bucket.Name).Element("KeyMarker", keyMarker);
        if (truncated)
            xml.Element("NextKeyMarker", TokenPrefix + entries[^1].Hash);
        bool encoded = Page.IsUrlEncoded(request);
        string Text(string value) => encoded ? UriText.EncodeForListing(value) : value;
        xml.Element("Prefix", Text(prefix));
        if (delimiter.Length > 0)
            xml.Element("Delimiter", Text(delimiter));
        if (encoded)
            xml.Element("EncodingType", "url");
        xml.Element("MaxUploads", limit).Element("IsTruncated", truncated);
        foreach (UploadRecord upload in entries.Select(e => e.Upload).OfType<UploadRecord>())
            UploadList.WriteUpload(xml, upload, Text(upload.Key));
        foreach (string common in entries.Select(e => e.CommonPrefix).OfType<string>())
            xml.Open("CommonPrefixes").Element("Prefix", Text(common)).Close("CommonPrefixes");
        return S3Response.Xml(xml.Close("ListMultipartUploadsResult"));
    }

    /// <summary>The only delimiter is the slash, and a prefix ends in one.</summary>
    public static void CheckParameters(QueryParameters query)
    {
        if (query["delimiter"] is { Length: > 0 } delimiter && delimiter != "/")
            throw S3Errors.InvalidArgument("Directory buckets support only / as the delimiter.", "delimiter", delimiter);
        if (query["prefix"] is { Length: > 0 } prefix && !prefix.EndsWith('/'))
            throw S3Errors.InvalidArgument("Directory buckets support only prefixes that end in a delimiter.", "prefix", prefix);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private static Entry ToEntry(UploadRecord upload, string prefix, string delimiter)
    {
        int slash = delimiter.Length == 0 ? -1 : upload.Key.IndexOf('/', prefix.Length);
        if (slash < 0)
            return new Entry(Hash(upload.UploadId), upload, null);
        string common = upload.Key[..(slash + 1)];
        return new Entry(Hash("prefix " + common), null, common);
    }

    private static string Position(string token, string parameter) => token.StartsWith(TokenPrefix, StringComparison.Ordinal)
        ? token[TokenPrefix.Length..]
        : throw S3Errors.InvalidArgument($"The {parameter} is not one that a response gave.", parameter, token);
}
