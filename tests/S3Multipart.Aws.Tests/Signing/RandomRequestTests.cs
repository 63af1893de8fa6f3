using System.Security.Cryptography;
using System.Text;
using CsCheck;
using S3Multipart.Aws.Requests;

namespace S3Multipart.Aws.Tests.Signing;

/// <summary>Requests of all kinds, each read back from its message and signed a second time by <see cref="Specification"/>.</summary>
public sealed class RandomRequestTests
{
    private const int Count = 1000;

    private static readonly Gen<string> s_pieces = Gen.OneOf(
        "a", "Z", "0", "-", ".", "_", "~", "/", "//", "..", "./", " ", "  ", "+", "%", "%20", "%2F", "?", "#", "&", "=", ";", ":", "@",
        "!", "$", "'", "(", ")", "*", ",", "[", "]", "{", "}", "<", ">", "\"", "\\", "^", "`", "|", "\t", "\n", "\u0001", "\u007f",
        "\u00e9", "e\u0301", "ß", "ǆ", "日本", "\u200b", "\u202e", "\ufeff", "\uffff", "😀", "👨‍👩‍👧");

    private static readonly Gen<string> s_text = s_pieces.Array[0, 12].Select(string.Concat);

    // The order of parameters is the module's own: by name, and each name once.
    private static readonly Gen<(string Name, string Value)[]> s_query = Gen
        .OneOf(
            "uploads", "uploadId", "partNumber", "prefix", "delimiter", "key-marker", "upload-id-marker", "encoding-type", "versionId",
            "x-id", "Z")
        .Array[0, 6]
        .SelectMany(names => s_text.Array[names.Length]
            .Select(values => names.Zip(values).DistinctBy(pair => pair.First).ToArray()));

    private static readonly Gen<string> s_headerValue = Gen
        .OneOf("a", "B", "1", " ", "  ", "   ", "=", ";", ",", "\"", "/", "+", "?=", "=?UTF-8?B?w6k=?=", ":")
        .Array[0, 8]
        .Select(string.Concat);

    private static readonly Gen<(string Name, string Value)[]> s_headers = Gen
        .OneOf(
            "cache-control", "content-type", "content-md5", "expires", "if-match", "range", "x-amz-acl", "x-amz-meta-a", "x-amz-meta-a-b",
            "x-amz-tagging")
        .Array[0, 8]
        .SelectMany(names => s_headerValue.Array[names.Length]
            .Select(values => names.Zip(values).DistinctBy(pair => pair.First).ToArray()));

    private static readonly Gen<SigningCase> s_cases = Gen.Select(
        Gen.Select(Gen.OneOf("GET", "PUT", "POST", "DELETE", "HEAD"), s_text, s_query, s_headers),
        Gen.Select(
            Gen.OneOf("", "/bucket", "/a%20bucket", "/bucket.with.dots"),
            Gen.OneOf("s3.us-east-1.amazonaws.com", "localhost:9000", "[::1]:9000")),
        Gen.Select(
            Gen.OneOf<string?>(null, "", "token", "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJ+/=="),
            Gen.OneOf("us-east-1", "cn-north-1", "auto", ""),
            Gen.OneOf("s3", "s3express", "s3-outposts"),
            Gen.OneOf(SigningScheme.OneRegion, SigningScheme.Session)),
        Gen.OneOf(SigningCase.EmptyHash, "UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        (request, place, keys, hash) => new SigningCase
        {
            Method = request.Item1,
            Key = request.Item2,
            Query = QueryOf(request.Item3),
            Headers = request.Item4,
            BasePath = place.Item1,
            Host = place.Item2,
            Token = keys.Item1,
            Region = keys.Item2,
            Service = keys.Item3,
            Scheme = keys.Item4,
            PayloadHash = hash,
        });

    [Fact]
    public void Every_request_has_the_signature_of_the_specification()
    {
        RequestSigner signer = new();
        s_cases.Holds(
            signing =>
            {
                SignedMessage message = SignedMessage.Of(signer, signing);
                string scope = $"20130524/{signing.Region}/{signing.Service}/aws4_request";
                string text = Specification.StringToSign("AWS4-HMAC-SHA256", signing.Time, scope, message.CanonicalRequest());
                Assert.Equal(scope, message.Scope);
                string signature = Specification.Signature(signing.SecretKey, "20130524", signing.Region, signing.Service, text);
                Assert.Equal(signature, message.Signature);
            },
            Count);
    }

    [Fact]
    public void A_server_reads_the_key_and_the_query_that_were_meant() => s_cases.Holds(
        signing =>
        {
            SignedMessage message = SignedMessage.Of(new RequestSigner(), signing);
            Assert.Equal(signing.BasePath + "/" + Specification.Encode(signing.Key, keepsSlash: true), message.RawPath);
            Assert.Equal(signing.Query, message.RawQuery);
        },
        Count);

    [Fact]
    public void Every_header_is_sent_as_it_was_given_and_signed() => s_cases.Holds(
        signing =>
        {
            SignedMessage message = SignedMessage.Of(new RequestSigner(), signing);
            string tokenHeader = signing.Scheme == SigningScheme.Session ? "x-amz-s3session-token" : "x-amz-security-token";
            string[] names = [.. signing.Headers.Select(header => header.Name), "host", "x-amz-content-sha256", "x-amz-date"];
            IEnumerable<string> signed = string.IsNullOrEmpty(signing.Token) ? names : names.Append(tokenHeader);
            Assert.Equal(string.Join(';', signed.Order(StringComparer.Ordinal)), message.SignedHeaders);
            Assert.All(signing.Headers, header => Assert.Equal(header.Value, message.Header(header.Name)));
            Assert.Equal(string.IsNullOrEmpty(signing.Token) ? null : signing.Token, message.Header(tokenHeader));
        },
        Count);

    [Fact]
    public void A_request_without_credentials_is_not_signed()
    {
        SignedMessage message = SignedMessage.Of(new RequestSigner(), new SigningCase { Key = "a b", AccessKey = null });
        Assert.False(message.IsSigned);
        Assert.Equal("/a%20b", message.RawPath);
        Assert.DoesNotContain(message.Headers, header => header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void One_signer_serves_other_secrets_days_Regions_and_services_in_turn()
    {
        RequestSigner signer = new();
        SigningCase first = new();
        SigningCase[] others =
        [
            first,
            first with { SecretKey = "another" },
            first with { Time = "20130525T000000Z" },
            first with { Region = "eu-west-1" },
            first with { Service = "s3express" },
            first,
        ];
        Assert.All(
            others,
            signing => Assert.Equal(SignedMessage.Of(new RequestSigner(), signing).Signature, SignedMessage.Of(signer, signing).Signature));
        Assert.Equal(5, others.Select(signing => SignedMessage.Of(signer, signing).Signature).Distinct().Count());
    }

    [Fact]
    public void One_signer_may_serve_many_threads_with_two_secrets()
    {
        RequestSigner signer = new();
        SigningCase[] cases = [new() { SecretKey = "one" }, new() { SecretKey = "other" }];
        string[] expected = [.. cases.Select(signing => SignedMessage.Of(new RequestSigner(), signing).Signature)];
        Parallel.For(0, 2000, i => Assert.Equal(expected[i % 2], SignedMessage.Of(signer, cases[i % 2]).Signature));
    }

    [Fact]
    public void The_hash_of_nothing_is_that_of_an_empty_body() =>
        Assert.Equal(SigningCase.EmptyHash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(""))));

    private static string QueryOf((string Name, string Value)[] query) => string.Join('&', query
        .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
        .Select(parameter => Encoded(parameter.Name) + "=" + Encoded(parameter.Value)));

    private static string Encoded(string text) => Specification.Encode(text, keepsSlash: false);
}
