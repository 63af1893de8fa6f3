using System.Globalization;
using System.Text.RegularExpressions;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Operations;

/// <summary>What responses to several operations have, and how it is read.</summary>
internal static partial class ResponseFields
{
    internal static AppliedEncryption EncryptionOf(S3Response response) => new()
    {
        Method = response.Header("x-amz-server-side-encryption")
            ?? (response.Header("x-amz-server-side-encryption-customer-algorithm") is null ? null : EncryptionInput.SseC),
        KmsKeyId = response.Header("x-amz-server-side-encryption-aws-kms-key-id"),
        KmsContext = response.Header("x-amz-server-side-encryption-context"),
        BucketKeyEnabled = bool.TryParse(response.Header("x-amz-server-side-encryption-bucket-key-enabled"), out bool enabled)
            ? enabled : null,
        CustomerKeyMD5 = response.Header("x-amz-server-side-encryption-customer-key-md5"),
    };

    internal static (DateTime? Date, string? RuleId) ExpirationOf(S3Response response) =>
        Expiration().Match(response.Header("x-amz-expiration") ?? "") is { Success: true } match
            ? (DateOf(match.Groups["date"].Value), Uri.UnescapeDataString(match.Groups["rule"].Value)) : (null, null);

    internal static DateTime? DateOf(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
            out DateTime date) ? date : null;

    /// <summary>The checksum among those that a response may have; of several the one of the wanted algorithm.</summary>
    internal static (string? Algorithm, string? Checksum) ChecksumOf(Func<string, string?> find, string? wanted = null) =>
        ChecksumAlgorithms.All
            .OrderByDescending(algorithm => algorithm == wanted)
            .Select(algorithm => ((string?)algorithm, find(algorithm)))
            .FirstOrDefault(found => found.Item2 is not null);

    internal static ListedAccount? AccountOf(ResponseElement parent, string role) =>
        parent.Child(role) is { } who ? new ListedAccount(who.Text("ID"), who.Text("DisplayName")) : null;

    /// <summary>Ceph sends the ETag of a copied part without the quotes that belong to it.</summary>
    internal static string Quoted(string etag) => etag.StartsWith('"') ? etag : $"\"{etag}\"";

    [GeneratedRegex("""expiry-date="(?<date>[^"]*)",\s*rule-id="(?<rule>[^"]*)""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Expiration();
}
