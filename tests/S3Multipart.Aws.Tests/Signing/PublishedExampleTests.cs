using S3Multipart.Aws.Requests;

namespace S3Multipart.Aws.Tests.Signing;

/// <summary>
/// The signatures that AWS publishes: Amazon S3 API Reference, "Signature Calculations for the Authorization Header" (single chunk,
/// multiple chunks, trailing headers).
/// </summary>
public sealed class PublishedExampleTests
{
    private const string Scope = "20130524/us-east-1/s3/aws4_request";

    private static readonly RequestSigner s_signer = new();

    [Fact]
    public void An_object_is_read_in_part() => Check(
        new SigningCase { Key = "test.txt", Headers = [("range", "bytes=0-9")] },
        "/test.txt",
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

    [Fact]
    public void An_object_is_written_whose_name_has_to_be_encoded() => Check(
        new SigningCase
        {
            Method = "PUT",
            Key = "test$file.text",
            Headers = [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            // That of "Welcome to Amazon S3.".
            PayloadHash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        },
        "/test%24file.text",
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");

    [Theory]
    [InlineData("lifecycle")]
    [InlineData("lifecycle=")]
    public void A_parameter_of_the_query_has_no_value(string query) => Check(
        new SigningCase { Query = query },
        "/",
        "host;x-amz-content-sha256;x-amz-date",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");

    [Fact]
    public void The_query_has_two_parameters() => Check(
        new SigningCase { Query = "max-keys=2&prefix=J" },
        "/",
        "host;x-amz-content-sha256;x-amz-date",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");

    [Fact]
    public void An_upload_in_chunks_has_this_first_signature() => Check(
        new SigningCase
        {
            Method = "PUT",
            Host = "s3.amazonaws.com",
            BasePath = "/examplebucket",
            Key = "chunkObject.txt",
            Headers =
            [
                ("content-encoding", "aws-chunked"),
                ("content-length", "66824"),
                ("x-amz-decoded-content-length", "66560"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            PayloadHash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        },
        "/examplebucket/chunkObject.txt",
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");

    [Fact]
    public void An_upload_in_chunks_with_a_trailer_has_this_first_signature() => Check(
        new SigningCase
        {
            Method = "PUT",
            Host = "s3.amazonaws.com",
            BasePath = "/examplebucket",
            Key = "chunkObject.txt",
            Headers =
            [
                ("content-encoding", "aws-chunked"),
                ("x-amz-decoded-content-length", "66560"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ("x-amz-trailer", "x-amz-checksum-crc32c"),
            ],
            PayloadHash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        },
        "/examplebucket/chunkObject.txt",
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");

    private static void Check(SigningCase signing, string path, string signedHeaders, string signature)
    {
        SignedMessage message = SignedMessage.Of(s_signer, signing);
        Assert.Equal("AWS4-HMAC-SHA256", message.Algorithm);
        Assert.Equal(signing.AccessKey, message.AccessKey);
        Assert.Equal(Scope, message.Scope);
        Assert.Equal(path, message.RawPath);
        Assert.Equal(signedHeaders, message.SignedHeaders);
        Assert.Equal(signature, message.Signature);
    }
}
