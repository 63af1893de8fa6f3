using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Headers;

/// <summary>Reads, checks and writes the encryption headers.</summary>
internal static class EncryptionHeaders
{
    private const string Sse = "x-amz-server-side-encryption";
    private const string Copy = "x-amz-copy-source-server-side-encryption";

    /// <summary>The encryption that was requested; null if the bucket decides.</summary>
    public static Encryption? Read(S3Request request, BucketRecord bucket)
    {
        string? algorithm = request.Header(Sse);
        string? keyId = request.Header(Sse + "-aws-kms-key-id");
        string? context = request.Header(Sse + "-context");
        bool? bucketKey = ReadBucketKey(request);
        string? customerKey = CustomerKeyHash(request, Sse);
        if (customerKey is not null)
        {
            if (algorithm is not null)
            {
                throw S3Errors.InvalidArgument(
                    "Server Side Encryption with Customer provided key is incompatible with the encryption method specified",
                    Sse, algorithm);
            }
            if (bucket.BlocksCustomerKeys)
            {
                throw S3Errors.AccessDenied(
                    "Access Denied because server-side encryption with customer-provided keys (SSE-C) is blocked for this bucket");
            }
            return new Encryption { CustomerKeyHash = customerKey };
        }
        if (algorithm is not (null or Encryption.Aes256 or Encryption.Kms or Encryption.KmsDsse))
            throw S3Errors.InvalidArgument("The encryption method specified is not supported", Sse, algorithm);
        if (algorithm is null or Encryption.Aes256)
        {
            if (keyId is not null || context is not null)
            {
                throw S3Errors.InvalidArgument(
                    $"Server Side Encryption with AWS KMS managed key requires HTTP header {Sse} : aws:kms", Sse, algorithm ?? "null");
            }
            return algorithm is not null ? Encryption.Default
                : bucketKey is true ? (bucket.DefaultEncryption ?? Encryption.Default) with { BucketKeyEnabled = true } : null;
        }
        if (algorithm == Encryption.KmsDsse && bucketKey is true)
            throw S3Errors.InvalidArgument("S3 Bucket Keys are not supported with DSSE-KMS.", Sse + "-bucket-key-enabled", "true");
        CheckContext(context);
        return new Encryption
        {
            Algorithm = algorithm,
            KmsKeyId = KmsKeyArn(keyId, bucket),
            Context = context,
            BucketKeyEnabled = bucketKey ?? (algorithm == Encryption.Kms && bucket.DefaultEncryption?.BucketKeyEnabled == true),
        };
    }

    /// <summary>The hash of the customer's key in the request; null if there is none.</summary>
    public static string? CustomerKeyHash(S3Request request) => CustomerKeyHash(request, Sse);

    public static string? CopySourceKeyHash(S3Request request) => CustomerKeyHash(request, Copy);

    /// <summary>Requests for parts, completions and reads may have a customer's key, but no other encryption header.</summary>
    public static void RefuseServerEncryption(S3Request request)
    {
        if (request.Header(Sse) is { } value)
            throw S3Errors.InvalidArgument($"{Sse} header is not supported for this operation.", Sse, value);
    }

    public static void CheckPartKey(S3Request request, Encryption encryption)
    {
        RefuseServerEncryption(request);
        string? hash = CustomerKeyHash(request);
        if (hash == encryption.CustomerKeyHash)
            return;
        throw S3Errors.InvalidRequest(encryption.CustomerKeyHash is null
            ? "The multipart upload initiate did not request encryption. Please resend the request without sending encryption parameters."
            : hash is null
                ? "The multipart upload initiate requested encryption. "
                    + "Subsequent part requests must include the appropriate encryption parameters."
                : "The provided encryption parameters did not match the ones used originally.");
    }

    public static void CheckReadKey(string? hash, Encryption encryption)
    {
        if (hash == encryption.CustomerKeyHash)
            return;
        throw encryption.CustomerKeyHash is null
            ? S3Errors.InvalidRequest("The encryption parameters are not applicable to this object.")
            : hash is null
                ? S3Errors.InvalidRequest("The object was stored using a form of Server Side Encryption. "
                    + "The correct parameters must be provided to retrieve the object.")
                : S3Errors.AccessDenied();
    }

    public static void Write(S3Response response, Encryption encryption, S3Request request)
    {
        if (encryption.IsCustomerKey)
        {
            response.Set(Sse + "-customer-algorithm", Encryption.Aes256);
            response.Set(Sse + "-customer-key-MD5", request.Header(Sse + "-customer-key-MD5"));
            return;
        }
        response.Set(Sse, encryption.Algorithm);
        response.Set(Sse + "-aws-kms-key-id", encryption.KmsKeyId);
        response.Set(Sse + "-context", encryption.Context);
        if (encryption.BucketKeyEnabled)
            response.Set(Sse + "-bucket-key-enabled", "true");
    }

    /// <summary>S3 responds with the ARN of a key, whether it was named by its id, alias or ARN.</summary>
    public static string KmsKeyArn(string? keyId, BucketRecord bucket)
    {
        string key = keyId ?? "alias/aws/s3";
        if (key.StartsWith("arn:aws", StringComparison.Ordinal) && key.Contains(":kms:", StringComparison.Ordinal))
            return key;
        if (key.StartsWith("alias/", StringComparison.Ordinal))
            key = new Guid(MD5.HashData(Encoding.UTF8.GetBytes(key))).ToString();
        else if (!Guid.TryParseExact(key, "D", out _) && !key.StartsWith("mrk-", StringComparison.Ordinal))
            throw new S3Exception("KMS.NotFoundException", 400, $"Invalid keyId '{key}'");
        return $"arn:aws:kms:{bucket.Region ?? "us-east-1"}:{TestAccount.Id}:key/{key}";
    }

    private static bool? ReadBucketKey(S3Request request)
    {
        const string Name = Sse + "-bucket-key-enabled";
        return request.Header(Name)?.ToLowerInvariant() switch
        {
            null => null,
            "true" => true,
            "false" => false,
            var other => throw S3Errors.InvalidArgument("The bucket key enabled header must be true or false.", Name, other),
        };
    }

    private static void CheckContext(string? context)
    {
        if (context is null)
            return;
        try
        {
            byte[] json = Convert.FromBase64String(context);
            if (JsonSerializer.Deserialize<Dictionary<string, string>>(json) is not null)
                return;
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
        }
        throw S3Errors.InvalidArgument($"The header '{Sse}-context' shall be Base64-encoded UTF-8 string holding JSON "
            + "which represents a string-string map", Sse + "-context", context);
    }

    private static string? CustomerKeyHash(S3Request request, string prefix)
    {
        const string Prefix = "Requests specifying Server Side Encryption with Customer provided keys must ";
        string? algorithm = request.Header(prefix + "-customer-algorithm");
        string? key = request.Header(prefix + "-customer-key");
        string? md5 = request.Header(prefix + "-customer-key-MD5");
        if (algorithm is null && key is null && md5 is null)
            return null;
        S3Exception Invalid(string message) => S3Errors.InvalidArgument(message, prefix, "null");
        if (!request.IsSecure)
            throw S3Errors.InvalidRequest(Prefix + "be made over a secure connection.");
        if (algorithm is null)
            throw Invalid(Prefix + "provide a valid encryption algorithm.");
        if (algorithm != Encryption.Aes256)
        {
            throw new S3Exception("InvalidEncryptionAlgorithmError", 400,
                "The Encryption request you specified is not valid. Supported value: AES256.",
                ("ArgumentName", prefix + "-customer-algorithm"), ("ArgumentValue", algorithm));
        }
        if (key is null)
            throw Invalid(Prefix + "provide an appropriate secret key.");
        if (md5 is null)
            throw Invalid(Prefix + "provide the client calculated MD5 of the secret key.");
        Span<byte> bytes = stackalloc byte[64];
        if (!Convert.TryFromBase64String(key, bytes, out int length) || length != 32)
            throw Invalid("The secret key was invalid for the specified algorithm.");
        if (Convert.ToBase64String(MD5.HashData(bytes[..32])) != md5)
            throw Invalid("The calculated MD5 hash of the key did not match the hash that was provided.");
        return Convert.ToHexStringLower(SHA256.HashData(bytes[..32]));
    }
}
