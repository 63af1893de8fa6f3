using System.Globalization;
using System.Xml.Linq;
using LocalS3.Checksums;
using LocalS3.Protocol;

namespace LocalS3.Operations.Uploads;

/// <summary>One Part element of CompleteMultipartUpload.</summary>
internal sealed record CompletedPart(int PartNumber, string ETag, ChecksumAlgorithm? Algorithm, string? Checksum);

/// <summary>Reads the body of CompleteMultipartUpload, and refuses what its schema does not allow.</summary>
internal static class CompleteRequest
{
    public static List<CompletedPart> Parse(byte[] body)
    {
        XElement root = XmlText.Parse(body, "CompleteMultipartUpload");
        List<CompletedPart> parts = [];
        foreach (XElement element in root.Elements())
        {
            if (element.Name.LocalName != "Part")
                throw S3Errors.MalformedXml();
            parts.Add(ParsePart(element));
        }
        return parts.Count is > 0 and <= Limits.MaxPartCount ? parts : throw S3Errors.MalformedXml();
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number : throw S3Errors.MalformedXml();

    private static CompletedPart ParsePart(XElement element)
    {
        int? number = null;
        string? eTag = null;
        List<(ChecksumAlgorithm Algorithm, string Value)> checksums = [];
        foreach (XElement child in element.Elements())
        {
            string name = child.Name.LocalName, value = child.Value.Trim();
            if (name == "PartNumber" && number is null)
                number = Number(value);
            else if (name == "ETag" && eTag is null)
                eTag = value.Trim('"');
            else if (ChecksumAlgorithm.All.FirstOrDefault(a => a.XmlName == name) is { } algorithm)
                checksums.Add((algorithm, value));
            else
                throw S3Errors.MalformedXml();
        }
        if (number is null || string.IsNullOrEmpty(eTag))
            throw S3Errors.MalformedXml();
        if (number < 1)
            throw S3Errors.InvalidArgument("PartNumber must be >= 1", "PartNumber", number.Value.ToString(CultureInfo.InvariantCulture));
        if (checksums.Count > 1 || checksums.Any(c => !c.Algorithm.IsValue(c.Value)))
        {
            string all = checksums.Count == 1 ? checksums[0].Value : string.Concat(checksums.Select(c => $"{c.Algorithm.Name}:{c.Value};"));
            throw S3Errors.InvalidArgument("Invalid Base64 or multiple checksums present in request", "Checksum", all);
        }
        return checksums.Count == 0
            ? new CompletedPart(number.Value, eTag, null, null)
            : new CompletedPart(number.Value, eTag, checksums[0].Algorithm, checksums[0].Value);
    }
}
