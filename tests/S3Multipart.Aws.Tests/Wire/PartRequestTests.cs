using System.Security.Cryptography;
using System.Text;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>UploadPart, UploadPartCopy, AbortMultipartUpload and HeadObject as the S3 API Reference has them.</summary>
public sealed class PartRequestTests
{
    private static readonly byte[] s_bytes = Encoding.ASCII.GetBytes("123456789");

    [Fact]
    public async Task A_part_goes_with_its_digests_where_nothing_else_protects_it()
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => LoopbackServer.Response(200, "", "ETag: 25f9e794323b453885f5181f1b624d0b"),
        };
        StoredPart part = await Stores.At(server.Url).UploadPartAsync(Input("CRC64NVME", md5: true), TestContext.Current.CancellationToken);
        Received received = Assert.Single(server.Requests);
        Assert.Equal(("PUT", "/bucket/folder/key?partNumber=7&uploadId=upload%20id"), (received.Method, received.Target));
        Assert.Equal(s_bytes, received.Body);
        // The check value of the algorithm, and the MD5 and SHA-256 of the same nine digits.
        Assert.Equal("rosUhgp5mIg=", received.Header("x-amz-checksum-crc64nvme"));
        Assert.Equal("JfnnlDI7RTiF9RgfG2JNCw==", received.Header("Content-MD5"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(s_bytes)), received.Header("x-amz-content-sha256"));
        Assert.Equal((7, 9L, "\"25f9e794323b453885f5181f1b624d0b\""), (part.PartNumber, part.Size, part.ETag));
    }

    [Fact]
    public async Task A_part_tells_the_encryption_that_its_response_names()
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => LoopbackServer.Response(200, "", "ETag: \"e\"", "x-amz-server-side-encryption: aws:kms",
                "x-amz-server-side-encryption-aws-kms-key-id: key", "x-amz-server-side-encryption-bucket-key-enabled: true"),
        };
        StoredPart part = await Stores.At(server.Url).UploadPartAsync(Input(null), TestContext.Current.CancellationToken);
        Assert.Equal(("aws:kms", "key", true, null), (part.Encryption, part.KmsKeyId, part.BucketKeyEnabled, part.CustomerKeyMD5));
    }

    [Fact]
    public async Task A_part_tells_the_customer_key_that_its_response_names()
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => LoopbackServer.Response(200, "", "ETag: \"e\"", "x-amz-server-side-encryption-customer-algorithm: AES256",
                "x-amz-server-side-encryption-customer-key-MD5: JfnnlDI7RTiF9RgfG2JNCw=="),
        };
        StoredPart part = await Stores.At(server.Url).UploadPartAsync(Input(null), TestContext.Current.CancellationToken);
        Assert.Equal(("SSE-C", "JfnnlDI7RTiF9RgfG2JNCw==", true), (part.Encryption, part.CustomerKeyMD5, part.IsETagOpaque));
    }

    [Fact]
    public async Task A_part_without_an_ETag_in_the_response_is_refused()
    {
        await using LoopbackServer server = new();
        S3MultipartException failure = await Assert.ThrowsAsync<S3MultipartException>(
            () => Stores.At(server.Url).UploadPartAsync(Input(null), TestContext.Current.CancellationToken));
        Assert.Equal(FailureIds.ResponseInvalid, failure.ErrorId);
    }

    [Fact]
    public async Task A_part_whose_checksum_S3_found_to_be_another_is_refused()
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => LoopbackServer.Response(200, "", "ETag: \"e\"", "x-amz-checksum-crc64nvme: AAAAAAAAAAA="),
        };
        S3MultipartException failure = await Assert.ThrowsAnyAsync<S3MultipartException>(
            () => Stores.At(server.Url).UploadPartAsync(Input("CRC64NVME"), TestContext.Current.CancellationToken));
        Assert.Equal("ChecksumMismatch", failure.ErrorId);
    }

    [Fact]
    public async Task What_a_failed_try_sent_does_not_count()
    {
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(500) };
        long sent = 0;
        PartInput input = Input(null) with { Sent = bytes => sent += bytes };
        _ = await Assert.ThrowsAsync<S3ServiceException>(
            () => Stores.At(server.Url).UploadPartAsync(input, TestContext.Current.CancellationToken));
        Assert.Equal(s_bytes, Assert.Single(server.Requests).Body);
        Assert.Equal(0, sent);
    }

    [Fact]
    public async Task A_copy_names_its_source_the_range_and_the_ETag_that_it_must_have()
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => LoopbackServer.Response(
                200,
                "<CopyPartResult><ETag>bare</ETag><LastModified>2009-10-28T22:32:00.000Z</LastModified></CopyPartResult>",
                "x-amz-copy-source-version-id: v"),
        };
        StoredPart part = await Stores.At(server.Url).UploadPartCopyAsync(
            new PartCopyInput
            {
                Target = Stores.Target,
                PartNumber = 2,
                Source = new CopySource("source", "a b/é+%20?#", "v/1") { ExpectedBucketOwner = "123456789012" },
                SourceETag = "\"e\"",
                Range = (5, 9),
                Size = 5,
            },
            TestContext.Current.CancellationToken);
        Received received = Assert.Single(server.Requests);
        Assert.Equal(("PUT", "/bucket/folder/key?partNumber=2&uploadId=upload%20id"), (received.Method, received.Target));
        Assert.Equal("source/a%20b/%C3%A9%2B%2520%3F%23?versionId=v%2F1", received.Header("x-amz-copy-source"));
        Assert.Equal("bytes=5-9", received.Header("x-amz-copy-source-range"));
        Assert.Equal("\"e\"", received.Header("x-amz-copy-source-if-match"));
        Assert.Equal("123456789012", received.Header("x-amz-source-expected-bucket-owner"));
        Assert.Equal((2, 5L, "\"bare\"", "v"), (part.PartNumber, part.Size, part.ETag, part.CopySourceVersionId));
    }

    [Theory]
    [InlineData(
        "arn:aws:s3:us-west-2:123456789012:accesspoint/prod", "arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint/prod/object/key")]
    [InlineData(
        "arn:aws:s3:us-west-2:123456789012:accesspoint:prod", "arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint/prod/object/key")]
    [InlineData(
        "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/prod",
        "arn%3Aaws%3As3-outposts%3Aus-west-2%3A123456789012%3Aoutpost/op-1/accesspoint/prod/object/key")]
    [InlineData(
        "arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-1:accesspoint:prod",
        "arn%3Aaws%3As3-outposts%3Aus-west-2%3A123456789012%3Aoutpost/op-1/accesspoint/prod/object/key")]
    [InlineData("prod-o01ac5d28a6a232904e8xz5w8ijx1qzlbp3i3kuse10--op-s3", "prod-o01ac5d28a6a232904e8xz5w8ijx1qzlbp3i3kuse10--op-s3/key")]
    [InlineData("source", "source/key")]
    public async Task The_source_of_a_copy_may_be_an_access_point(string bucket, string header)
    {
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(404) };
        PartCopyInput input = new()
        {
            Target = Stores.Target,
            PartNumber = 1,
            Source = new CopySource(bucket, "key", null),
            SourceETag = "\"e\"",
            Size = 5,
        };
        _ = await Assert.ThrowsAsync<S3ServiceException>(
            () => Stores.At(server.Url).UploadPartCopyAsync(input, TestContext.Current.CancellationToken));
        Assert.Equal(header, Assert.Single(server.Requests).Header("x-amz-copy-source"));
    }

    [Fact]
    public async Task The_source_of_a_copy_is_looked_at_by_its_version()
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => "HTTP/1.1 200 OK\r\nContent-Length: 5368709121\r\nETag: \"e-2\"\r\nx-amz-version-id: v 1\r\n"
                + "x-amz-checksum-crc32c: sOO8/Q==\r\n\r\n",
        };
        CopySource source = new("source", "key", "v 1");
        FoundObject found = await Stores.At(server.Url).HeadObjectAsync(source, TestContext.Current.CancellationToken);
        Received received = Assert.Single(server.Requests);
        Assert.Equal(("HEAD", "/source/key?versionId=v%201"), (received.Method, received.Target));
        Assert.Equal((5368709121L, "\"e-2\"", "v 1"), (found.Size, found.ETag, found.VersionId));
        Assert.Equal(("CRC32C", "sOO8/Q=="), (found.ChecksumAlgorithm, found.Checksum));
    }

    [Fact]
    public async Task An_abort_deletes_the_upload()
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => "HTTP/1.1 204 No Content\r\nx-amz-request-charged: requester\r\n\r\n",
        };
        string? charged = await Stores.At(server.Url).AbortMultipartUploadAsync(Stores.Target, null, TestContext.Current.CancellationToken);
        Assert.Equal("requester", charged);
        Received received = Assert.Single(server.Requests);
        Assert.Equal(("DELETE", "/bucket/folder/key?uploadId=upload%20id"), (received.Method, received.Target));
    }

    private static PartInput Input(string? algorithm, bool md5 = false) => new()
    {
        Target = Stores.Target,
        PartNumber = 7,
        Body = new BufferPartBody(s_bytes),
        ChecksumAlgorithm = algorithm,
        SendContentMD5 = md5,
    };
}
