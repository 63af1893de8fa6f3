using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace S3Multipart.Pipeline;

/// <summary>
/// Remembers texts by 16 bytes of their digest, so that a run of very many files holds little of each. That two texts have the same is as
/// good as impossible.
/// </summary>
internal sealed class TextSet
{
    private readonly HashSet<UInt128> _digests = [];

    /// <summary>False where the text is known already.</summary>
    internal bool Add(string text) => _digests.Add(DigestOf(text));

    internal bool Contains(string text) => _digests.Contains(DigestOf(text));

    private static UInt128 DigestOf(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
