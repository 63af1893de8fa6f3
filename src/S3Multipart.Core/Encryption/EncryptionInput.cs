using System.Text;
using System.Text.Json;

namespace S3Multipart.Core.Encryption;

/// <summary>The server-side encryption requested at Create. Nothing but the customer key is said again on later requests.</summary>
internal sealed record EncryptionInput
{
    internal const string SseS3 = "AES256";
    internal const string SseKms = "aws:kms";
    internal const string DsseKms = "aws:kms:dsse";
    internal const string SseC = "SSE-C";

    /// <summary>AES256, aws:kms or aws:kms:dsse; null for the bucket's default and for a customer key.</summary>
    internal string? Method { get; init; }

    /// <summary>The KMS key's id, ARN or alias; null for the managed key aws/s3.</summary>
    internal string? KmsKeyId { get; init; }

    /// <summary>The KMS encryption context as the header has it: base64 of the UTF-8 JSON of an object of strings.</summary>
    internal string? KmsContext { get; init; }

    internal bool? BucketKeyEnabled { get; init; }

    internal SseCustomerKey? CustomerKey { get; init; }

    /// <summary>True when what is sent, or what S3 does with it, requires TLS.</summary>
    internal bool NeedsTls => CustomerKey is not null || Method is SseKms or DsseKms;

    internal static string MakeKmsContext(IReadOnlyDictionary<string, string> context) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(new SortedDictionary<string, string>(context.ToDictionary(), StringComparer.Ordinal))));
}
