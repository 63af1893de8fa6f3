using Amazon.Runtime.SharedInterfaces.Internal;
using Amazon.RuntimeDependencies;
using S3Multipart.Checksums;

namespace S3Multipart.Aws;

/// <summary>
/// Core's checksums where the SDK looks for those of the AWS CRT, which it would otherwise demand before it lets a request have a
/// CRC64NVME or CRC32C behind its body.
/// </summary>
internal sealed class CoreChecksumProvider : IChecksumProvider
{
    internal static void Register() => GlobalRuntimeDependencyRegistry.Instance.RegisterChecksumProvider(new CoreChecksumProvider());

    public string Crc32(byte[] source) => Crc.Crc32.ToBase64(Crc.Crc32.Append(0, source));

    public uint Crc32(byte[] source, uint previous) => (uint)Crc.Crc32.Append(previous, source);

    public string Crc32C(byte[] source) => Crc.Crc32C.ToBase64(Crc.Crc32C.Append(0, source));

    public uint Crc32C(byte[] source, uint previous) => (uint)Crc.Crc32C.Append(previous, source);

    public string Crc64NVME(byte[] source) => Crc.Crc64Nvme.ToBase64(Crc.Crc64Nvme.Append(0, source));

    public ulong Crc64NVME(byte[] source, ulong previous) => Crc.Crc64Nvme.Append(previous, source);
}
