using System.Globalization;
using System.Text.RegularExpressions;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>GetObject, HeadObject, GetObjectAttributes.</summary>
internal sealed partial class ReadOperations(S3Service service)
{
    public Task<S3Response> GetObject(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        EncryptionReader.RefuseServerEncryption(request);
        lock (bucket.Gate)
        {
            ObjectVersion version = ObjectOperations.Find(request, bucket);
            if (request.Caller.IsAnonymous && !AclReader.IsPubliclyReadable(version.Inputs))
                throw S3Errors.AccessDenied();
            EncryptionReader.CheckReadKey(EncryptionReader.CustomerKeyHash(request), version.Inputs.Encryption);
            bool head = request.IsHead;
            if (!head && version.Inputs.StorageClass is "GLACIER" or "DEEP_ARCHIVE")
            {
                throw new S3Exception("InvalidObjectState", 403, "The operation is not valid for the object's storage class",
                    ("StorageClass", version.Inputs.StorageClass));
            }
            bool wanted = Conditions.AllowRead(request, version);
            return Task.FromResult(Answer(request, bucket, version, wanted));
        }
    }

    public Task<S3Response> GetObjectAttributes(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        string[] wanted = (request.Header("x-amz-object-attributes") ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0)
        {
            throw S3Errors.InvalidRequest(
                "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty");
        }
        lock (bucket.Gate)
        {
            ObjectVersion version = ObjectOperations.Find(request, bucket);
            EncryptionReader.CheckReadKey(EncryptionReader.CustomerKeyHash(request), version.Inputs.Encryption);
            XmlText xml = new XmlText().OpenRoot("GetObjectAttributesResponse");
            foreach (string attribute in wanted)
                WriteAttribute(xml, attribute, version, request);
            S3Response response = S3Response.Xml(xml.Close("GetObjectAttributesResponse"));
            response.Set("Last-Modified", Dates.Http(version.LastModified));
            ObjectOperations.WriteVersionId(response, version);
            return Task.FromResult(response);
        }
    }

    private static S3Response Answer(S3Request request, Bucket bucket, ObjectVersion version, bool wanted)
    {
        S3Response response = S3Response.Empty(wanted ? 200 : 304);
        ObjectInputReader.WriteHeaders(response, version.Inputs);
        response.Set("ETag", PartOperations.Quoted(version.ETag)).Set("Accept-Ranges", "bytes")
            .Set("Last-Modified", Dates.Http(version.LastModified));
        ObjectOperations.WriteVersionId(response, version);
        EncryptionReader.WriteHeaders(response, version.Inputs.Encryption with { Context = null }, request);
        if (!wanted)
            return response;
        (long offset, long length) = Range(request, version, response);
        bool whole = offset == 0 && length == version.Size;
        if (request.Header("x-amz-checksum-mode")?.Equals("ENABLED", StringComparison.OrdinalIgnoreCase) == true && whole)
            ObjectOperations.WriteChecksum(response, version);
        foreach ((string name, string value) in request.Query.Pairs.Where(p => p.Name.StartsWith("response-", StringComparison.Ordinal)))
            response.Set(name["response-".Length..], value);
        if (request.IsHead)
            response.AnnouncedLength = length;
        else
            response.Content = new ObjectContent(bucket, version.Segments, offset, length);
        return response;
    }

    private static (long Offset, long Length) Range(S3Request request, ObjectVersion version, S3Response response)
    {
        if (request.Query["partNumber"] is not null)
            return Part(request, version, response);
        string? text = request.Header("Range");
        if (text is null || RangeForm().Match(text) is not { Success: true } match)
            return (0, version.Size);
        (string from, string to) = (match.Groups[1].Value, match.Groups[2].Value);
        if (from.Length == 0 && to.Length == 0)
            return (0, version.Size);
        long first = from.Length > 0 ? long.Parse(from, CultureInfo.InvariantCulture)
            : Math.Max(0, version.Size - long.Parse(to, CultureInfo.InvariantCulture));
        long last = from.Length > 0 && to.Length > 0
            ? Math.Min(long.Parse(to, CultureInfo.InvariantCulture), version.Size - 1) : version.Size - 1;
        if (first >= version.Size || last < first)
            throw S3Errors.InvalidRange(text, version.Size);
        return Partial(version, response, first, last - first + 1);
    }

    private static (long Offset, long Length) Part(S3Request request, ObjectVersion version, S3Response response)
    {
        int number = PartOperations.PartNumber(request);
        if (request.Header("Range") is not null)
            throw S3Errors.InvalidRequest("Cannot specify both Range header and partNumber query parameter");
        int count = Math.Max(1, version.Parts.Count);
        if (number > count)
            throw new S3Exception("InvalidPartNumber", 416, "The requested partnumber is not satisfiable");
        if (version.Parts.Count == 0)
            return Partial(version, response, 0, version.Size);
        response.Set("x-amz-mp-parts-count", count.ToString(CultureInfo.InvariantCulture));
        return Partial(version, response, version.Parts.Take(number - 1).Sum(p => p.Size), version.Parts[number - 1].Size);
    }

    private static (long Offset, long Length) Partial(ObjectVersion version, S3Response response, long offset, long length)
    {
        if (version.Size > 0)
        {
            response.Status = 206;
            response.Set("Content-Range", $"bytes {offset}-{offset + length - 1}/{version.Size}");
        }
        return (offset, length);
    }

    private static void WriteAttribute(XmlText xml, string attribute, ObjectVersion version, S3Request request)
    {
        ChecksumAlgorithm? algorithm = ChecksumAlgorithm.Find(version.Checksum?.Algorithm);
        switch (attribute)
        {
            case "ETag":
                xml.Element("ETag", version.ETag);
                break;
            case "ObjectSize":
                xml.Element("ObjectSize", version.Size);
                break;
            case "StorageClass":
                xml.Element("StorageClass", version.Inputs.StorageClass);
                break;
            case "Checksum":
                if (version.Checksum is { } checksum)
                {
                    xml.Open("Checksum").Element(algorithm!.XmlName, checksum.Value.Split('-')[0])
                        .Element("ChecksumType", checksum.Type).Close("Checksum");
                }
                break;
            case "ObjectParts":
                if (version.Parts.Count > 0)
                    WriteParts(xml, version, algorithm, request);
                break;
            default:
                throw S3Errors.InvalidArgument("Invalid attribute name specified.", "x-amz-object-attributes", attribute);
        }
    }

    private static void WriteParts(XmlText xml, ObjectVersion version, ChecksumAlgorithm? algorithm, S3Request request)
    {
        xml.Open("ObjectParts").Element("PartsCount", version.Parts.Count);
        if (version.Parts.Any(p => p.Checksum is not null))
        {
            int most = int.TryParse(request.Header("x-amz-max-parts"), out int m) ? Math.Clamp(m, 0, Limits.PageSize) : Limits.PageSize;
            int marker = int.TryParse(request.Header("x-amz-part-number-marker"), out int p) ? p : 0;
            List<ObjectPart> rest = [.. version.Parts.Where(part => part.PartNumber > marker)];
            List<ObjectPart> page = [.. rest.Take(most)];
            xml.Element("PartNumberMarker", marker).Element("NextPartNumberMarker", page.Count > 0 ? page[^1].PartNumber : 0)
                .Element("MaxParts", most).Element("IsTruncated", page.Count < rest.Count);
            foreach (ObjectPart part in page)
            {
                xml.Open("Part").Element("PartNumber", part.PartNumber).Element("Size", part.Size);
                if (algorithm is not null)
                    xml.Element(algorithm.XmlName, part.Checksum);
                xml.Close("Part");
            }
        }
        xml.Close("ObjectParts");
    }

    [GeneratedRegex(@"^bytes=(\d{0,18})-(\d{0,18})$")]
    private static partial Regex RangeForm();
}
