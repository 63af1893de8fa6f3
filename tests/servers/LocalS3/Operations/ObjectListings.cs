using System.Text;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>ListObjectsV2, ListObjects and ListObjectVersions.</summary>
internal sealed class ObjectListings(S3Service service)
{
    public Task<S3Response> ListObjectsV2(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        if (bucket.IsDirectory)
            DirectoryListings.CheckParameters(request.Query);
        string? token = request.Query["continuation-token"];
        string startAfter = request.Query["start-after"] ?? "";
        string marker = token is null ? startAfter : DecodeToken(token);
        (Page page, int most) = Take(request, bucket, marker);
        XmlText xml = Begin(request, bucket, page, most);
        if (token is not null)
            xml.Element("ContinuationToken", token);
        if (page.IsTruncated)
            xml.Element("NextContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(page.NextMarker)));
        if (startAfter.Length > 0)
            xml.Element("StartAfter", Encoded(request, startAfter));
        xml.Element("KeyCount", page.Items.Count + page.CommonPrefixes.Count);
        return Task.FromResult(End(request, xml, page, withOwner: request.Query["fetch-owner"] == "true"));
    }

    public Task<S3Response> ListObjects(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        string marker = request.Query["marker"] ?? "";
        (Page page, int most) = Take(request, bucket, marker);
        XmlText xml = Begin(request, bucket, page, most).Element("Marker", Encoded(request, marker));
        if (page.IsTruncated && request.Query.Has("delimiter"))
            xml.Element("NextMarker", Encoded(request, page.NextMarker));
        return Task.FromResult(End(request, xml, page, withOwner: true));
    }

    /// <summary>All versions on one page: enough to look at them.</summary>
    public Task<S3Response> ListObjectVersions(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        string prefix = request.Query["prefix"] ?? "";
        XmlText xml = new XmlText().OpenRoot("ListVersionsResult").Element("Name", bucket.Name).Element("Prefix", prefix)
            .Element("KeyMarker", "").Element("VersionIdMarker", "").Element("MaxKeys", Limits.PageSize).Element("IsTruncated", false);
        lock (bucket.Gate)
        {
            foreach ((string key, List<ObjectVersion> versions) in bucket.Objects)
            {
                if (!key.StartsWith(prefix, StringComparison.Ordinal))
                    continue;
                foreach (ObjectVersion version in versions.AsEnumerable().Reverse())
                    WriteVersion(xml, request, key, version, ReferenceEquals(version, versions[^1]));
            }
        }
        return Task.FromResult(S3Response.Xml(xml.Close("ListVersionsResult")));
    }

    private static void WriteVersion(XmlText xml, S3Request request, string key, ObjectVersion version, bool latest)
    {
        string name = version.IsDeleteMarker ? "DeleteMarker" : "Version";
        xml.Open(name).Element("Key", Encoded(request, key)).Element("VersionId", version.VersionId)
            .Element("IsLatest", latest).Element("LastModified", version.LastModified);
        if (!version.IsDeleteMarker)
        {
            xml.Element("ETag", PartOperations.Quoted(version.ETag)).Element("Size", version.Size)
                .Element("StorageClass", version.Inputs.StorageClass);
        }
        AclReader.WriteOwner(xml, "Owner").Close(name);
    }

    private static (Page Page, int Most) Take(S3Request request, Bucket bucket, string marker)
    {
        int most = request.Query.Integer("max-keys", Limits.PageSize, Limits.PageSize);
        string prefix = request.Query["prefix"] ?? "", delimiter = request.Query["delimiter"] ?? "";
        lock (bucket.Gate)
        {
            IEnumerable<ObjectVersion> current = Stale.Omit(request, bucket.Objects.Values.Select(v => v[^1]), v => v.LastModified)
                .Where(v => !v.IsDeleteMarker && v.Key.StartsWith(prefix, StringComparison.Ordinal)
                    && (marker.Length == 0 || KeyOrder.Instance.Compare(v.Key, marker) > 0));
            return (Page.Take(current, v => v.Key, prefix, delimiter, marker, most), most);
        }
    }

    private static XmlText Begin(S3Request request, Bucket bucket, Page page, int most)
    {
        XmlText xml = new XmlText().OpenRoot("ListBucketResult").Element("Name", bucket.Name)
            .Element("Prefix", Encoded(request, request.Query["prefix"] ?? ""));
        if (request.Query["delimiter"] is { Length: > 0 } delimiter)
            xml.Element("Delimiter", Encoded(request, delimiter));
        if (Page.IsUrlEncoded(request))
            xml.Element("EncodingType", "url");
        return xml.Element("MaxKeys", most).Element("IsTruncated", page.IsTruncated);
    }

    private static S3Response End(S3Request request, XmlText xml, Page page, bool withOwner)
    {
        foreach (ObjectVersion version in page.Items.Cast<ObjectVersion>())
        {
            xml.Open("Contents").Element("Key", Encoded(request, version.Key)).Element("LastModified", version.LastModified)
                .Element("ETag", PartOperations.Quoted(version.ETag)).Element("Size", version.Size)
                .Element("ChecksumAlgorithm", version.Checksum?.Algorithm).Element("ChecksumType", version.Checksum?.Type)
                .Element("StorageClass", version.Inputs.StorageClass);
            if (withOwner)
                AclReader.WriteOwner(xml, "Owner");
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
