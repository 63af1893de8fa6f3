using System.IO.Hashing;
using System.Security.Cryptography;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Transfer.Checksums;

/// <summary>The checksum of a part as it is read, slice by slice.</summary>
internal sealed class PartChecksum : IDisposable
{
    private readonly Crc? _crc;
    private readonly IncrementalHash? _digest;
    private readonly NonCryptographicHashAlgorithm? _hash;

    private PartChecksum(Crc crc)
    {
        _crc = crc;
        _hash = crc.Begin();
    }

    private PartChecksum(NonCryptographicHashAlgorithm hash) => _hash = hash;

    private PartChecksum(HashAlgorithmName digest) => _digest = IncrementalHash.CreateHash(digest);

    internal static bool IsKnown(string? algorithm) => algorithm is not null && ChecksumAlgorithms.All.Contains(algorithm);

    /// <summary>Begins a checksum; null for none, and for an algorithm that is not known.</summary>
    internal static PartChecksum? Begin(string? algorithm) => algorithm switch
    {
        ChecksumAlgorithms.Sha1 => new PartChecksum(HashAlgorithmName.SHA1),
        ChecksumAlgorithms.Sha256 => new PartChecksum(HashAlgorithmName.SHA256),
        ChecksumAlgorithms.Sha512 => new PartChecksum(HashAlgorithmName.SHA512),
        ChecksumAlgorithms.MD5 => new PartChecksum(HashAlgorithmName.MD5),
        ChecksumAlgorithms.XxHash64 => new PartChecksum(new XxHash64()),
        ChecksumAlgorithms.XxHash3 => new PartChecksum(new XxHash3()),
        ChecksumAlgorithms.XxHash128 => new PartChecksum(new XxHash128()),
        _ when WholeChecksum.CrcOf(algorithm) is { } crc => new PartChecksum(crc),
        _ => null,
    };

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (_hash is not null)
        {
            _hash.Append(bytes);
        }
        else
        {
            _digest!.AppendData(bytes);
        }
    }

    /// <summary>The value in base64, as S3 writes it: numbers with their highest byte first.</summary>
    internal string End() => _crc is not null ? _crc.ToBase64(Crc.ValueOf(_hash!))
        // The library writes these highest byte first by itself, unlike a CRC.
        : Convert.ToBase64String(_hash is not null ? _hash.GetCurrentHash() : _digest!.GetHashAndReset());

    public void Dispose() => _digest?.Dispose();
}
