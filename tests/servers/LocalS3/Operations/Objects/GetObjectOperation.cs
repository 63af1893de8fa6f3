using System.Globalization;
using LocalS3.Http;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Objects;

/// <summary>GetObject and HeadObject, of whole objects; HeadObject of one of the parts that an object was made of too.</summary>
internal sealed class GetObjectOperation(ServerContext context)
{
    public Task<S3Response> GetObject(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        RefusePartialReads(request);
        EncryptionHeaders.RefuseServerEncryption(request);
        lock (bucket.Gate)
        {
            ObjectVersion version = ObjectVersions.Find(request, bucket);
            EncryptionHeaders.CheckReadKey(EncryptionHeaders.CustomerKeyHash(request), version.Inputs.Encryption);
            if (!request.IsHead && version.Inputs.StorageClass is "GLACIER" or "DEEP_ARCHIVE")
            {
                throw new S3Exception("InvalidObjectState", 403, "The operation is not valid for the object's storage class",
                    ("StorageClass", version.Inputs.StorageClass));
            }
            bool isModified = ConditionHeaders.AllowRead(request, version);
            return Task.FromResult(Respond(request, bucket, version, isModified));
        }
    }

    public Task<S3Response> HeadObject(S3Request request) => GetObject(request);

    /// <summary>GetObjectAttributes, of the parts alone. As S3 does, it lists those only that have checksums.</summary>
    public Task<S3Response> GetObjectAttributes(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        if (request.Header("x-amz-object-attributes") != "ObjectParts")
            throw S3Errors.NotImplemented("x-amz-object-attributes");
        string? marker = request.Header("x-amz-part-number-marker");
        int after = marker is null ? 0 : int.Parse(marker, NumberStyles.None, CultureInfo.InvariantCulture);
        lock (bucket.Gate)
        {
            ObjectVersion version = ObjectVersions.Find(request, bucket);
            EncryptionHeaders.CheckReadKey(EncryptionHeaders.CustomerKeyHash(request), version.Inputs.Encryption);
            XmlText xml = new XmlText().OpenRoot("GetObjectAttributesResponse");
            if (version.ETag.Contains('-'))
                WriteParts(xml, version, after);
            return Task.FromResult(S3Response.Xml(xml.Close("GetObjectAttributesResponse")));
        }
    }

    private static void WriteParts(XmlText xml, ObjectVersion version, int after)
    {
        int count = version.Segments.Count;
        xml.Open("ObjectParts").Element("PartsCount", count);
        if (version.Checksum is not null)
        {
            int last = Math.Min(after + Limits.MaxPageSize, count);
            xml.Element("IsTruncated", last < count).Element("NextPartNumberMarker", last);
            for (int number = after + 1; number <= last; number++)
                xml.Open("Part").Element("PartNumber", number).Element("Size", version.Segments[number - 1].Length).Close("Part");
        }
        xml.Close("ObjectParts");
    }

    private static void RefusePartialReads(S3Request request)
    {
        if (request.Header("Range") is not null)
            throw S3Errors.NotImplemented("Range");
        string[] names = [.. request.Query.Pairs.Select(p => p.Name)];
        if (names.FirstOrDefault(n => (n == "partNumber" && !request.IsHead) || n.StartsWith("response-", StringComparison.Ordinal))
            is { } refused)
            throw S3Errors.OperationNotImplemented(refused);
    }

    /// <summary>An object that did not come in parts is one part, and nothing says how many it has.</summary>
    private static void AnnouncePart(S3Response response, ObjectVersion version, string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > Limits.MaxPartCount)
            throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
        bool hasParts = version.ETag.Contains('-') || version.Segments.Count > 1;
        if (number > (hasParts ? version.Segments.Count : 1))
            throw new S3Exception("InvalidPartNumber", 416, "The requested partnumber is not satisfiable");
        response.Status = 206;
        response.AnnouncedLength = hasParts ? version.Segments[number - 1].Length : version.Size;
        if (hasParts)
            response.Set("x-amz-mp-parts-count", version.Segments.Count.ToString(CultureInfo.InvariantCulture));
    }

    private static S3Response Respond(S3Request request, Bucket bucket, ObjectVersion version, bool isModified)
    {
        S3Response response = S3Response.Empty(isModified ? 200 : 304);
        ObjectHeaders.Write(response, version.Inputs);
        response.Set("ETag", ETags.Quoted(version.ETag)).Set("Accept-Ranges", "bytes")
            .Set("Last-Modified", Dates.Http(version.LastModified));
        ObjectVersions.WriteVersionId(response, version);
        EncryptionHeaders.Write(response, version.Inputs.Encryption with { Context = null }, request);
        if (!isModified)
            return response;
        if (request.Header("x-amz-checksum-mode")?.Equals("ENABLED", StringComparison.OrdinalIgnoreCase) == true)
            ObjectVersions.WriteChecksum(response, version);
        if (request.IsHead && request.Query["partNumber"] is { } part)
            AnnouncePart(response, version, part);
        else if (request.IsHead)
            response.AnnouncedLength = version.Size;
        else
            response.Content = new ObjectContent(bucket, version.Segments, 0, version.Size);
        return response;
    }
}
