using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace S3Multipart.Core.Text;

/// <summary>
/// Remembers texts by 16 bytes of their digest, so that a run of very many files holds little of each. That two texts have the same is as
/// good as impossible. Threads may share one.
/// </summary>
internal sealed class TextSet
{
    private readonly HashSet<UInt128> _digests = [];

    /// <summary>False where the text is known already.</summary>
    internal bool Add(string text)
    {
        UInt128 digest = DigestOf(text);
        lock (_digests)
        {
            return _digests.Add(digest);
        }
    }

    internal bool Contains(string text)
    {
        UInt128 digest = DigestOf(text);
        lock (_digests)
        {
            return _digests.Contains(digest);
        }
    }

    internal void Remove(string text)
    {
        UInt128 digest = DigestOf(text);
        lock (_digests)
        {
            _ = _digests.Remove(digest);
        }
    }

    private static UInt128 DigestOf(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
