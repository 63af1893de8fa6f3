using System.Text;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>A store may have no list of the parts of an upload that has none.</summary>
public sealed class EmptyUploadTests
{
    private const string Created = "<InitiateMultipartUploadResult><UploadId>fresh</UploadId></InitiateMultipartUploadResult>";

    private static readonly UploadTarget s_target = new("bucket", "key", "fresh");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500, "InternalError", false)]
    [InlineData(404, "NoSuchUpload", true)]
    [InlineData(404, "NoSuchKey", true)]
    public async Task Its_list_is_empty_where_this_process_has_just_begun_it(int status, string code, bool isListed)
    {
        await using LoopbackServer server = Server(status, code, isListed ? "fresh" : "another");
        IObjectStore store = Stores.At(server.Url);
        _ = await Begin(store);
        PartPage page = await store.ListPartsAsync(s_target, 0, Token);
        Assert.Empty(page.Parts);
        Assert.Null(page.NextMarker);
        _ = await Assert.ThrowsAnyAsync<S3ServiceException>(
            () => store.ListPartsAsync(s_target with { UploadId = "another" }, 0, Token));
    }

    [Theory]
    [InlineData("NoSuchUpload")]
    [InlineData("NoSuchKey")]
    public async Task It_is_gone_where_the_store_does_not_list_it(string code)
    {
        await using LoopbackServer server = Server(404, code, "another");
        IObjectStore store = Stores.At(server.Url);
        _ = await Begin(store);
        _ = await Assert.ThrowsAsync<NoSuchUploadException>(() => store.ListPartsAsync(s_target, 0, Token));
    }

    [Theory]
    [InlineData(403, "AccessDenied")]
    [InlineData(503, "SlowDown")]
    public async Task Other_refusals_stay_what_they_are(int status, string code)
    {
        await using LoopbackServer server = Server(status, code);
        IObjectStore store = Stores.At(server.Url);
        _ = await Begin(store);
        _ = await Assert.ThrowsAnyAsync<S3ServiceException>(() => store.ListPartsAsync(s_target, 0, Token));
    }

    [Fact]
    public async Task It_is_not_empty_once_a_part_was_sent_or_it_was_ended()
    {
        PartInput part = new() { Target = s_target, PartNumber = 1, Body = new BufferPartBody(Encoding.ASCII.GetBytes("1")) };
        CompleteInput complete = new() { Target = s_target, Parts = [], Size = 0 };
        Func<IObjectStore, Task>[] changes =
        [
            store => store.UploadPartAsync(part, Token),
            store => store.AbortMultipartUploadAsync(s_target, null, Token),
            store => store.CompleteMultipartUploadAsync(complete, Token),
        ];
        foreach (Func<IObjectStore, Task> change in changes)
        {
            await using LoopbackServer server = Server(500, "InternalError");
            IObjectStore store = Stores.At(server.Url);
            _ = await Begin(store);
            _ = await Assert.ThrowsAnyAsync<S3MultipartException>(() => change(store));
            _ = await Assert.ThrowsAnyAsync<S3ServiceException>(() => store.ListPartsAsync(s_target, 0, Token));
        }
    }

    private static Task<CreatedUpload> Begin(IObjectStore store) =>
        store.CreateMultipartUploadAsync(new CreateInput { BucketName = "bucket", Key = "key" }, Token);

    /// <summary>Begins uploads, lists one, and refuses all else.</summary>
    private static LoopbackServer Server(int status, string code, string listed = "fresh") => new()
    {
        Respond = request => (request.Method, request.Target.Contains("uploads", StringComparison.Ordinal)) switch
        {
            ("POST", true) => LoopbackServer.Response(200, Created),
            ("GET", true) => LoopbackServer.Response(
                200,
                "<ListMultipartUploadsResult><Bucket>bucket</Bucket><IsTruncated>false</IsTruncated>"
                + $"<Upload><Key>key</Key><UploadId>{listed}</UploadId></Upload></ListMultipartUploadsResult>"),
            _ => LoopbackServer.Response(status, $"<Error><Code>{code}</Code></Error>"),
        },
    };
}
