using CsCheck;
using S3Multipart.Aws.Tests.Signing;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Wire;

/// <summary>Whole requests as they arrive, with the path, the query and the headers that the connection has sent.</summary>
public sealed class SignedOnTheWireTests
{
    private static readonly Gen<string> s_text = Gen
        .OneOf(
            "a", "é", "日本", "😀", " ", "  ", "+", "%", "%41", "/", "//", "/../", "/./", "?", "#", "&",
            "=", "~", "'", "\\", "\"", "\t", "\u0001")
        .Array[0, 10]
        .Select(pieces => "k" + string.Concat(pieces));

    [Theory]
    [InlineData(null)]
    [InlineData("session/token+==")]
    public async Task The_server_finds_the_signature_of_the_specification_over_what_arrived(string? token)
    {
        await using LoopbackServer server = new() { Respond = _ => LoopbackServer.Response(404) };
        IObjectStore store = Stores.At(server.Url, token: token);
        s_text.Holds(
            text =>
            {
                Ask(() => store.CreateMultipartUploadAsync(new CreateInput { BucketName = "bucket", Key = text }, CancellationToken.None));
                Ask(() => store.ListPartsAsync(new UploadTarget("bucket", text, text), 5, CancellationToken.None));
                Ask(() => store.ListMultipartUploadsAsync(
                    new UploadQuery { BucketName = "bucket", Prefix = text, Delimiter = "/", KeyMarker = text, UploadIdMarker = text },
                    CancellationToken.None));
                (string Path, string Query)[] expected =
                [
                    ("/bucket/" + text, "uploads"),
                    ("/bucket/" + text, $"part-number-marker=5&uploadId={Encoded(text)}"),
                    ("/bucket/", $"delimiter=%2F&encoding-type=url&key-marker={Encoded(text)}&prefix={Encoded(text)}"
                        + $"&upload-id-marker={Encoded(text)}&uploads="),
                ];
                foreach ((string path, string query) in expected)
                {
                    Assert.True(server.Requests.TryDequeue(out Received? received));
                    Assert.Equal(Specification.Encode(path, keepsSlash: true) + "?" + query, received.Target);
                    Check(received, token);
                }
            },
            count: 60);
    }

    private static void Ask(Func<Task> request) => Assert.ThrowsAny<S3ServiceException>(() => request().GetAwaiter().GetResult());

    private static string Encoded(string text) => Specification.Encode(text, keepsSlash: false);

    private static void Check(Received received, string? token)
    {
        SignedMessage message = new(received.Method, received.Target, received.Headers);
        Assert.Equal(token, message.Header("x-amz-security-token"));
        string time = message.Header("x-amz-date")!;
        string scope = time[..8] + "/eu-west-1/s3/aws4_request";
        string text = Specification.StringToSign("AWS4-HMAC-SHA256", time, scope, message.CanonicalRequest());
        Assert.Equal(scope, message.Scope);
        Assert.Equal(Specification.Signature(Stores.SecretKey, time[..8], "eu-west-1", "s3", text), message.Signature);
        // S3 takes no request whose x-amz- headers are not signed.
        Assert.All(
            received.Headers.Select(header => header.Name).Where(name => name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)),
            name => Assert.Contains(name, message.SignedHeaders.Split(';'), StringComparer.OrdinalIgnoreCase));
    }
}
