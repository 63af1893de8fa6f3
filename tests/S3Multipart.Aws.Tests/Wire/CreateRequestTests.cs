using System.Security.Cryptography;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>CreateMultipartUpload as the S3 API Reference has it: each input is the header of its name.</summary>
public sealed class CreateRequestTests
{
    [Fact]
    public async Task Every_input_is_the_header_that_the_reference_gives_it()
    {
        Received received = await CreateAsync(new CreateInput
        {
            BucketName = "bucket",
            Key = "key",
            ChecksumAlgorithm = "CRC32C",
            ChecksumType = "COMPOSITE",
            Object = new ObjectInput
            {
                CannedAcl = "bucket-owner-full-control",
                CacheControl = "max-age=60,  public",
                ContentDisposition = "attachment; filename=\"a b\"",
                ContentEncoding = "gzip",
                ContentLanguage = "de, en",
                ContentType = "text/plain; charset=utf-8",
                Expires = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc),
                Metadata = new Dictionary<string, string> { ["color"] = "red", ["x-y"] = "=?UTF-8?B?w6k=?=" },
                Tags = new Dictionary<string, string> { ["a"] = "b", ["c d"] = "e+f&g=é/" },
                StorageClass = "STANDARD_IA",
                WebsiteRedirectLocation = "/other",
                ObjectLockMode = "GOVERNANCE",
                ObjectLockRetainUntilDate = new DateTime(2031, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc),
                ObjectLockLegalHoldStatus = "ON",
            },
            Encryption = new EncryptionInput
            {
                Method = EncryptionInput.SseKms,
                KmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/k",
                KmsContext = "e30=",
                BucketKeyEnabled = true,
            },
        });
        Assert.Equal("POST", received.Method);
        Assert.Equal("/bucket/key?uploads", received.Target);
        Assert.Empty(received.Body);
        (string Name, string Value)[] expected =
        [
            ("x-amz-acl", "bucket-owner-full-control"),
            ("Cache-Control", "max-age=60,  public"),
            ("Content-Disposition", "attachment; filename=\"a b\""),
            ("Content-Encoding", "gzip"),
            ("Content-Language", "de, en"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Expires", "Wed, 02 Jan 2030 03:04:05 GMT"),
            ("x-amz-meta-color", "red"),
            ("x-amz-meta-x-y", "=?UTF-8?B?w6k=?="),
            ("x-amz-tagging", "a=b&c%20d=e%2Bf%26g%3D%C3%A9%2F"),
            ("x-amz-storage-class", "STANDARD_IA"),
            ("x-amz-website-redirect-location", "/other"),
            ("x-amz-object-lock-mode", "GOVERNANCE"),
            ("x-amz-object-lock-retain-until-date", "2031-02-03T04:05:06.789Z"),
            ("x-amz-object-lock-legal-hold", "ON"),
            ("x-amz-server-side-encryption", "aws:kms"),
            ("x-amz-server-side-encryption-aws-kms-key-id", "arn:aws:kms:eu-west-1:123456789012:key/k"),
            ("x-amz-server-side-encryption-context", "e30="),
            ("x-amz-server-side-encryption-bucket-key-enabled", "true"),
            ("x-amz-checksum-algorithm", "CRC32C"),
            ("x-amz-checksum-type", "COMPOSITE"),
        ];
        Assert.All(expected, header => Assert.Equal(header.Value, received.Header(header.Name)));
    }

    [Fact]
    public async Task What_is_not_given_is_not_sent()
    {
        Received received = await CreateAsync(new CreateInput { BucketName = "bucket", Key = "key" });
        Assert.Equal(
            ["content-type", "x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-content-sha256", "x-amz-date"],
            received.Headers.Select(header => header.Name.ToLowerInvariant())
                .Except(["host", "authorization", "user-agent", "content-length"])
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Grantees_of_one_permission_share_a_header()
    {
        Received received = await CreateAsync(new CreateInput
        {
            BucketName = "bucket",
            Key = "key",
            Object = new ObjectInput
            {
                Grants =
                [
                    new Grant(GrantPermission.Read, "one", null),
                    new Grant(GrantPermission.FullControl, "two", null),
                    new Grant(GrantPermission.Read, null, "http://acs.amazonaws.com/groups/global/AllUsers"),
                    new Grant(GrantPermission.ReadAcp, "three", null),
                    new Grant(GrantPermission.WriteAcp, "four", null),
                ],
            },
        });
        Assert.Equal("id=\"one\", uri=\"http://acs.amazonaws.com/groups/global/AllUsers\"", received.Header("x-amz-grant-read"));
        Assert.Equal("id=\"two\"", received.Header("x-amz-grant-full-control"));
        Assert.Equal("id=\"three\"", received.Header("x-amz-grant-read-acp"));
        Assert.Equal("id=\"four\"", received.Header("x-amz-grant-write-acp"));
    }

    [Fact]
    public async Task A_customer_key_goes_with_its_digest_and_names_no_other_encryption()
    {
        byte[] bytes = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        Assert.True(SseCustomerKey.TryMake(bytes, out SseCustomerKey? key));
        EncryptionInput encryption = new() { Method = EncryptionInput.SseC, CustomerKey = key };
        Received received = await CreateAsync(new CreateInput { BucketName = "bucket", Key = "key", Encryption = encryption });
        Assert.Equal("AES256", received.Header("x-amz-server-side-encryption-customer-algorithm"));
        Assert.Equal(Convert.ToBase64String(bytes), received.Header("x-amz-server-side-encryption-customer-key"));
#pragma warning disable CA5351 // S3's protocol prescribes MD5.
        Assert.Equal(Convert.ToBase64String(MD5.HashData(bytes)), received.Header("x-amz-server-side-encryption-customer-key-MD5"));
#pragma warning restore CA5351
        Assert.Null(received.Header("x-amz-server-side-encryption"));
    }

    [Theory]
    [InlineData("key", null, "application/octet-stream")]
    [InlineData("key.", null, "application/octet-stream")]
    [InlineData("key.nobody-knows", null, "application/octet-stream")]
    [InlineData("key.txt", null, "text/plain")]
    [InlineData("key.txt", "photo.JPG", "image/jpeg")]
    [InlineData("key", "/folder/page.html", "text/html")]
    public async Task The_content_type_follows_from_the_name_of_the_file_or_else_of_the_object(
        string key, string? fileName, string contentType)
    {
        Received received = await CreateAsync(new CreateInput { BucketName = "bucket", Key = key, FileName = fileName });
        Assert.Equal(contentType, received.Header("Content-Type"));
    }

    private static async Task<Received> CreateAsync(CreateInput input)
    {
        const string Body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(200, Body) };
        _ = await Stores.At(server.Url).CreateMultipartUploadAsync(input, TestContext.Current.CancellationToken);
        return Assert.Single(server.Requests);
    }
}
