using System.Text;
using S3Multipart.Core.Engine;

namespace S3Multipart.Aws.Operations;

/// <summary>The list of parts that CompleteMultipartUpload sends.</summary>
internal static class CompletionXml
{
    internal static byte[] Write(IReadOnlyList<StoredPart> parts)
    {
        StringBuilder xml = new("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">", 128 + (parts.Count * 160));
        foreach (StoredPart part in parts)
        {
            _ = xml.Append("<Part><ETag>").Append(Escape(part.ETag)).Append("</ETag>");
            if (part is { ChecksumAlgorithm: { } algorithm, KnownChecksum: { } checksum })
            {
                _ = xml.Append("<Checksum").Append(algorithm)
                    .Append('>').Append(Escape(checksum)).Append("</Checksum").Append(algorithm).Append('>');
            }

            _ = xml.Append("<PartNumber>").Append(part.PartNumber).Append("</PartNumber></Part>");
        }

        return Encoding.UTF8.GetBytes(xml.Append("</CompleteMultipartUpload>").ToString());
    }

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);
}
