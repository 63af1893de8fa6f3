using System.Text;
using LocalS3.Http;
using LocalS3.Operations.DirectoryBuckets;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Headers;

/// <summary>Reads the headers by which CreateMultipartUpload and PutObject describe an object, and writes them for GetObject.</summary>
internal static class ObjectHeaders
{
    private const string MetadataPrefix = "x-amz-meta-";

    private static readonly string[] s_contentHeaders =
        ["Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"];

    private static readonly string[] s_storageClasses =
    [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR",
    ];

    public static ObjectInputs Read(S3Request request, Bucket bucket)
    {
        BucketRecord record = bucket.Record;
        if (bucket.IsDirectory)
            DirectoryInputs.CheckObjectHeaders(request, record);
        (string? canned, List<Grant> grants) = AclHeaders.Read(request, record);
        (string? mode, DateTime? until, string? hold) = LockHeaders.Read(request, record);
        Encryption? encryption = bucket.IsDirectory ? null : EncryptionHeaders.Read(request, record);
        return new ObjectInputs
        {
            Headers = ReadHeaders(request),
            Metadata = ReadMetadata(request),
            Tags = TagHeaders.Read(request),
            CannedAcl = canned,
            Grants = grants,
            StorageClass = bucket.IsDirectory ? DirectoryInputs.ReadStorageClass(request) : ReadStorageClass(request),
            WebsiteRedirectLocation = ReadWebsite(request),
            Encryption = encryption ?? record.DefaultEncryption ?? Encryption.Default,
            LockMode = mode,
            RetainUntil = until,
            LegalHold = hold,
        };
    }

    public static void Write(S3Response response, ObjectInputs inputs)
    {
        foreach ((string name, string value) in inputs.Headers)
            response.Set(name, value);
        foreach ((string name, string value) in inputs.Metadata)
            response.Set(MetadataPrefix + name, HeaderText(value));
        if (inputs.StorageClass != "STANDARD")
            response.Set("x-amz-storage-class", inputs.StorageClass);
        response.Set("x-amz-website-redirect-location", inputs.WebsiteRedirectLocation);
        if (inputs.Tags.Count > 0)
            response.Set("x-amz-tagging-count", inputs.Tags.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        LockHeaders.Write(response, inputs);
    }

    private static Dictionary<string, string> ReadHeaders(S3Request request)
    {
        Dictionary<string, string> headers = [];
        foreach (string name in s_contentHeaders)
        {
            if (request.Header(name) is { } value)
                headers[name] = value;
        }
        headers.TryAdd("Content-Type", "binary/octet-stream");
        if (headers.TryGetValue("Content-Encoding", out string? encoding))
        {
            // aws-chunked frames this request and is no property of the object.
            encoding = string.Join(',', encoding.Split(',', StringSplitOptions.TrimEntries).Where(e => e != "aws-chunked"));
            if (encoding.Length > 0)
                headers["Content-Encoding"] = encoding;
            else
                headers.Remove("Content-Encoding");
        }
        return headers;
    }

    private static Dictionary<string, string> ReadMetadata(S3Request request)
    {
        Dictionary<string, string> metadata = [];
        foreach (string name in request.Headers.Keys.Where(n => n.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase)))
            metadata[name[MetadataPrefix.Length..].ToLowerInvariant()] = request.Headers[name].ToString().Trim();
        int size = metadata.Sum(m => Encoding.UTF8.GetByteCount(m.Key) + Encoding.UTF8.GetByteCount(m.Value));
        if (size > Limits.MaxMetadataSize)
        {
            throw new S3Exception("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size",
                ("Size", $"{size}"), ("MaxSizeAllowed", $"{Limits.MaxMetadataSize}"));
        }
        return metadata;
    }

    private static string ReadStorageClass(S3Request request)
    {
        string storageClass = request.Header("x-amz-storage-class") ?? "STANDARD";
        return s_storageClasses.Contains(storageClass) ? storageClass
            : throw S3Errors.InvalidStorageClass(storageClass);
    }

    private static string? ReadWebsite(S3Request request)
    {
        string? location = request.Header("x-amz-website-redirect-location");
        if (location is null || location.StartsWith('/') || location.StartsWith("http://", StringComparison.Ordinal)
            || location.StartsWith("https://", StringComparison.Ordinal))
            return location;
        throw new S3Exception("InvalidRedirectLocation", 400,
            "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.");
    }

    /// <summary>S3 sends metadata that is not ASCII as an encoded word of RFC 2047.</summary>
    private static string HeaderText(string value) =>
        Ascii.IsValid(value) ? value : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";
}
