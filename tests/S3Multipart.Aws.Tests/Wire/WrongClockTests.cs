using System.Globalization;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>A machine whose clock is wrong: a store refuses the time of a request and tells its own.</summary>
public sealed class WrongClockTests
{
    private const string Session = "<CreateSessionResult><Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        + "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>";

    private const string Created = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";

    [Theory]
    [InlineData("bucket", 2)]
    [InlineData("d--usw2-az1--x-s3", 3)]
    public async Task What_was_refused_is_sent_again_with_the_time_of_the_store(string bucket, int requests)
    {
        await using LoopbackServer server = new() { Respond = request => Respond(request, TimeSpan.FromHours(2)) };
        CreateInput input = new() { BucketName = bucket, Key = "k" };
        CreatedUpload created = await Stores.At(server.Url).CreateMultipartUploadAsync(input, TestContext.Current.CancellationToken);
        Assert.Equal("u", created.UploadId);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Theory]
    [InlineData("bucket", -48)]
    [InlineData("bucket", 48)]
    [InlineData("bucket", 24 * 365 * 7000)]
    [InlineData("d--usw2-az1--x-s3", 24 * 365 * 7000)]
    public async Task A_time_that_is_a_day_away_is_not_believed_and_spoils_nothing(string bucket, int hours)
    {
        await using LoopbackServer server = new() { Respond = request => Respond(request, TimeSpan.FromHours(hours)) };
        CreateInput input = new() { BucketName = bucket, Key = "k" };
        IObjectStore store = Stores.At(server.Url);
        S3ServiceException refused = await Assert.ThrowsAsync<S3ServiceException>(
            () => store.CreateMultipartUploadAsync(input, TestContext.Current.CancellationToken));
        Assert.Equal("RequestTimeTooSkewed", refused.ErrorCode);
        _ = Assert.Single(server.Requests);
        server.Respond = request => Respond(request, TimeSpan.Zero);
        Assert.Equal("u", (await store.CreateMultipartUploadAsync(input, TestContext.Current.CancellationToken)).UploadId);
    }

    /// <summary>A store whose clock is so far ahead, and that wants requests within 15 minutes of it.</summary>
    private static string Respond(Received request, TimeSpan ahead)
    {
        DateTime now = DateTime.UtcNow + ahead;
        DateTime signed = DateTime.ParseExact(
            request.Header("x-amz-date")!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        return (now - signed).Duration() > TimeSpan.FromMinutes(15)
            ? LoopbackServer.Response(
                403,
                "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>",
                "Date: " + now.ToString("R", CultureInfo.InvariantCulture))
            : LoopbackServer.Response(200, request.Target.Contains("session", StringComparison.Ordinal) ? Session : Created);
    }
}
