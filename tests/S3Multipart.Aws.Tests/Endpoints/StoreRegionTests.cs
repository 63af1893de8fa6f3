using S3Multipart.Aws.Tests.Wire;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Endpoints;

/// <summary>The Region that another store wants requests to be signed for.</summary>
public sealed class StoreRegionTests
{
    [Theory]
    [InlineData("https://s3.us-west-004.backblazeb2.com", "us-west-004")]
    [InlineData("https://bucket.s3.eu-central-003.backblazeb2.com/", "eu-central-003")]
    [InlineData("https://s3.eu-central-1.wasabisys.com", "eu-central-1")]
    [InlineData("https://s3.fr-par.scw.cloud", "fr-par")]
    [InlineData("https://s3.gra.io.cloud.ovh.net", "gra")]
    [InlineData("https://s3.de.cloud.ovh.net", "de")]
    [InlineData("https://s3.eu-west-par.perf.cloud.ovh.net", "eu-west-par")]
    [InlineData("https://nyc3.digitaloceanspaces.com", "nyc3")]
    [InlineData("https://bucket.FRA1.digitaloceanspaces.com", "fra1")]
    [InlineData("https://0123456789abcdef.r2.cloudflarestorage.com", "auto")]
    [InlineData("https://0123456789abcdef.eu.r2.cloudflarestorage.com", "auto")]
    [InlineData("https://s3.wasabisys.com", "sa-east-1")]
    [InlineData("https://storage.googleapis.com", "sa-east-1")]
    [InlineData("https://s3.fr-par.scw.cloud.example", "sa-east-1")]
    [InlineData("http://127.0.0.1:9000", "sa-east-1")]
    public void Is_in_the_host_of_some_and_goes_before_that_of_the_session(string endpoint, string region)
    {
        S3Connection connection = Connect(endpoint, given: null);
        Assert.Equal(region, connection.Region);
        Assert.False(connection.IsRegionGuessed);
        Assert.Equal(region, connection.Inheritable.Region);
    }

    [Fact]
    public void Is_the_one_that_was_given()
    {
        Assert.Equal("eu-west-1", Connect("https://s3.us-west-004.backblazeb2.com", given: "eu-west-1").Region);
    }

    [Theory]
    [InlineData("garage", 2)]
    [InlineData("not a region", 1)]
    [InlineData("eu-west-1", 1)]
    public async Task Is_that_of_its_refusal_which_is_followed_once_and_remembered(string named, int requests)
    {
        await using LoopbackServer server = new()
        {
            Respond = request => request.Header("Authorization")!.Contains("/garage/s3/", StringComparison.Ordinal)
                ? "HTTP/1.1 204 No Content\r\n\r\n"
                : LoopbackServer.Response(
                    400, $"<Error><Code>AuthorizationHeaderMalformed</Code><Region>{named}</Region></Error>"),
        };
        IObjectStore store = Stores.At(server.Url);
        if (requests == 1)
        {
            _ = await Assert.ThrowsAnyAsync<S3ServiceException>(AbortAsync);
            _ = Assert.Single(server.Requests);
            return;
        }

        await AbortAsync();
        Assert.Equal(requests, server.Requests.Count);
        await AbortAsync();
        Assert.Equal(requests + 1, server.Requests.Count);

        Task AbortAsync() => store.AbortMultipartUploadAsync(Stores.Target, null, TestContext.Current.CancellationToken);
    }

    private static S3Connection Connect(string endpoint, string? given) => new AwsEngine().Connect(new ConnectionSettings
    {
        Keys = new AwsKeys(Stores.AccessKey, Stores.SecretKey, null),
        Region = given,
        SessionRegion = "sa-east-1",
        EndpointUrl = endpoint,
    });
}
