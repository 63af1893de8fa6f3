using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Errors;

namespace S3Multipart.Core.Engine;

/// <summary>What an ETag says of the bytes behind it.</summary>
internal static partial class ETags
{
    /// <summary>True where no ETag is an MD5: under KMS and customer keys, and in directory buckets.</summary>
    /// <param name="bucketName">The bucket.</param>
    /// <param name="encryption">The encryption that the response with the ETag named.</param>
    /// <param name="customerKey">The customer key that the request had, for stores that name no encryption.</param>
    internal static bool AreOpaque(string bucketName, string? encryption, SseCustomerKey? customerKey = null) =>
        customerKey is not null
        || BucketAddress.Parse(bucketName).Type == BucketType.Directory
        || encryption is not (null or EncryptionInput.SseS3);

    /// <summary>The MD5 in hex that an ETag has the form of; else null.</summary>
    internal static string? MD5Of(string etag) => etag.Trim('"') is { Length: 32 } bare && bare.All(char.IsAsciiHexDigit) ? bare : null;

    /// <summary>The ETag of an object of parts whose ETags are their MD5s: the MD5 of these, and the number of parts. Else null.</summary>
    internal static string? OfParts(IReadOnlyList<StoredPart> parts)
    {
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (StoredPart part in parts)
        {
            if (part.MD5 is null)
            {
                return null;
            }

            md5.AppendData(Convert.FromHexString(part.MD5));
        }

        return Failure.Invariant($"\"{Convert.ToHexStringLower(md5.GetHashAndReset())}-{parts.Count}\"");
    }

    /// <summary>The number of parts that the ETag of an object names behind its dash; null where it has not that form.</summary>
    internal static int? PartCountOf(string etag) => Multipart().Match(etag) is { Success: true } match
        ? int.Parse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
        : null;

    internal static bool AreEqual(string one, string other) => one.Trim('"').Equals(other.Trim('"'), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""^"?[0-9A-Fa-f]{32}-(?<count>[0-9]{1,5})"?$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Multipart();
}
