using System.IO.Hashing;
using System.Security.Cryptography;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Transfer.Checksums;

/// <summary>The checksum of a part as it is read, slice by slice.</summary>
internal sealed class PartChecksum : IDisposable
{
    private readonly Crc? _crc;
    private readonly IncrementalHash? _hash;
    private readonly NonCryptographicHashAlgorithm? _begun;

    private PartChecksum(Crc? crc, IncrementalHash? hash)
    {
        _crc = crc;
        _hash = hash;
        _begun = crc?.Begin();
    }

    internal static bool IsKnown(string? algorithm) =>
        algorithm is ChecksumAlgorithms.Sha1 or ChecksumAlgorithms.Sha256 || WholeChecksum.CrcOf(algorithm) is not null;

    /// <summary>Begins a checksum; null for none, and for an algorithm that is not known.</summary>
    internal static PartChecksum? Begin(string? algorithm) => algorithm switch
    {
        ChecksumAlgorithms.Sha1 => new PartChecksum(null, IncrementalHash.CreateHash(HashAlgorithmName.SHA1)),
        ChecksumAlgorithms.Sha256 => new PartChecksum(null, IncrementalHash.CreateHash(HashAlgorithmName.SHA256)),
        _ when WholeChecksum.CrcOf(algorithm) is { } crc => new PartChecksum(crc, null),
        _ => null,
    };

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (_begun is not null)
        {
            _begun.Append(bytes);
        }
        else
        {
            _hash!.AppendData(bytes);
        }
    }

    /// <summary>The value in base64, as S3 writes it.</summary>
    internal string End() => _begun is not null ? _crc!.ToBase64(Crc.ValueOf(_begun)) : Convert.ToBase64String(_hash!.GetHashAndReset());

    public void Dispose() => _hash?.Dispose();
}
