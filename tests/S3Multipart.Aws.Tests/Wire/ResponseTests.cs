using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>What is made of responses: those of S3, those of other stores, and those of nobody.</summary>
public sealed class ResponseTests
{
    private const string Namespace = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    private const string Part = "<Part><PartNumber>1</PartNumber><Size>5</Size><ETag>\"e\"</ETag></Part>";

    [Theory]
    [InlineData("<InitiateMultipartUploadResult><UploadId>u 1</UploadId></InitiateMultipartUploadResult>")]
    [InlineData("<InitiateMultipartUploadResult " + Namespace + "><Key>k</Key><UploadId>u 1</UploadId></InitiateMultipartUploadResult>")]
    [InlineData("<s:InitiateMultipartUploadResult xmlns:s=\"urn:s\"><s:UploadId>u 1</s:UploadId></s:InitiateMultipartUploadResult>")]
    [InlineData(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + "<InitiateMultipartUploadResult><UploadId>u 1</UploadId></InitiateMultipartUploadResult>\n")]
    [InlineData(" \r\n <?xml version=\"1.0\"?><InitiateMultipartUploadResult><UploadId>u 1</UploadId></InitiateMultipartUploadResult>")]
    [InlineData("\ufeff<?xml version=\"1.0\"?><InitiateMultipartUploadResult><UploadId>u 1</UploadId></InitiateMultipartUploadResult>")]
    [InlineData("<!-- c --><InitiateMultipartUploadResult><UploadId><![CDATA[u 1]]></UploadId></InitiateMultipartUploadResult>")]
    public async Task An_upload_id_is_found_however_the_document_is_written(string body) =>
        Assert.Equal("u 1", (await CreateAsync(body)).UploadId);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{\"UploadId\":\"u\"}")]
    [InlineData("<html><body>Welcome</body></html>")]
    [InlineData("<InitiateMultipartUploadResult/>")]
    [InlineData("<InitiateMultipartUploadResult><UploadId/></InitiateMultipartUploadResult>")]
    [InlineData("<InitiateMultipartUploadResult><UploadId>u</UploadId>")]
    [InlineData("<InitiateMultipartUploadResult><Upload><UploadId>u</UploadId></Upload></InitiateMultipartUploadResult>")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"u\">]><InitiateMultipartUploadResult><UploadId>&e;</UploadId></InitiateMultipartUploadResult>")]
    public async Task A_response_without_an_upload_id_is_refused(string body) =>
        Assert.Equal(FailureIds.ResponseInvalid, (await Assert.ThrowsAsync<S3MultipartException>(() => CreateAsync(body))).ErrorId);

    [Fact]
    public async Task A_page_of_parts_is_read_whole()
    {
        const string Body = $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <ListPartsResult {Namespace}>
              <Initiator><ID>arn:aws:iam::1:user/i</ID><DisplayName>i</DisplayName></Initiator>
              <Owner><ID>o1</ID></Owner>
              <StorageClass>STANDARD</StorageClass>
              <PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>10000</NextPartNumberMarker>
              <MaxParts>2</MaxParts><IsTruncated>true</IsTruncated>
              <ChecksumAlgorithm>CRC32C</ChecksumAlgorithm><ChecksumType>COMPOSITE</ChecksumType>
              <Part>
                <PartNumber>1</PartNumber><LastModified>2010-11-10T20:48:34.000Z</LastModified>
                <ETag>&quot;7778aef83f66abc1fa1e8477f296d394&quot;</ETag><Size>5368709120</Size><ChecksumCRC32C>sOO8/Q==</ChecksumCRC32C>
              </Part>
              <Part><PartNumber>10000</PartNumber><ETag>bare</ETag><Size>0</Size></Part>
            </ListPartsResult>
            """;
        PartPage page = await ListPartsAsync(
            Body, "x-amz-abort-date: Fri, 02 Jan 2032 00:00:00 GMT", "x-amz-abort-rule-id: rule", "x-amz-request-charged: requester");
        Assert.Equal(10000, page.NextMarker);
        Assert.Equal(("CRC32C", "COMPOSITE", "STANDARD"), (page.ChecksumAlgorithm, page.ChecksumType, page.StorageClass));
        Assert.Equal(("i", "arn:aws:iam::1:user/i"), (page.Initiator?.Name, page.Initiator?.Id));
        Assert.Equal(("o1", "o1", null), (page.Owner?.Name, page.Owner?.Id, page.Owner?.DisplayName));
        Assert.Equal(new DateTime(2032, 1, 2, 0, 0, 0, DateTimeKind.Utc), page.AbortDate);
        Assert.Equal(("rule", "requester"), (page.AbortRuleId, page.RequestCharged));
        StoredPart first = page.Parts[0];
        Assert.Equal((1, 5368709120L, "\"7778aef83f66abc1fa1e8477f296d394\""), (first.PartNumber, first.Size, first.ETag));
        Assert.Equal(("CRC32C", "sOO8/Q=="), (first.ChecksumAlgorithm, first.Checksum));
        Assert.Equal(new DateTime(2010, 11, 10, 20, 48, 34, DateTimeKind.Utc), first.LastModified);
        StoredPart last = page.Parts[1];
        Assert.Equal((10000, 0L, "\"bare\"", null, null), (last.PartNumber, last.Size, last.ETag, last.Checksum, last.LastModified));
    }

    [Fact]
    public async Task A_list_without_parts_is_empty_and_the_last_page_has_no_marker()
    {
        PartPage page = await ListPartsAsync(
            "<ListPartsResult><NextPartNumberMarker>0</NextPartNumberMarker><IsTruncated>false</IsTruncated></ListPartsResult>");
        Assert.Empty(page.Parts);
        Assert.Null(page.NextMarker);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<ListBucketResult/>")]
    [InlineData("<html/>")]
    [InlineData("<ListPartsResult><IsTruncated>true</IsTruncated></ListPartsResult>")]
    [InlineData("<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>0</NextPartNumberMarker></ListPartsResult>")]
    [InlineData("<ListPartsResult><Part><Size>5</Size><ETag>e</ETag></Part></ListPartsResult>")]
    [InlineData("<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part></ListPartsResult>")]
    [InlineData("<ListPartsResult><Part><PartNumber>1</PartNumber><Size>5</Size></Part></ListPartsResult>")]
    [InlineData("<ListPartsResult><Part><PartNumber>0</PartNumber><Size>5</Size><ETag>e</ETag></Part></ListPartsResult>")]
    [InlineData("<ListPartsResult><Part><PartNumber>10001</PartNumber><Size>5</Size><ETag>e</ETag></Part></ListPartsResult>")]
    [InlineData("<ListPartsResult><Part><PartNumber>one</PartNumber><Size>5</Size><ETag>e</ETag></Part></ListPartsResult>")]
    [InlineData("<ListPartsResult><Part><PartNumber>1</PartNumber><Size>-5</Size><ETag>e</ETag></Part></ListPartsResult>")]
    [InlineData("<ListPartsResult><Part><PartNumber>1</PartNumber><Size>5.0</Size><ETag>e</ETag></Part></ListPartsResult>")]
    [InlineData(
        "<ListPartsResult><Part><PartNumber>1</PartNumber><Size>99999999999999999999</Size><ETag>e</ETag></Part></ListPartsResult>")]
    [InlineData(
        "<ListPartsResult>" + Part
        + "<Part><PartNumber>2</PartNumber><Size>5</Size><ETag>e</ETag><LastModified>now</LastModified></Part></ListPartsResult>")]
    [InlineData("<ListPartsResult>" + Part)]
    public async Task A_list_of_parts_that_says_what_cannot_be_is_refused(string body) =>
        Assert.Equal(FailureIds.ResponseInvalid, (await Assert.ThrowsAsync<S3MultipartException>(() => ListPartsAsync(body))).ErrorId);

    [Fact]
    public async Task Keys_of_a_list_are_decoded_as_the_store_says_that_it_encoded_them()
    {
        const string Body = """
            <ListMultipartUploadsResult>
              <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
              <NextKeyMarker>a+b%2Bc%C3%A9%01</NextKeyMarker><NextUploadIdMarker>u2</NextUploadIdMarker>
              <Upload><Key>a+b%2Bc%C3%A9%01</Key><UploadId>u2</UploadId><Initiated>2010-11-10T20:48:33.000Z</Initiated></Upload>
              <CommonPrefixes><Prefix>p%2F+%2F</Prefix></CommonPrefixes>
            </ListMultipartUploadsResult>
            """;
        UploadPage page = await ListUploadsAsync(Body);
        ListedUpload upload = Assert.Single(page.Uploads);
        Assert.Equal(("a b+cé\u0001", "u2"), (upload.Key, upload.UploadId));
        Assert.Equal(new DateTime(2010, 11, 10, 20, 48, 33, DateTimeKind.Utc), upload.Initiated);
        Assert.Equal(("a b+cé\u0001", "u2", true), (page.NextKeyMarker, page.NextUploadIdMarker, page.IsTruncated));
        Assert.Equal(["p/ /"], page.CommonPrefixes);
    }

    [Theory]
    // A store that encodes without a word (Ceph), in whose form a plus sign is one.
    [InlineData("a%20b+c", "a b+c")]
    // A store that does not encode at all, for no encoder leaves a space.
    [InlineData("a b%20c", "a b%20c")]
    public async Task Keys_of_a_store_that_does_not_say_are_read_as_they_are_written(string written, string key)
    {
        UploadPage page = await ListUploadsAsync(
            $"<ListMultipartUploadsResult><Upload><Key>{written}</Key><UploadId>u</UploadId></Upload></ListMultipartUploadsResult>");
        Assert.Equal(key, Assert.Single(page.Uploads).Key);
    }

    [Theory]
    [InlineData("<ListMultipartUploadsResult><Upload><UploadId>u</UploadId></Upload></ListMultipartUploadsResult>")]
    [InlineData("<ListMultipartUploadsResult><Upload><Key>k</Key></Upload></ListMultipartUploadsResult>")]
    [InlineData("<ListMultipartUploadsResult><CommonPrefixes/></ListMultipartUploadsResult>")]
    [InlineData("<ListPartsResult/>")]
    public async Task A_list_of_uploads_with_a_gap_is_refused(string body) =>
        Assert.Equal(FailureIds.ResponseInvalid, (await Assert.ThrowsAsync<S3MultipartException>(() => ListUploadsAsync(body))).ErrorId);

    [Fact]
    public async Task A_completed_object_is_read_from_body_and_headers()
    {
        const string Body = $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <CompleteMultipartUploadResult {Namespace}>
              <Location>https://bucket.s3.eu-west-1.amazonaws.com/key</Location><Bucket>bucket</Bucket><Key>key</Key>
              <ETag>"3858f62230ac3c915f300c664312c11f-9"</ETag>
              <ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>
            </CompleteMultipartUploadResult>
            """;
        CompletedObject done = await CompleteAsync(
            "  \n" + Body,
            "x-amz-version-id: v1",
            "x-amz-expiration: expiry-date=\"Fri, 21 Dec 2012 00:00:00 GMT\", rule-id=\"picture%20deletion\"",
            "x-amz-server-side-encryption: aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id: k1",
            "x-amz-server-side-encryption-bucket-key-enabled: true");
        Assert.Equal(("https://bucket.s3.eu-west-1.amazonaws.com/key", "v1"), (done.Location, done.VersionId));
        Assert.Equal("\"3858f62230ac3c915f300c664312c11f-9\"", done.ETag);
        Assert.Equal(("CRC64NVME", "rosUhgp5mIg=", "FULL_OBJECT"), (done.ChecksumAlgorithm, done.Checksum, done.ChecksumType));
        Assert.Equal(new DateTime(2012, 12, 21, 0, 0, 0, DateTimeKind.Utc), done.ExpirationDate);
        Assert.Equal("picture deletion", done.ExpirationRuleId);
        Assert.Equal(("aws:kms", "k1", true), (done.Encryption.Method, done.Encryption.KmsKeyId, done.Encryption.BucketKeyEnabled));
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>Try again.</Message></Error>")]
    [InlineData("\n \n<Error " + Namespace + "><Code>InternalError</Code><Message>Try again.</Message></Error>")]
    public async Task An_error_under_status_200_is_one(string body)
    {
        S3ServiceException failure = await Assert.ThrowsAsync<S3ServiceException>(() => CompleteAsync(body));
        Assert.Equal(("InternalError", 200), (failure.ErrorCode, failure.Status));
        Assert.Contains("Try again.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Welcome</body></html>")]
    [InlineData("<CompleteMultipartUploadResult><ETag>\"e-1\"</ETag>")]
    public async Task An_object_is_not_complete_without_a_document_that_says_so(string body) =>
        Assert.Equal(FailureIds.ResponseInvalid, (await Assert.ThrowsAsync<S3MultipartException>(() => CompleteAsync(body))).ErrorId);

    private static Task<CreatedUpload> CreateAsync(string body)
    {
        CreateInput input = new() { BucketName = "bucket", Key = "key" };
        return AskAsync(body, [], store => store.CreateMultipartUploadAsync(input, TestContext.Current.CancellationToken));
    }

    private static Task<PartPage> ListPartsAsync(string body, params string[] headers) =>
        AskAsync(body, headers, store => store.ListPartsAsync(Stores.Target, 0, TestContext.Current.CancellationToken));

    private static Task<UploadPage> ListUploadsAsync(string body)
    {
        UploadQuery query = new() { BucketName = "bucket" };
        return AskAsync(body, [], store => store.ListMultipartUploadsAsync(query, TestContext.Current.CancellationToken));
    }

    private static Task<CompletedObject> CompleteAsync(string body, params string[] headers)
    {
        StoredPart part = new() { PartNumber = 1, Size = 5, ETag = "\"e\"" };
        CompleteInput input = new() { Target = Stores.Target, Size = 5, Parts = [part] };
        return AskAsync(body, headers, store => store.CompleteMultipartUploadAsync(input, TestContext.Current.CancellationToken));
    }

    private static async Task<T> AskAsync<T>(string body, string[] headers, Func<IObjectStore, Task<T>> request)
    {
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(200, body, headers) };
        return await request(Stores.At(server.Url));
    }
}
