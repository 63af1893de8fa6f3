using System.Buffers;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using S3Multipart.Checksums;
using S3Multipart.Sources;
using S3Multipart.Store;

namespace S3Multipart.Aws;

internal sealed partial class AwsObjectStore
{
    private const int SliceSize = 256 * 1024;

    private bool IsEncrypted => client.Config.ServiceURL is not { } url || url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    public async Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken)
    {
        string? algorithm = input.ChecksumAlgorithm;
        (string? checksum, string? md5) = await ReadForDigestsAsync(input, cancellationToken);
        await using PartBodyStream stream = new(input.Body, input.Sent);
        UploadPartRequest request = new()
        {
            BucketName = input.Target.BucketName,
            Key = input.Target.Key,
            UploadId = input.Target.UploadId,
            PartNumber = input.PartNumber,
            PartSize = input.Body.Length,
            InputStream = stream,
            MD5Digest = md5,
            // A checksum in a header instead of a trailer, and one body instead of signed chunks: every store takes these.
            UseChunkEncoding = false,
            DisablePayloadSigning = IsEncrypted,
            DisableDefaultChecksumValidation = algorithm is null,
            ChecksumCRC64NVME = algorithm == ChecksumAlgorithms.Crc64Nvme ? checksum : null,
            ChecksumCRC32 = algorithm == ChecksumAlgorithms.Crc32 ? checksum : null,
            ChecksumCRC32C = algorithm == ChecksumAlgorithms.Crc32C ? checksum : null,
            ChecksumSHA1 = algorithm == ChecksumAlgorithms.Sha1 ? checksum : null,
            ChecksumSHA256 = algorithm == ChecksumAlgorithms.Sha256 ? checksum : null,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        if (input.Target.CustomerKey is { } key)
        {
            request.ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256;
            request.ServerSideEncryptionCustomerProvidedKey = key.ToBase64();
            request.ServerSideEncryptionCustomerProvidedKeyMD5 = key.ToMD5Base64();
        }

        UploadPartResponse response = await AskAsync(input.Target.ToString(), token => client.UploadPartAsync(request, token), cancellationToken);
        return new StoredPart
        {
            PartNumber = input.PartNumber,
            Size = input.Body.Length,
            ETag = Quoted(response.ETag),
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
            RequestCharged = Text(response.RequestCharged),
        };
    }

    /// <summary>Reads the body once for the digests that go ahead of it in headers.</summary>
    private static async Task<(string? Checksum, string? MD5)> ReadForDigestsAsync(PartInput input, CancellationToken cancellationToken)
    {
        using PartChecksum? checksum = PartChecksum.Begin(input.ChecksumAlgorithm);
        using IncrementalHash? md5 = input.SendContentMD5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        if (checksum is null && md5 is null)
        {
            return default;
        }

        PartBody body = input.Body;
        byte[] slice = ArrayPool<byte>.Shared.Rent(SliceSize);
        try
        {
            for (long offset = 0; offset < body.Length;)
            {
                int count = await body.ReadAsync(offset, slice, cancellationToken);
                checksum?.Append(slice.AsSpan(0, count));
                md5?.AppendData(slice.AsSpan(0, count));
                offset += count;
            }

            return (checksum?.End(), md5 is null ? null : Convert.ToBase64String(md5.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }
}
