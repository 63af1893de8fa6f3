using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>What finds uploads in buckets that nobody has named: the list of buckets, and the rules of each that abort uploads.</summary>
public sealed class BucketRequestTests
{
    private const string Abort =
        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>";

    [Fact]
    public async Task Buckets_are_requested_in_pages_so_that_Amazon_tells_their_Regions()
    {
        await using LoopbackServer server = new()
        {
            Respond = request => LoopbackServer.Response(200, request.Target.Contains("token", StringComparison.Ordinal)
                ? "<ListAllMyBucketsResult><Buckets><Bucket><Name>b2</Name></Bucket></Buckets></ListAllMyBucketsResult>"
                : "<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>b1</Name><CreationDate>2026-01-01T00:00:00.000Z"
                    + "</CreationDate><BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets>"
                    + "<ContinuationToken>a/+=</ContinuationToken></ListAllMyBucketsResult>"),
        };
        IObjectStore store = Stores.At(server.Url);
        BucketPage first = await store.ListBucketsAsync(null, CancellationToken.None);
        BucketPage last = await store.ListBucketsAsync(first.NextMarker, CancellationToken.None);
        Assert.Equal([new ListedBucket("b1", "eu-west-1"), new ListedBucket("b2", null)], first.Buckets.Concat(last.Buckets));
        Assert.Equal(("a/+=", null), (first.NextMarker, last.NextMarker));
        Assert.Equal(["/?max-buckets=1000", "/?continuation-token=a%2F%2B%3D&max-buckets=1000"],
            server.Requests.Select(request => request.Target));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html/>")]
    [InlineData("<ListBucketResult><Name>b</Name></ListBucketResult>")]
    [InlineData("<ListAllMyBucketsResult/>")]
    [InlineData("<ListAllMyBucketsResult><Buckets><Bucket><CreationDate/></Bucket></Buckets></ListAllMyBucketsResult>")]
    public async Task A_document_that_is_no_list_of_buckets_is_no_empty_account(string body)
    {
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(200, body) };
        S3MultipartException refused = await Assert.ThrowsAsync<S3MultipartException>(
            () => Stores.At(server.Url).ListBucketsAsync(null, CancellationToken.None));
        Assert.Equal(FailureIds.ResponseInvalid, refused.ErrorId);
    }

    [Theory]
    // What each rule says, and whether it is for a/1 and for b/1.
    [InlineData("<Filter/>", true, true)]
    [InlineData("<Filter><Prefix/></Filter>", true, true)]
    [InlineData("<Filter><Prefix>a/</Prefix></Filter>", true, false)]
    [InlineData("<Prefix>a/</Prefix>", true, false)]
    [InlineData("<Prefix/>", true, true)]
    [InlineData("", true, true)]
    [InlineData("<Filter><And><Prefix>b/</Prefix></And></Filter>", false, true)]
    [InlineData("<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>", false, false)]
    [InlineData("<Filter><And><Prefix>a/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>", false, false)]
    [InlineData("<Filter><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></Filter>", false, false)]
    public async Task A_rule_aborts_what_its_prefix_names_and_nothing_by_a_condition_that_an_upload_does_not_show(
        string filter, bool isForFirst, bool isForSecond)
    {
        AbortRules? rules = await ReadAsync($"<Rule><ID>r</ID>{filter}<Status>Enabled</Status>{Abort}</Rule>");
        Assert.Equal((isForFirst, isForSecond), (rules!.Include("a/1"), rules.Include("b/1")));
    }

    [Theory]
    [InlineData("<Rule><Filter/><Status>Disabled</Status>" + Abort + "</Rule>", false)]
    [InlineData("<Rule><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>", false)]
    [InlineData("<Rule><Filter/><Status>Disabled</Status>" + Abort + "</Rule><Rule><Filter/><Status>Enabled</Status>" + Abort + "</Rule>",
        true)]
    public async Task Only_an_enabled_rule_that_aborts_counts(string rules, bool expected) =>
        Assert.Equal(expected, (await ReadAsync(rules))!.Include("a/1"));

    [Fact]
    public async Task Rules_of_another_maker_are_not_known()
    {
        Assert.Null(await ReadAsync(
            "<Rule><Action><AbortIncompleteMultipartUpload/></Action><Condition><Age>7</Age></Condition></Rule>"));
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(200, "<ListBucketResult/>") };
        Assert.Null(await Stores.At(server.Url).GetAbortRulesAsync("bucket", CancellationToken.None));
    }

    [Fact]
    public async Task A_bucket_without_a_lifecycle_has_no_rule()
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => LoopbackServer.Response(404, "<Error><Code>NoSuchLifecycleConfiguration</Code></Error>"),
        };
        Assert.Empty((await Stores.At(server.Url).GetAbortRulesAsync("bucket", CancellationToken.None))!.Prefixes);
        Assert.Equal("/bucket/?lifecycle=", Assert.Single(server.Requests).Target);
    }

    [Theory]
    [InlineData("MinIO", "o", true)]
    [InlineData("nginx", "02d6176db174dc93cb1b899f7c6078f08654445fe8cf1b6ce98d8855f66bdbf4", true)]
    [InlineData("nginx", "o", false)]
    public async Task A_store_that_lists_exact_keys_alone_is_known_by_its_name_or_by_the_owner_of_its_buckets(
        string server, string owner, bool expected)
    {
        await using LoopbackServer store = new()
        {
            Respond = request => LoopbackServer.Response(200, request.Target.Contains("uploads", StringComparison.Ordinal)
                ? "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>"
                : $"<ListAllMyBucketsResult><Owner><ID>{owner}</ID></Owner><Buckets/></ListAllMyBucketsResult>", $"Server: {server}"),
        };
        IObjectStore at = Stores.At(store.Url);
        _ = await at.ListBucketsAsync(null, CancellationToken.None);
        UploadPage page = await at.ListMultipartUploadsAsync(new UploadQuery { BucketName = "bucket" }, CancellationToken.None);
        Assert.Equal(expected, page.IsPartial);
    }

    private static async Task<AbortRules?> ReadAsync(string rules)
    {
        await using LoopbackServer server = new()
        {
            Respond = _ => LoopbackServer.Response(200, $"<LifecycleConfiguration>{rules}</LifecycleConfiguration>"),
        };
        return await Stores.At(server.Url).GetAbortRulesAsync("bucket", CancellationToken.None);
    }
}
