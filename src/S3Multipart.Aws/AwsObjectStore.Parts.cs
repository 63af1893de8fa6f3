using System.Buffers;
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
        string? algorithm = SendsChecksums ? input.ChecksumAlgorithm : null;
        string? checksum = await ComputeAsync(algorithm, input.Body, cancellationToken);
        await using PartBodyStream stream = new(input.Body, input.Sent);
        UploadPartRequest request = new()
        {
            BucketName = input.Target.BucketName,
            Key = input.Target.Key,
            UploadId = input.Target.UploadId,
            PartNumber = input.PartNumber,
            PartSize = input.Body.Length,
            InputStream = stream,
            // A checksum in a header instead of a trailer, and one body instead of signed chunks: every store takes these.
            UseChunkEncoding = false,
            DisablePayloadSigning = IsEncrypted,
            ChecksumCRC64NVME = algorithm == ChecksumAlgorithms.Crc64Nvme ? checksum : null,
            ChecksumCRC32 = algorithm == "CRC32" ? checksum : null,
            ChecksumCRC32C = algorithm == "CRC32C" ? checksum : null,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        UploadPartResponse response = await AskAsync(input.Target.ToString(), token => client.UploadPartAsync(request, token), cancellationToken);
        return new StoredPart
        {
            PartNumber = input.PartNumber,
            Size = input.Body.Length,
            ETag = Quoted(response.ETag),
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
        };
    }

    private static async Task<string?> ComputeAsync(string? algorithm, PartBody body, CancellationToken cancellationToken)
    {
        if (ChecksumAlgorithms.CrcOf(algorithm) is not { } crc)
        {
            return null;
        }

        byte[] slice = ArrayPool<byte>.Shared.Rent(SliceSize);
        try
        {
            ulong value = 0;
            for (long offset = 0; offset < body.Length;)
            {
                int count = await body.ReadAsync(offset, slice, cancellationToken);
                value = crc.Append(value, slice.AsSpan(0, count));
                offset += count;
            }

            return crc.ToBase64(value);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }
}
