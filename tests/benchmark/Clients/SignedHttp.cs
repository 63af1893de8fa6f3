using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace S3Multipart.Benchmark;

/// <summary>A plain HttpClient whose requests carry a Signature Version 4 with an unsigned payload.</summary>
internal sealed class SignedHttp(Uri endpoint) : IDisposable
{
    private const string Payload = "UNSIGNED-PAYLOAD";

    private readonly ConcurrentDictionary<string, byte[]> _keys = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends one request. The query is sorted and escaped already, and the x-amz headers are in their order.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string query, HttpContent? content, params (string Name, string Value)[] headers)
    {
        string date = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string escaped = Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal);
        SortedDictionary<string, string> signed = new(StringComparer.Ordinal)
        {
            ["host"] = endpoint.Authority,
            ["x-amz-content-sha256"] = Payload,
            ["x-amz-date"] = date,
        };
        foreach ((string name, string value) in headers)
        {
            signed[name] = value;
        }

        HttpRequestMessage request =
            new(method, new Uri($"{endpoint.Scheme}://{endpoint.Authority}{escaped}?{query}")) { Content = content };
        foreach ((string name, string value) in signed)
        {
            if (name != "host")
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.TryAddWithoutValidation("Authorization", Sign(method, escaped, query, date, signed));
        using (request)
        {
            HttpResponseMessage response = await _http.SendAsync(request);
            return response.IsSuccessStatusCode
                ? response
                : throw new HttpRequestException(
                    $"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    public void Dispose() => _http.Dispose();

    private string Sign(HttpMethod method, string path, string query, string date, SortedDictionary<string, string> signed)
    {
        StringBuilder canonical = new($"{method}\n{path}\n{query}\n");
        foreach ((string name, string value) in signed)
        {
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        string names = string.Join(';', signed.Keys);
        canonical.Append('\n').Append(names).Append('\n').Append(Payload);
        string day = date[..8];
        string scope = $"{day}/{UploadOptions.Region}/s3/aws4_request";
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
        byte[] key = _keys.GetOrAdd(day, KeyOf);
        string signature = Convert.ToHexStringLower(Hmac(key, $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hash}"));
        return $"AWS4-HMAC-SHA256 Credential={UploadOptions.AccessKey}/{scope}, SignedHeaders={names}, Signature={signature}";
    }

    private static byte[] KeyOf(string day)
    {
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + UploadOptions.SecretKey);
        foreach (string step in new[] { day, UploadOptions.Region, "s3", "aws4_request" })
        {
            key = Hmac(key, step);
        }

        return key;
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
