using System.Security.Cryptography;
using System.Text;
using LocalS3.Protocol;

namespace LocalS3.Signing;

/// <summary>AWS Signature Version 4, written from its specification and not from the module.</summary>
internal static class SigV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public static string CanonicalRequest(
        string method, S3Target target, Func<string, string> header, IReadOnlyList<string> signedHeaders, string payloadHash)
    {
        StringBuilder text = new();
        text.Append(method).Append('\n');
        text.Append(UriText.Encode(UriText.DecodeBytes(target.RawPath), keepSlash: true)).Append('\n');
        text.Append(CanonicalQuery(target.Query)).Append('\n');
        foreach (string name in signedHeaders)
            text.Append(name).Append(':').Append(CanonicalValue(header(name))).Append('\n');
        text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payloadHash);
        return text.ToString();
    }

    public static string StringToSign(string algorithm, string amzDate, string scope, string canonicalRequest) =>
        $"{algorithm}\n{amzDate}\n{scope}\n{HexSha256(Encoding.UTF8.GetBytes(canonicalRequest))}";

    public static byte[] SigningKey(string secretKey, string date, string region, string service)
    {
        byte[] key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secretKey), date);
        key = Hmac(key, region);
        key = Hmac(key, service);
        return Hmac(key, "aws4_request");
    }

    public static string Sign(byte[] signingKey, string stringToSign) => Convert.ToHexStringLower(Hmac(signingKey, stringToSign));

    public static bool AreEqual(string expected, string provided) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(provided));

    public static string HexSha256(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string CanonicalQuery(QueryParameters query)
    {
        IEnumerable<(string Name, string Value)> sorted = query.Pairs
            .Select(p => (Name: Encode(p.Name), Value: Encode(p.Value)))
            .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal);
        return string.Join('&', sorted.Select(p => p.Name + "=" + p.Value));
    }

    private static string Encode(string text) => UriText.Encode(Encoding.UTF8.GetBytes(text), keepSlash: false);

    private static string CanonicalValue(string value)
    {
        StringBuilder text = new(value.Length);
        foreach (char c in value.Trim())
        {
            if (c != ' ' || text.Length == 0 || text[^1] != ' ')
                text.Append(c);
        }
        return text.ToString();
    }
}
