using System.Security.Cryptography;
using System.Xml.Linq;
using S3Multipart.Core.Engine;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>CompleteMultipartUpload as the S3 API Reference has it.</summary>
public sealed class CompleteRequestTests
{
    private static readonly XNamespace s_s3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    [Fact]
    public async Task The_list_of_parts_is_the_document_of_the_reference()
    {
        Received received = await CompleteAsync(new CompleteInput
        {
            Target = Stores.Target,
            Size = 12,
            Parts =
            [
                new StoredPart
                {
                    PartNumber = 1,
                    Size = 5,
                    ETag = "\"a&b<c>'\"",
                    ChecksumAlgorithm = "CRC64NVME",
                    Checksum = "AAAAAAAAAAE=",
                },
                new StoredPart { PartNumber = 10000, Size = 7, ETag = "\"0123456789abcdef0123456789abcdef\"" },
            ],
        });
        Assert.Equal("POST", received.Method);
        Assert.Equal("/bucket/folder/key?uploadId=upload%20id", received.Target);
        Assert.Equal("application/xml", received.Header("Content-Type"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(received.Body)), received.Header("x-amz-content-sha256"));
        XElement expected = new(
            s_s3 + "CompleteMultipartUpload",
            new XElement(
                s_s3 + "Part",
                new XElement(s_s3 + "ETag", "\"a&b<c>'\""),
                new XElement(s_s3 + "ChecksumCRC64NVME", "AAAAAAAAAAE="),
                new XElement(s_s3 + "PartNumber", 1)),
            new XElement(
                s_s3 + "Part",
                new XElement(s_s3 + "ETag", "\"0123456789abcdef0123456789abcdef\""),
                new XElement(s_s3 + "PartNumber", 10000)));
        using MemoryStream body = new(received.Body);
        Assert.Equal(expected.ToString(), XElement.Load(body).ToString());
    }

    [Fact]
    public async Task The_whole_object_goes_with_its_size_its_checksum_and_the_condition()
    {
        Received received = await CompleteAsync(new CompleteInput
        {
            Target = Stores.Target,
            Size = 12,
            ChecksumAlgorithm = "CRC64NVME",
            ChecksumType = "FULL_OBJECT",
            Checksum = "AAAAAAAAAAE=",
            IfNoneMatch = true,
            Parts = [new StoredPart { PartNumber = 1, Size = 12, ETag = "\"e\"" }],
        });
        Assert.Equal("12", received.Header("x-amz-mp-object-size"));
        Assert.Equal("FULL_OBJECT", received.Header("x-amz-checksum-type"));
        Assert.Equal("AAAAAAAAAAE=", received.Header("x-amz-checksum-crc64nvme"));
        Assert.Equal("*", received.Header("If-None-Match"));
        Assert.Null(received.Header("If-Match"));
    }

    private static async Task<Received> CompleteAsync(CompleteInput input)
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => LoopbackServer.Response(
                200, "<CompleteMultipartUploadResult><ETag>\"0123456789abcdef0123456789abcdef-1\"</ETag></CompleteMultipartUploadResult>"),
        };
        _ = await Stores.At(server.Url).CompleteMultipartUploadAsync(input, TestContext.Current.CancellationToken);
        return server.Requests.First();
    }
}
