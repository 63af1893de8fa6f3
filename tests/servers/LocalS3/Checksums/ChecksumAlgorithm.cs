using System.IO.Hashing;
using System.Security.Cryptography;

namespace LocalS3.Checksums;

/// <summary>One of S3's checksum algorithms, with its names and the checksum types it supports.</summary>
internal sealed class ChecksumAlgorithm
{
    public const string FullObject = "FULL_OBJECT";
    public const string Composite = "COMPOSITE";

    public static readonly ChecksumAlgorithm Crc64Nvme = new("CRC64NVME", 8, true, false, () => new CrcChecksum(Crc.Table.Crc64Nvme));

    public static readonly IReadOnlyList<ChecksumAlgorithm> All =
    [
        new("CRC32", 4, true, true, () => new CrcChecksum(Crc.Table.Crc32)),
        new("CRC32C", 4, true, true, () => new CrcChecksum(Crc.Table.Crc32C)),
        Crc64Nvme,
        new("SHA1", 20, false, true, () => new HashChecksum(HashAlgorithmName.SHA1)),
        new("SHA256", 32, false, true, () => new HashChecksum(HashAlgorithmName.SHA256)),
        new("SHA512", 64, false, true, () => new HashChecksum(HashAlgorithmName.SHA512)),
        new("MD5", 16, false, true, () => new HashChecksum(HashAlgorithmName.MD5)),
        new("XXHASH64", 8, false, true, () => new XxHashChecksum(new XxHash64())),
        new("XXHASH3", 8, false, true, () => new XxHashChecksum(new XxHash3())),
        new("XXHASH128", 16, false, true, () => new XxHashChecksum(new XxHash128())),
    ];

    private readonly Func<IChecksum> _create;

    private ChecksumAlgorithm(string name, int length, bool fullObject, bool composite, Func<IChecksum> create)
    {
        (Name, Length, SupportsFullObject, SupportsComposite, _create) = (name, length, fullObject, composite, create);
        LowerName = name.ToLowerInvariant();
    }

    public string Name { get; }

    public string LowerName { get; }

    public int Length { get; }

    public bool SupportsFullObject { get; }

    public bool SupportsComposite { get; }

    public string Header => "x-amz-checksum-" + LowerName;

    public string XmlName => "Checksum" + Name;

    public static ChecksumAlgorithm? Find(string? name) => All.FirstOrDefault(a => a.Name == name);

    public static ChecksumAlgorithm? FindHeader(string header) =>
        All.FirstOrDefault(a => a.Header.Equals(header, StringComparison.OrdinalIgnoreCase));

    public IChecksum Create() => _create();

    public bool IsValue(string base64)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Convert.TryFromBase64String(base64, bytes, out int length) && length == Length;
    }

    private sealed class CrcChecksum(Crc.Table table) : IChecksum
    {
        private readonly Crc _crc = new(table);

        public void Append(ReadOnlySpan<byte> data) => _crc.Append(data);

        public byte[] Finish() => _crc.Finish();

        public void Dispose()
        {
        }
    }

    private sealed class XxHashChecksum(NonCryptographicHashAlgorithm hash) : IChecksum
    {
        public void Append(ReadOnlySpan<byte> data) => hash.Append(data);

        public byte[] Finish() => hash.GetCurrentHash();

        public void Dispose()
        {
        }
    }

    private sealed class HashChecksum(HashAlgorithmName name) : IChecksum
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

        public void Append(ReadOnlySpan<byte> data) => _hash.AppendData(data);

        public byte[] Finish() => _hash.GetHashAndReset();

        public void Dispose() => _hash.Dispose();
    }
}

internal interface IChecksum : IDisposable
{
    void Append(ReadOnlySpan<byte> data);

    byte[] Finish();
}
