using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Aws.Tests.Signing;

/// <summary>
/// Signature Version 4 a second time, written from its specification (IAM User Guide, "Create a signed AWS API request", and the S3 API
/// Reference, "Signature Calculations for the Authorization Header") step by step and without regard to speed, so that an error would
/// have to be made twice to stay unseen.
/// </summary>
internal static class Specification
{
    internal static string CanonicalRequest(
        string method,
        string path,
        IEnumerable<(string Name, string Value)> query,
        IEnumerable<(string Name, string Value)> headers,
        string payloadHash)
    {
        IEnumerable<string> parameters = query
            .Select(parameter => (Name: Encode(parameter.Name, keepsSlash: false), Value: Encode(parameter.Value, keepsSlash: false)))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
            .Select(parameter => parameter.Name + "=" + parameter.Value);
        List<(string Name, string Value)> sorted = Sorted(headers);
        return method + "\n"
            + Encode(path, keepsSlash: true) + "\n"
            + string.Join('&', parameters) + "\n"
            + string.Concat(sorted.Select(header => header.Name + ":" + header.Value + "\n")) + "\n"
            + SignedHeaders(headers) + "\n"
            + payloadHash;
    }

    internal static string SignedHeaders(IEnumerable<(string Name, string Value)> headers) =>
        string.Join(';', Sorted(headers).Select(header => header.Name));

    internal static string StringToSign(string algorithm, string time, string scope, string canonicalRequest) =>
        algorithm + "\n" + time + "\n" + scope + "\n" + Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));

    internal static string Signature(string secret, string day, string region, string service, string stringToSign)
    {
        byte[] dateKey = Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), day);
        byte[] dateRegionKey = Hmac(dateKey, region);
        byte[] dateRegionServiceKey = Hmac(dateRegionKey, service);
        byte[] signingKey = Hmac(dateRegionServiceKey, "aws4_request");
        return Hex(Hmac(signingKey, stringToSign));
    }

    /// <summary>The specification's UriEncode(): every byte of the UTF-8 text but the unreserved characters.</summary>
    internal static string Encode(string text, bool keepsSlash)
    {
        StringBuilder encoded = new();
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            char character = (char)octet;
            bool isUnreserved = character is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.' or '_' or '~';
            _ = isUnreserved || (keepsSlash && character == '/')
                ? encoded.Append(character)
                : encoded.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>What a server reads from a path or a query, in which a plus sign is a plus sign.</summary>
    internal static string Decode(string encoded)
    {
        List<byte> bytes = [];
        for (int i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%')
            {
                bytes.Add(Convert.ToByte(encoded.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add(checked((byte)encoded[i]));
            }
        }

        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
    }

    internal static IEnumerable<(string Name, string Value)> DecodeQuery(string query) =>
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(parameter =>
        {
            int at = parameter.IndexOf('=', StringComparison.Ordinal);
            return at < 0 ? (Decode(parameter), "") : (Decode(parameter[..at]), Decode(parameter[(at + 1)..]));
        });

    /// <summary>Names in small letters and sorted; values without outer spaces, inner ones single, those of one name joined.</summary>
    private static List<(string Name, string Value)> Sorted(IEnumerable<(string Name, string Value)> headers) =>
    [
        .. headers
            .GroupBy(header => Lower(header.Name), header => WithSingleSpaces(header.Value))
            .Select(group => (group.Key, string.Join(',', group)))
            .OrderBy(header => header.Key, StringComparer.Ordinal),
    ];

    private static string WithSingleSpaces(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Lower(string name) => string.Concat(name.Select(c => c is >= 'A' and <= 'Z' ? (char)(c + 32) : c));

    private static string Hex(byte[] bytes) => string.Concat(bytes.Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));

    private static byte[] Hmac(byte[] key, string text)
    {
        using HMACSHA256 hmac = new(key);
        return hmac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }
}
