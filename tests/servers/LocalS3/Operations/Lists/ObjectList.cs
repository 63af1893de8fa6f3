using System.Text;
using LocalS3.Http;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Lists;

/// <summary>ListObjectsV2.</summary>
internal sealed class ObjectList(ServerContext context)
{
    public Task<S3Response> ListObjectsV2(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        if (bucket.IsDirectory)
            DirectoryUploadList.CheckParameters(request.Query);
        string? token = request.Query["continuation-token"];
        string startAfter = request.Query["start-after"] ?? "";
        string marker = token is null ? startAfter : DecodeToken(token);
        (Page page, int limit) = Take(request, bucket, marker);
        XmlText xml = Begin(request, bucket, page, limit);
        if (token is not null)
            xml.Element("ContinuationToken", token);
        if (page.IsTruncated)
            xml.Element("NextContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(page.NextMarker)));
        if (startAfter.Length > 0)
            xml.Element("StartAfter", Encoded(request, startAfter));
        xml.Element("KeyCount", page.Items.Count + page.CommonPrefixes.Count);
        return Task.FromResult(End(request, xml, page, withOwner: request.Query["fetch-owner"] == "true"));
    }

    private static (Page Page, int Limit) Take(S3Request request, Bucket bucket, string marker)
    {
        int limit = request.Query.Integer("max-keys", Limits.MaxPageSize, Limits.MaxPageSize);
        string prefix = request.Query["prefix"] ?? "", delimiter = request.Query["delimiter"] ?? "";
        lock (bucket.Gate)
        {
            IEnumerable<ObjectVersion> current = bucket.Objects.Values.Select(v => v[^1])
                .Where(v => !v.IsDeleteMarker && v.Key.StartsWith(prefix, StringComparison.Ordinal)
                    && (marker.Length == 0 || KeyOrder.Instance.Compare(v.Key, marker) > 0));
            return (Page.Take(current, v => v.Key, prefix, delimiter, marker, limit), limit);
        }
    }

    private static XmlText Begin(S3Request request, Bucket bucket, Page page, int limit)
    {
        XmlText xml = new XmlText().OpenRoot("ListBucketResult").Element("Name", bucket.Name)
            .Element("Prefix", Encoded(request, request.Query["prefix"] ?? ""));
        if (request.Query["delimiter"] is { Length: > 0 } delimiter)
            xml.Element("Delimiter", Encoded(request, delimiter));
        if (Page.IsUrlEncoded(request))
            xml.Element("EncodingType", "url");
        return xml.Element("MaxKeys", limit).Element("IsTruncated", page.IsTruncated);
    }

    private static S3Response End(S3Request request, XmlText xml, Page page, bool withOwner)
    {
        foreach (ObjectVersion version in page.Items.Cast<ObjectVersion>())
        {
            xml.Open("Contents").Element("Key", Encoded(request, version.Key)).Element("LastModified", version.LastModified)
                .Element("ETag", ETags.Quoted(version.ETag)).Element("Size", version.Size)
                .Element("ChecksumAlgorithm", version.Checksum?.Algorithm).Element("ChecksumType", version.Checksum?.Type)
                .Element("StorageClass", version.Inputs.StorageClass);
            if (withOwner)
                xml.Owner("Owner");
            xml.Close("Contents");
        }
        foreach (string common in page.CommonPrefixes)
            xml.Open("CommonPrefixes").Element("Prefix", Encoded(request, common)).Close("CommonPrefixes");
        return S3Response.Xml(xml.Close("ListBucketResult"));
    }

    private static string Encoded(S3Request request, string text) =>
        Page.IsUrlEncoded(request) ? UriText.EncodeForListing(text) : text;

    private static string DecodeToken(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw S3Errors.InvalidArgument("The continuation token provided is incorrect", "continuation-token", token);
        }
    }
}
