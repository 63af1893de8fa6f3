using System.Security.Cryptography;

namespace S3Multipart.Checksums;

/// <summary>The checksum of a part as it is read, slice by slice.</summary>
internal sealed class PartChecksum : IDisposable
{
    private readonly Crc? _crc;
    private readonly IncrementalHash? _hash;
    private ulong _value;

    private PartChecksum(Crc? crc, IncrementalHash? hash)
    {
        _crc = crc;
        _hash = hash;
    }

    internal static bool IsKnown(string? algorithm) =>
        algorithm is ChecksumAlgorithms.Sha1 or ChecksumAlgorithms.Sha256 || ChecksumAlgorithms.CrcOf(algorithm) is not null;

    /// <summary>Begins a checksum; null for none, and for an algorithm that is not known.</summary>
    internal static PartChecksum? Begin(string? algorithm) => algorithm switch
    {
        ChecksumAlgorithms.Sha1 => new PartChecksum(null, IncrementalHash.CreateHash(HashAlgorithmName.SHA1)),
        ChecksumAlgorithms.Sha256 => new PartChecksum(null, IncrementalHash.CreateHash(HashAlgorithmName.SHA256)),
        _ when ChecksumAlgorithms.CrcOf(algorithm) is { } crc => new PartChecksum(crc, null),
        _ => null,
    };

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (_crc is not null)
        {
            _value = _crc.Append(_value, bytes);
        }
        else
        {
            _hash!.AppendData(bytes);
        }
    }

    /// <summary>The value in base64, as S3 writes it.</summary>
    internal string End() => _crc?.ToBase64(_value) ?? Convert.ToBase64String(_hash!.GetHashAndReset());

    public void Dispose() => _hash?.Dispose();
}
