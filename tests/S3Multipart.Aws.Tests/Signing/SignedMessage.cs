using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using S3Multipart.Aws.Requests;

namespace S3Multipart.Aws.Tests.Signing;

/// <summary>A request as the signer leaves it, read back from the message alone, as a server would.</summary>
internal sealed partial class SignedMessage
{
    internal SignedMessage(string method, string target, IReadOnlyList<(string Name, string Value)> headers)
    {
        Method = method;
        int at = target.IndexOf('?', StringComparison.Ordinal);
        (RawPath, RawQuery) = at < 0 ? (target, "") : (target[..at], target[(at + 1)..]);
        Headers = headers;
        Match match = Pattern().Match(Headers.SingleOrDefault(header => header.Name == "Authorization").Value ?? "");
        IsSigned = match.Success;
        Algorithm = match.Groups["algorithm"].Value;
        AccessKey = match.Groups["key"].Value;
        Scope = match.Groups["scope"].Value;
        SignedHeaders = match.Groups["headers"].Value;
        Signature = match.Groups["signature"].Value;
    }

    internal string Method { get; }

    internal string RawPath { get; }

    internal string RawQuery { get; }

    internal IReadOnlyList<(string Name, string Value)> Headers { get; }

    internal bool IsSigned { get; }

    internal string Algorithm { get; }

    internal string AccessKey { get; }

    internal string Scope { get; }

    internal string SignedHeaders { get; }

    internal string Signature { get; }

    internal static SignedMessage Of(RequestSigner signer, SigningCase signing)
    {
        S3Request request = new(new HttpMethod(signing.Method), "bucket", signing.Key, signing.Query) { PayloadHash = signing.PayloadHash };
        foreach ((string name, string value) in signing.Headers)
        {
            request.Add(name, value);
        }

        S3Endpoint endpoint = new(
            "https://" + signing.Host, signing.Host, signing.BasePath, signing.Region, signing.Service, signing.Scheme);
        ImmutableCredentials? keys = signing.AccessKey is { } accessKey ? new(accessKey, signing.SecretKey, signing.Token) : null;
        DateTime now = DateTime.ParseExact(signing.Time, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        using HttpRequestMessage message = signer.Sign(request, endpoint, keys, now, content: null);
        IEnumerable<KeyValuePair<string, HeaderStringValues>> headers = message.Headers.NonValidated;
        headers = headers.Concat(message.Content?.Headers.NonValidated ?? default);
        // Not RequestUri.PathAndQuery, which is a second look at the text through the class that was told not to touch it.
        string target = message.RequestUri!.OriginalString[$"https://{signing.Host}".Length..];
        return new SignedMessage(
            signing.Method,
            target,
            [("host", signing.Host), .. headers.SelectMany(header => header.Value.Select(value => (header.Key, value)))]);
    }

    internal string? Header(string name) =>
        Headers.SingleOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>What the specification signs of this message.</summary>
    internal string CanonicalRequest()
    {
        string[] signed = SignedHeaders.Split(';');
        IEnumerable<(string Name, string Value)> headers = Headers
            .Where(header => signed.Contains(header.Name.ToLowerInvariant(), StringComparer.Ordinal));
        return Specification.CanonicalRequest(
            Method, Specification.Decode(RawPath), Specification.DecodeQuery(RawQuery), headers, Header("x-amz-content-sha256") ?? "");
    }

    [GeneratedRegex(
        "^(?<algorithm>[A-Z0-9-]+) Credential=(?<key>[^/]+)/(?<scope>[^,]+), "
        + "SignedHeaders=(?<headers>[^,]+), Signature=(?<signature>[0-9a-f]+)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}

/// <summary>What is to be signed, and for whom.</summary>
internal sealed record SigningCase
{
    internal const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    internal string Method { get; init; } = "GET";

    internal string Host { get; init; } = "examplebucket.s3.amazonaws.com";

    internal string BasePath { get; init; } = "";

    internal string Key { get; init; } = "";

    /// <summary>Encoded and sorted by name.</summary>
    internal string Query { get; init; } = "";

    internal IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    internal string PayloadHash { get; init; } = EmptyHash;

    internal string? AccessKey { get; init; } = "AKIAIOSFODNN7EXAMPLE";

    internal string SecretKey { get; init; } = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    internal string? Token { get; init; }

    internal string Region { get; init; } = "us-east-1";

    internal string Service { get; init; } = "s3";

    internal SigningScheme Scheme { get; init; } = SigningScheme.OneRegion;

    internal string Time { get; init; } = "20130524T000000Z";
}
