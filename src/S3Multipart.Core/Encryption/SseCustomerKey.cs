using System.Security.Cryptography;

namespace S3Multipart;

/// <summary>
/// A customer's own encryption key (SSE-C): 32 bytes. It shows nothing of itself: no property, no text form, nothing to serialise.
/// S3 keeps no copy; without it the object cannot be read again.
/// </summary>
public sealed class SseCustomerKey
{
    /// <summary>The only algorithm that S3 has for customer keys.</summary>
    internal const string Algorithm = "AES256";

    internal const int Length = 32;

    private readonly byte[] _key;

    private SseCustomerKey(byte[] key) => _key = key;

    /// <summary>The key as the header x-amz-server-side-encryption-customer-key has it.</summary>
    internal string ToBase64() => Convert.ToBase64String(_key);

    /// <summary>The digest that lets S3 find a key that was damaged on its way. S3's protocol prescribes MD5.</summary>
    internal string ToMD5Base64()
    {
#pragma warning disable CA5351
        return Convert.ToBase64String(MD5.HashData(_key));
#pragma warning restore CA5351
    }

    internal static bool TryMake(ReadOnlySpan<byte> bytes, out SseCustomerKey? key)
    {
        key = bytes.Length == Length ? new SseCustomerKey(bytes.ToArray()) : null;
        return key is not null;
    }

    internal static bool TryParse(string base64, out SseCustomerKey? key)
    {
        Span<byte> bytes = stackalloc byte[64];
        key = null;
        return Convert.TryFromBase64String(base64, bytes, out int count) && TryMake(bytes[..count], out key);
    }

    /// <summary>The type's name, never the key.</summary>
    public override string ToString() => nameof(SseCustomerKey);
}
