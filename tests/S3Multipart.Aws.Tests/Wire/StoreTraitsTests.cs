using System.Collections.Concurrent;
using System.Text;
using S3Multipart.Aws.Operations;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>What a store refuses is found out by its first refusal, and remembered for its endpoint.</summary>
public sealed class StoreTraitsTests
{
    private const string MD5 = "25f9e794323b453885f5181f1b624d0b";
    private const string Created = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";
    private const string Completed = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";

    private static readonly byte[] s_bytes = Encoding.ASCII.GetBytes("123456789");

    private readonly ConcurrentQueue<string> _warnings = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, "InvalidArgument", "Unsupported header 'x-amz-checksum-algorithm' received for this API call.")]
    [InlineData(501, "NotImplemented", "A header you provided implies functionality that is not implemented")]
    public async Task Checksums_that_Create_is_refused_for_are_left_out_from_then_on(int status, string code, string text)
    {
        await using LoopbackServer server = new()
        {
            Respond = request => HasChecksum(request) ? Refusal(status, code, text) : LoopbackServer.Response(200, Created),
        };
        CreatedUpload first = await Store(server).CreateMultipartUploadAsync(Create(), Token);
        Assert.Equal(("u", null, null), (first.UploadId, first.ChecksumAlgorithm, first.ChecksumType));
        Assert.Equal(2, server.Requests.Count);
        _ = await Store(server).CreateMultipartUploadAsync(Create(), Token);
        Assert.Equal(3, server.Requests.Count);
        string warning = Assert.Single(_warnings);
        Assert.StartsWith(server.Url, warning, StringComparison.Ordinal);
        Assert.Contains("-RequestChecksumCalculation WhenRequired", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "SignatureDoesNotMatch", "Invalid argument.")]
    [InlineData(500, "InternalError", "Io error: checksum mismatch")]
    public async Task A_part_that_is_refused_for_its_checksum_goes_with_its_MD5(int status, string code, string text)
    {
        await using LoopbackServer server = new()
        {
            Respond = request => HasChecksum(request)
                ? Refusal(status, code, text) : LoopbackServer.Response(200, Created, $"ETag: \"{MD5}\""),
        };
        StoredPart part = await Store(server).UploadPartAsync(Part("CRC64NVME"), Token);
        Assert.Equal(("ETag", null), (part.Evidence?.ToString(), part.KnownChecksum));
        Assert.Equal("JfnnlDI7RTiF9RgfG2JNCw==", server.Requests.Last().Header("Content-MD5"));
        // The rest of the upload, and the uploads after it, have none.
        _ = await Store(server).UploadPartAsync(Part("CRC64NVME"), Token);
        Assert.Null((await Store(server).CreateMultipartUploadAsync(Create(), Token)).ChecksumAlgorithm);
        Assert.Equal(4, server.Requests.Count);
        _ = Assert.Single(_warnings);
    }

    [Fact]
    public async Task An_MD5_that_the_store_does_not_have_is_a_failure_there_too()
    {
        await using LoopbackServer server = new()
        {
            Respond = request => HasChecksum(request)
                ? Refusal(501, "NotImplemented", "") : LoopbackServer.Response(200, "", $"ETag: \"{new string('0', 32)}\""),
        };
        S3MultipartException failure = await Assert.ThrowsAsync<S3MultipartException>(
            () => Store(server).UploadPartAsync(Part("CRC64NVME"), Token));
        Assert.Equal("ChecksumMismatch", failure.ErrorId);
    }

    [Fact]
    public async Task A_part_has_its_MD5_too_where_only_a_requested_checksum_was_to_be_sent()
    {
        await using LoopbackServer server = new()
        {
            Respond = request => HasChecksum(request)
                ? Refusal(501, "NotImplemented", "") : LoopbackServer.Response(200, Created, $"ETag: \"{MD5}\""),
        };
        IObjectStore store = Stores.At(server.Url, onlyWhenRequired: true);
        Assert.Equal("ETag", (await store.UploadPartAsync(Part("SHA256"), Token)).Evidence?.ToString());
        Assert.Null((await store.CreateMultipartUploadAsync(Create() with { ChecksumAlgorithm = "SHA256" }, Token)).ChecksumAlgorithm);
        Assert.Equal("ETag", (await store.UploadPartAsync(Part(null), Token)).Evidence?.ToString());
    }

    [Fact]
    public async Task Eight_parts_that_are_refused_together_are_each_sent_again_and_learn_once()
    {
        using CountdownEvent all = new(8);
        await using LoopbackServer server = new()
        {
            Respond = request =>
            {
                if (!HasChecksum(request))
                {
                    return LoopbackServer.Response(200, "", $"ETag: \"{MD5}\"");
                }

                // None is answered before all have come.
                _ = all.Signal();
                _ = all.Wait(TimeSpan.FromSeconds(30), Token);
                return Refusal(403, "SignatureDoesNotMatch", "Invalid argument.");
            },
        };
        ThreadPool.GetMinThreads(out int workers, out int ports);
        _ = ThreadPool.SetMinThreads(Math.Max(workers, 16), ports);
        IObjectStore store = Store(server);
        StoredPart[] parts = await Task.WhenAll(
            Enumerable.Range(1, 8).Select(number => store.UploadPartAsync(Part("CRC64NVME") with { PartNumber = number }, Token)));
        Assert.True(all.IsSet);
        Assert.All(parts, part => Assert.True(part.IsMD5Compared));
        Assert.Equal(16, server.Requests.Count);
        _ = Assert.Single(_warnings);
    }

    [Theory]
    [InlineData("The request signature we calculated does not match the signature you provided.", 1)]
    [InlineData("Invalid argument.", 2)]
    public async Task A_wrong_secret_stays_one(string text, int requests)
    {
        await using LoopbackServer server = new() { Respond = _ => Refusal(403, "SignatureDoesNotMatch", text) };
        S3ServiceException failure = await Assert.ThrowsAsync<S3ServiceException>(
            () => Store(server).UploadPartAsync(Part("CRC64NVME"), Token));
        Assert.Equal("SignatureDoesNotMatch", failure.ErrorCode);
        Assert.Equal(requests, server.Requests.Count);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(501, "NotImplemented", "tagging")]
    [InlineData(400, "InvalidRequest", "Unsupported header 'x-amz-tagging'")]
    public async Task Tags_and_grants_are_never_left_out(int status, string code, string text)
    {
        await using LoopbackServer server = new()
        {
            Respond = request => request.Header("x-amz-tagging") is null
                ? LoopbackServer.Response(200, Created) : Refusal(status, code, text),
        };
        CreateInput input = Create() with
        {
            Object = new ObjectInput { Tags = new Dictionary<string, string> { ["a"] = "b" } },
        };
        S3ServiceException failure = await Assert.ThrowsAsync<S3ServiceException>(
            () => Store(server).CreateMultipartUploadAsync(input, Token));
        Assert.Equal(code, failure.ErrorCode);
        Assert.All(server.Requests, request => Assert.NotNull(request.Header("x-amz-tagging")));
        // It was not the checksums that were refused.
        Assert.Equal("CRC64NVME", (await Store(server).CreateMultipartUploadAsync(Create(), Token)).ChecksumAlgorithm);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_type_that_is_refused_leaves_the_algorithm()
    {
        await using LoopbackServer server = new()
        {
            Respond = request => request.Header("x-amz-checksum-type") is not null
                ? Refusal(400, "InvalidArgument", "Unsupported header 'x-amz-checksum-type'") : LoopbackServer.Response(200, Created),
        };
        CreatedUpload upload = await Store(server).CreateMultipartUploadAsync(Create(), Token);
        Assert.Equal("CRC64NVME", upload.ChecksumAlgorithm);
        _ = Assert.Single(_warnings);
    }

    [Theory]
    [InlineData("x-amz-mp-object-size", 501, "NotImplemented", "", "-RequestChecksumCalculation WhenRequired")]
    [InlineData("x-amz-checksum-crc32", 400, "InvalidPart", "One or more of the specified parts could not be found.",
        "-ChecksumType COMPOSITE")]
    public async Task A_completion_is_repeated_without_what_is_refused(
        string header, int status, string code, string text, string parameter)
    {
        await using LoopbackServer server = new()
        {
            Respond = request => request.Header(header) is not null
                ? Refusal(status, code, text) : LoopbackServer.Response(200, Completed),
        };
        CompleteInput input = Complete() with { ChecksumAlgorithm = "CRC32", ChecksumType = "FULL_OBJECT", Checksum = "AAAAAA==" };
        _ = await Store(server).CompleteMultipartUploadAsync(input, Token);
        _ = await Store(server).CompleteMultipartUploadAsync(input, Token);
        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal("*", request.Header("If-None-Match")));
        Assert.Contains(parameter, Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_that_is_not_implemented_is_never_left_out()
    {
        await using LoopbackServer server = new() { Respond = _ => Refusal(501, "NotImplemented", "If-None-Match") };
        _ = await Assert.ThrowsAsync<S3ServiceException>(() => Store(server).CompleteMultipartUploadAsync(Complete(), Token));
        Assert.All(server.Requests, request => Assert.Equal("*", request.Header("If-None-Match")));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(null, "JfnnlDI7RTiF9RgfG2JNCw==")]
    [InlineData(true, null)]
    public async Task A_part_of_an_upload_without_checksums_has_its_MD5_where_checksums_are_wanted(bool? onlyWhenRequired, string? expected)
    {
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(200, "", $"ETag: \"{MD5}\"") };
        IObjectStore store = Stores.At(server.Url, onlyWhenRequired: onlyWhenRequired);
        _ = await store.UploadPartAsync(Part(null), Token);
        Assert.Equal(expected, server.Requests.Last().Header("Content-MD5"));
    }

    [Theory]
    [InlineData("CRC32", null, "COMPOSITE")]
    [InlineData("CRC32C", null, "COMPOSITE")]
    [InlineData("CRC32", "FULL_OBJECT", "FULL_OBJECT")]
    [InlineData("CRC64NVME", null, "FULL_OBJECT")]
    [InlineData(null, null, "FULL_OBJECT")]
    public async Task CRC32_is_composite_at_another_store(string? algorithm, string? type, string expected)
    {
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(200, Created) };
        CreatedUpload upload = await Store(server).CreateMultipartUploadAsync(
            Create() with { ChecksumAlgorithm = algorithm, ChecksumType = type }, Token);
        Assert.Equal(expected, upload.ChecksumType);
        Assert.Equal(expected, Assert.Single(server.Requests).Header("x-amz-checksum-type"));
    }

    [Fact]
    public async Task A_look_at_an_object_is_repeated_without_the_question_for_its_checksum()
    {
        await using LoopbackServer server = new()
        {
            Respond = request => LoopbackServer.Response(request.Header("x-amz-checksum-mode") is null ? 404 : 400),
        };
        S3ServiceException failure = await Assert.ThrowsAsync<S3ServiceException>(
            () => Store(server).HeadObjectAsync(new CopySource("bucket", "key", null), Token));
        Assert.Equal("NotFound", failure.ErrorCode);
        Assert.Equal(2, server.Requests.Count);
        _ = Assert.Single(_warnings);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("https://s3.eu-west-1.amazonaws.com", false)]
    [InlineData("https://bucket.vpce-1-2.s3.us-east-1.vpce.amazonaws.com", false)]
    [InlineData("https://s3.cn-north-1.amazonaws.com.cn", false)]
    [InlineData("https://s3.dualstack.eu-west-1.api.aws", false)]
    [InlineData("https://amazonaws.com.example", true)]
    [InlineData("https://storage.googleapis.com", true)]
    public void Nothing_is_learned_of_Amazon_S3(string? endpoint, bool isLearned) =>
        Assert.Equal(isLearned, StoreTraits.Of(endpoint) is not null);

    [Fact]
    public void An_endpoint_is_known_by_its_scheme_host_and_port()
    {
        Assert.Same(StoreTraits.Of("http://one.example:81/"), StoreTraits.Of("http://ONE.example:81/path"));
        Assert.NotSame(StoreTraits.Of("http://one.example:81"), StoreTraits.Of("http://one.example:82"));
    }

    private static bool HasChecksum(Received request) =>
        request.Headers.Any(header => header.Name.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase));

    private static string Refusal(int status, string code, string text) =>
        LoopbackServer.Response(status, $"<Error><Code>{code}</Code><Message>{text}</Message></Error>");

    private static CreateInput Create() => new() { BucketName = "bucket", Key = "checksum" };

    private static PartInput Part(string? algorithm) => new()
    {
        Target = Stores.Target,
        PartNumber = 7,
        Body = new BufferPartBody(s_bytes),
        ChecksumAlgorithm = algorithm,
    };

    private static CompleteInput Complete() => new()
    {
        Target = Stores.Target,
        Parts = [new() { PartNumber = 1, Size = 9, ETag = $"\"{MD5}\"" }],
        Size = 9,
        IfNoneMatch = true,
    };

    private IObjectStore Store(LoopbackServer server) => Stores.At(server.Url, warn: _warnings.Enqueue);
}
