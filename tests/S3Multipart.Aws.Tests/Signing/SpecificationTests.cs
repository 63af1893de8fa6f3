namespace S3Multipart.Aws.Tests.Signing;

/// <summary>
/// The second implementation is held to AWS's Signature Version 4 test suite (aws-sig-v4-test-suite, IAM User Guide), whose requests are
/// not ones of S3: they have no x-amz-content-sha256, which S3 demands and the module always signs.
/// </summary>
public sealed class SpecificationTests
{
    private const string Time = "20150830T123600Z";
    private const string FormHash = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
    private const string Letters = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static TheoryData<string, string, string, string[], string, string> Suite => new()
    {
        { "get-vanilla", "/", "", [], SigningCase.EmptyHash, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
        { "get-vanilla-query-order-key-case", "/", "Param2=value2&Param1=value1", [], SigningCase.EmptyHash,
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500" },
        { "get-vanilla-empty-query-key", "/", "Param1=value1", [], SigningCase.EmptyHash,
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb" },
        { "get-vanilla-query-order-encoded", "/", "Param-3=Value3&Param=Value2&%E1%88%B4=Value1", [], SigningCase.EmptyHash,
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac" },
        { "get-vanilla-query-unreserved", "/", $"{Letters}={Letters}", [], SigningCase.EmptyHash,
            "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197" },
        { "get-vanilla-utf8-query", "/", "%E1%88%B4=bar", [], SigningCase.EmptyHash,
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04" },
        { "get-unreserved", "/" + Letters, "", [], SigningCase.EmptyHash,
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f" },
        { "get-utf8", "/\u1234", "", [], SigningCase.EmptyHash, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85" },
        { "get-header-value-trim", "/", "", ["My-Header1: value1", "My-Header2: \"a   b   c\""], SigningCase.EmptyHash,
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736" },
        { "get-header-value-order", "/", "",
            ["My-Header1:value4", "My-Header1:value1", "My-Header1:value3", "My-Header1:value2"], SigningCase.EmptyHash,
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01" },
        { "get-vanilla-with-session-token", "/", "",
            ["X-Amz-Security-Token:6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"], SigningCase.EmptyHash,
            "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8" },
        { "post-header-value-case", "/", "", ["My-Header1:VALUE1"], SigningCase.EmptyHash,
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d" },
        { "post-vanilla-query", "/", "Param1=value1", [], SigningCase.EmptyHash,
            "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11" },
        { "post-x-www-form-urlencoded", "/", "", ["Content-Type:application/x-www-form-urlencoded"], FormHash,
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a" },
    };

    [Theory]
    [MemberData(nameof(Suite))]
    public void The_second_implementation_signs_as_the_test_suite(
        string name, string path, string query, string[] headers, string payloadHash, string signature)
    {
        IEnumerable<(string Name, string Value)> all = headers
            .Select(header => header.Split(':', 2))
            .Select(header => (header[0], header[1]))
            .Concat([("Host", "example.amazonaws.com"), ("X-Amz-Date", Time)]);
        string method = name.StartsWith("post", StringComparison.Ordinal) ? "POST" : "GET";
        string canonical = Specification.CanonicalRequest(method, path, Specification.DecodeQuery(query), all, payloadHash);
        string text = Specification.StringToSign("AWS4-HMAC-SHA256", Time, "20150830/us-east-1/service/aws4_request", canonical);
        const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        Assert.Equal(signature, Specification.Signature(Secret, "20150830", "us-east-1", "service", text));
    }
}
