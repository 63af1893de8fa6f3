using LocalS3.Http;
using LocalS3.Operations.Shared;
using LocalS3.Operations.Uploads;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Lists;

/// <summary>ListMultipartUploads.</summary>
internal sealed class UploadList(ServerContext context)
{
    public Task<S3Response> ListMultipartUploads(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        if (bucket.IsDirectory)
            return Task.FromResult(DirectoryUploadList.ListMultipartUploads(request, bucket));
        int limit = request.Query.Integer("max-uploads", Limits.MaxPageSize, Limits.MaxPageSize);
        string prefix = request.Query["prefix"] ?? "", delimiter = request.Query["delimiter"] ?? "";
        string keyMarker = request.Query["key-marker"] ?? "";
        string idMarker = keyMarker.Length > 0 ? request.Query["upload-id-marker"] ?? "" : "";
        if (idMarker.Length > 0 && !UploadIds.IsUploadId(idMarker))
            throw S3Errors.InvalidArgument("Invalid uploadId marker", "upload-id-marker", idMarker);

        List<UploadRecord> uploads;
        lock (bucket.Gate)
            uploads = [.. ListFaults.Uploads(request, bucket)];
        uploads = [.. uploads.Where(u => u.Key.StartsWith(prefix, StringComparison.Ordinal) && IsAfter(u, keyMarker, idMarker))
            .OrderBy(u => u.Key, KeyOrder.Instance).ThenBy(u => u.Initiated)];

        Page page = Page.Take(uploads, u => u.Key, prefix, delimiter, keyMarker, limit);
        S3Response response = S3Response.Xml(Write(request, bucket, page, prefix, delimiter, keyMarker, idMarker, limit));
        ServerContext.WriteRequestCharged(request, response);
        return Task.FromResult(response);
    }

    /// <summary>Whether an upload comes after the markers: a later key, or the marker's own key and a later upload.</summary>
    private static bool IsAfter(UploadRecord upload, string keyMarker, string idMarker)
    {
        if (keyMarker.Length == 0)
            return true;
        int order = KeyOrder.Instance.Compare(upload.Key, keyMarker);
        return order > 0 || (order == 0 && idMarker.Length > 0 && string.CompareOrdinal(upload.UploadId, idMarker) > 0);
    }

    private static XmlText Write(
        S3Request request, Bucket bucket, Page page, string prefix, string delimiter, string keyMarker, string idMarker, int limit)
    {
        bool encoded = Page.IsUrlEncoded(request);
        string Text(string value) => encoded ? UriText.EncodeForListing(value) : value;
        XmlText xml = new XmlText().OpenRoot("ListMultipartUploadsResult").Element("Bucket", bucket.Name)
            .Element("KeyMarker", Text(keyMarker)).Element("UploadIdMarker", idMarker);
        if (page.IsTruncated)
        {
            xml.Element("NextKeyMarker", Text(page.NextMarker))
                .Element("NextUploadIdMarker", (page.Last as UploadRecord)?.UploadId ?? "");
        }
        xml.Element("Prefix", Text(prefix));
        if (delimiter.Length > 0)
            xml.Element("Delimiter", Text(delimiter));
        if (encoded)
            xml.Element("EncodingType", "url");
        xml.Element("MaxUploads", limit).Element("IsTruncated", page.IsTruncated);
        foreach (UploadRecord upload in page.Items.Cast<UploadRecord>())
            WriteUpload(xml, upload, Text(upload.Key));
        foreach (string common in page.CommonPrefixes)
            xml.Open("CommonPrefixes").Element("Prefix", Text(common)).Close("CommonPrefixes");
        return xml.Close("ListMultipartUploadsResult");
    }

    public static void WriteUpload(XmlText xml, UploadRecord upload, string key)
    {
        xml.Open("Upload").Element("Key", key).Element("UploadId", upload.UploadId);
        xml.Owner("Initiator").Owner("Owner").Element("StorageClass", upload.Inputs.StorageClass).Element("Initiated", upload.Initiated)
            .Element("ChecksumAlgorithm", upload.ChecksumAlgorithm).Element("ChecksumType", upload.ChecksumType).Close("Upload");
    }
}
