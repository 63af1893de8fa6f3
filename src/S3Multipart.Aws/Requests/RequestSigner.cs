using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// Signature Version 4 in headers (AWS General Reference, "Create a signed AWS API request"). The SDK's own signer works on its request
/// objects only, whose making costs more than all else of a small request.
/// </summary>
internal sealed class RequestSigner
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string AllRegions = "*";

    private readonly Lock _gate = new();
    private volatile DerivedKey? _lastKey;
    private (string AccessKey, string SecretKey, ECDsa Key)? _lastPair;

    /// <summary>Makes the message of a request, signed for this moment.</summary>
    internal HttpRequestMessage Sign(S3Request request, S3Endpoint endpoint, ImmutableCredentials? credentials,
        DateTime now, HttpContent? content)
    {
        string path = endpoint.PathOf(request.Key);
        Uri uri = new(endpoint.Origin + path + (request.Query.Length > 0 ? "?" + request.Query : ""),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        HttpRequestMessage message = new(request.Method, uri) { Content = content };
        string time = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> headers = new(request.Headers.Count + 4);
        headers.AddRange(request.Headers);
        headers.Add(new("x-amz-content-sha256", request.PayloadHash));
        headers.Add(new("x-amz-date", time));
        if (endpoint.Scheme == SigningScheme.AllRegions)
        {
            headers.Add(new("x-amz-region-set", AllRegions));
        }

        if (credentials is { UseToken: true })
        {
            headers.Add(new(endpoint.NeedsSession ? "x-amz-s3session-token" : "x-amz-security-token", credentials.Token));
        }

        foreach ((string name, string value) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                // What describes the body belongs to it; a request without one gets an empty one to hold it.
                message.Content ??= new ByteArrayContent([]);
                _ = message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        _ = message.Headers.TryAddWithoutValidation("User-Agent", UserAgent.Text);
        if (credentials is not null)
        {
            headers.Add(new("host", endpoint.Authority));
            headers.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key));
            _ = message.Headers.TryAddWithoutValidation("Authorization", Authorize(request, path, headers, endpoint, credentials, time));
        }

        return message;
    }

    private string Authorize(
        S3Request request, string path, List<KeyValuePair<string, string>> headers, S3Endpoint endpoint,
        ImmutableCredentials credentials, string time)
    {
        StringBuilder canonical = new(1024);
        _ = canonical.Append(request.Method.Method).Append('\n').Append(path).Append('\n').Append(request.Query);
        _ = canonical.Append(request.Query.Length == 0 || request.Query.Contains('=', StringComparison.Ordinal) ? "\n" : "=\n");
        foreach ((string name, string value) in headers)
        {
            _ = canonical.Append(name).Append(':').Append(Canonical(value)).Append('\n');
        }

        string names = string.Join(';', headers.Select(header => header.Key));
        _ = canonical.Append('\n').Append(names).Append('\n').Append(request.PayloadHash);
        string day = time[..8];
        bool isForAll = endpoint.Scheme == SigningScheme.AllRegions;
        string algorithm = isForAll ? EcdsaSigningKey.Algorithm : Algorithm;
        string scope = isForAll ? $"{day}/{endpoint.Service}/aws4_request" : $"{day}/{endpoint.Region}/{endpoint.Service}/aws4_request";
        string digest = Hex.Of(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
        byte[] text = Encoding.UTF8.GetBytes($"{algorithm}\n{time}\n{scope}\n{digest}");
        string signature = Hex.Of(isForAll
            ? SignForAll(credentials, text)
            : HMACSHA256.HashData(KeyFor(credentials.SecretKey, day, endpoint), text));
        return $"{algorithm} Credential={credentials.AccessKey}/{scope}, SignedHeaders={names}, Signature={signature}";
    }

    private byte[] SignForAll(ImmutableCredentials credentials, byte[] text)
    {
        // .NET does not promise that one key may sign on several threads.
        lock (_gate)
        {
            if (_lastPair is not { } last || last.AccessKey != credentials.AccessKey || last.SecretKey != credentials.SecretKey)
            {
                ECDsa key = EcdsaSigningKey.Derive(credentials.AccessKey, credentials.SecretKey);
                _lastPair = last = (credentials.AccessKey, credentials.SecretKey, key);
            }

            return last.Key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    private byte[] KeyFor(string secret, string day, S3Endpoint endpoint)
    {
        DerivedKey? last = _lastKey;
        if (last is null || last.Secret != secret || last.Day != day || last.Region != endpoint.Region || last.Service != endpoint.Service)
        {
            byte[] key = Encoding.UTF8.GetBytes("AWS4" + secret);
            foreach (string step in (ReadOnlySpan<string>)[day, endpoint.Region, endpoint.Service, "aws4_request"])
            {
                key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
            }

            _lastKey = last = new DerivedKey(secret, day, endpoint.Region, endpoint.Service, key);
        }

        return last.Key;
    }

    /// <summary>A value as it is signed: without the spaces at its ends, which a header loses, and with single ones inside.</summary>
    private static string Canonical(string value)
    {
        value = value.Trim(' ');
        while (value.Contains("  ", StringComparison.Ordinal))
        {
            value = value.Replace("  ", " ", StringComparison.Ordinal);
        }

        return value;
    }

    private sealed class DerivedKey(string secret, string day, string region, string service, byte[] key)
    {
        internal string Secret => secret;

        internal string Day => day;

        internal string Region => region;

        internal string Service => service;

        internal byte[] Key => key;
    }
}
