using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>ListParts and ListMultipartUploads.</summary>
internal sealed class UploadListings(S3Service service)
{
    public Task<S3Response> ListParts(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        Upload upload = S3Service.Upload(request, bucket);
        UploadRecord record = upload.Record;
        CheckKey(request, record);
        int most = request.Query.Integer("max-parts", Limits.PageSize, Limits.PageSize);
        int marker = request.Query.Integer("part-number-marker", 0, int.MaxValue);
        List<StoredPart> parts;
        lock (bucket.Gate)
            parts = [.. Stale.Omit(request, upload.Parts.Values, p => p.LastModified).Where(p => p.PartNumber > marker)];
        bool truncated = parts.Count > most;
        if (truncated)
            parts.RemoveRange(most, parts.Count - most);

        XmlText xml = new XmlText().OpenRoot("ListPartsResult")
            .Element("Bucket", bucket.Name).Element("Key", request.Key).Element("UploadId", upload.UploadId);
        AclReader.WriteOwner(xml, "Initiator");
        AclReader.WriteOwner(xml, "Owner");
        xml.Element("StorageClass", record.Inputs.StorageClass).Element("PartNumberMarker", marker)
            .Element("NextPartNumberMarker", parts.Count > 0 ? parts[^1].PartNumber : 0)
            .Element("MaxParts", most).Element("IsTruncated", truncated)
            .Element("ChecksumAlgorithm", record.ChecksumAlgorithm).Element("ChecksumType", record.ChecksumType);
        foreach (StoredPart part in parts)
        {
            xml.Open("Part").Element("PartNumber", part.PartNumber).Element("LastModified", part.LastModified)
                .Element("ETag", PartOperations.Quoted(part.ETag)).Element("Size", part.Size);
            if (ChecksumAlgorithm.Find(part.ChecksumAlgorithm) is { } algorithm)
                xml.Element(algorithm.XmlName, part.Checksum);
            xml.Close("Part");
        }
        S3Response response = S3Response.Xml(xml.Close("ListPartsResult"));
        UploadOperations.WriteAbortRule(response, record);
        S3Service.Charged(request, response);
        return Task.FromResult(response);
    }

    public Task<S3Response> ListMultipartUploads(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        if (bucket.IsDirectory)
            return Task.FromResult(DirectoryListings.ListMultipartUploads(request, bucket));
        int most = request.Query.Integer("max-uploads", Limits.PageSize, Limits.PageSize);
        string prefix = request.Query["prefix"] ?? "", delimiter = request.Query["delimiter"] ?? "";
        string keyMarker = request.Query["key-marker"] ?? "";
        string idMarker = keyMarker.Length > 0 ? request.Query["upload-id-marker"] ?? "" : "";
        if (idMarker.Length > 0 && !UploadOperations.IsUploadId(idMarker))
            throw S3Errors.InvalidArgument("Invalid uploadId marker", "upload-id-marker", idMarker);

        List<UploadRecord> uploads;
        lock (bucket.Gate)
            uploads = [.. Stale.Uploads(request, bucket)];
        uploads = [.. uploads.Where(u => u.Key.StartsWith(prefix, StringComparison.Ordinal) && IsAfter(u, keyMarker, idMarker))
            .OrderBy(u => u.Key, KeyOrder.Instance).ThenBy(u => u.Initiated)];

        Page page = Page.Take(uploads, u => u.Key, prefix, delimiter, keyMarker, most);
        S3Response response = S3Response.Xml(Write(request, bucket, page, prefix, delimiter, keyMarker, idMarker, most));
        S3Service.Charged(request, response);
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
        S3Request request, Bucket bucket, Page page, string prefix, string delimiter, string keyMarker, string idMarker, int most)
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
        xml.Element("MaxUploads", most).Element("IsTruncated", page.IsTruncated);
        foreach (UploadRecord upload in page.Items.Cast<UploadRecord>())
            WriteUpload(xml, upload, Text(upload.Key), withOwner: true);
        foreach (string common in page.CommonPrefixes)
            xml.Open("CommonPrefixes").Element("Prefix", Text(common)).Close("CommonPrefixes");
        return xml.Close("ListMultipartUploadsResult");
    }

    public static void WriteUpload(XmlText xml, UploadRecord upload, string key, bool withOwner)
    {
        xml.Open("Upload").Element("Key", key).Element("UploadId", upload.UploadId);
        if (withOwner)
        {
            AclReader.WriteOwner(xml, "Initiator");
            AclReader.WriteOwner(xml, "Owner");
        }
        xml.Element("StorageClass", upload.Inputs.StorageClass).Element("Initiated", upload.Initiated)
            .Element("ChecksumAlgorithm", upload.ChecksumAlgorithm).Element("ChecksumType", upload.ChecksumType).Close("Upload");
    }

    private static void CheckKey(S3Request request, UploadRecord record)
    {
        bool needed = record.Inputs.Encryption.IsCustomerKey && record.ChecksumAlgorithm is not null;
        if (needed || EncryptionReader.CustomerKeyHash(request) is not null)
            EncryptionReader.CheckPartKey(request, record.Inputs.Encryption);
    }
}
