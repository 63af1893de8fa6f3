using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Operations.Uploads;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Lists;

/// <summary>ListParts.</summary>
internal sealed class PartList(ServerContext context)
{
    public Task<S3Response> ListParts(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        Upload upload = ServerContext.FindUpload(request, bucket);
        UploadRecord record = upload.Record;
        CheckKey(request, record);
        int limit = request.Query.Integer("max-parts", Limits.MaxPageSize, Limits.MaxPageSize);
        int marker = request.Query.Integer("part-number-marker", 0, int.MaxValue);
        List<StoredPart> parts;
        lock (bucket.Gate)
            parts = [.. ListFaults.Omit(request, upload.Parts.Values, p => p.LastModified).Where(p => p.PartNumber > marker)];
        bool truncated = parts.Count > limit;
        if (truncated)
            parts.RemoveRange(limit, parts.Count - limit);

        XmlText xml = new XmlText().OpenRoot("ListPartsResult")
            .Element("Bucket", bucket.Name).Element("Key", request.Key).Element("UploadId", upload.UploadId);
        xml.Owner("Initiator").Owner("Owner").Element("StorageClass", record.Inputs.StorageClass).Element("PartNumberMarker", marker)
            .Element("NextPartNumberMarker", parts.Count > 0 ? parts[^1].PartNumber : 0)
            .Element("MaxParts", limit).Element("IsTruncated", truncated)
            .Element("ChecksumAlgorithm", record.ChecksumAlgorithm).Element("ChecksumType", record.ChecksumType);
        foreach (StoredPart part in parts)
        {
            xml.Open("Part").Element("PartNumber", part.PartNumber).Element("LastModified", part.LastModified)
                .Element("ETag", ETags.Quoted(part.ETag)).Element("Size", part.Size);
            if (ChecksumAlgorithm.Find(part.ChecksumAlgorithm) is { } algorithm)
                xml.Element(algorithm.XmlName, part.Checksum);
            xml.Close("Part");
        }
        S3Response response = S3Response.Xml(xml.Close("ListPartsResult"));
        AbortRule.WriteHeaders(response, record);
        ServerContext.WriteRequestCharged(request, response);
        return Task.FromResult(response);
    }

    /// <summary>The customer's key is needed only for reading checksums.</summary>
    private static void CheckKey(S3Request request, UploadRecord record)
    {
        bool isRequired = record.Inputs.Encryption.IsCustomerKey && record.ChecksumAlgorithm is not null;
        if (isRequired || EncryptionHeaders.CustomerKeyHash(request) is not null)
            EncryptionHeaders.CheckPartKey(request, record.Inputs.Encryption);
    }
}
