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
    private bool IsHttps => client.Config.ServiceURL is not { } url || url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Amazon S3 itself takes a checksum behind the bytes; other stores often reject that.</summary>
    private bool TakesTrailers => IsHttps && client.Config.ServiceURL is null;

    public async Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken)
    {
        string? algorithm = input.ChecksumAlgorithm;
        Digests digests = default;
        PartSending sending;
        if (TakesTrailers && algorithm is not null && !input.SendContentMD5)
        {
            sending = PartSending.WithTrailer(input.Body, algorithm, input.Sent);
        }
        else
        {
            bool isSigned = !IsHttps && !settings.DisablePayloadSigning;
            digests = await ReadForDigestsAsync(input, isSigned, cancellationToken);
            sending = new PartSending { Body = input.Body, PayloadHash = digests.Sha256 ?? PartSending.Unsigned, Sent = input.Sent };
        }

        UploadPartRequest request = RequestFor(input, digests, sending.TrailingAlgorithm);
        UploadPartResponse response;
        PartSending.Current = sending;
        try
        {
            response = await AskAsync(input.Target.ToString(), token => client.UploadPartAsync(request, token), cancellationToken);
        }
        finally
        {
            PartSending.Current = null;
        }

        string? checksum = sending.TrailingChecksum ?? digests.Checksum;
        (string? confirmedAs, string? confirmed) = ChecksumOf(response.ChecksumCRC64NVME, response.ChecksumCRC32, response.ChecksumCRC32C, response.ChecksumSHA1, response.ChecksumSHA256);
        if (checksum is not null && confirmedAs == algorithm && confirmed != checksum)
        {
            throw Failure.PartChecksumMismatch(input.Target.ToString(), checksum, confirmed!);
        }

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

    private UploadPartRequest RequestFor(PartInput input, Digests digests, string? trailing)
    {
        string? algorithm = input.ChecksumAlgorithm;
        UploadPartRequest request = new()
        {
            BucketName = input.Target.BucketName,
            Key = input.Target.Key,
            UploadId = input.Target.UploadId,
            PartNumber = input.PartNumber,
            PartSize = input.Body.Length,
            InputStream = new LengthOnlyStream(input.Body.Length),
            MD5Digest = digests.MD5,
            // With a checksum behind the bytes the SDK writes the headers for it; else it is to frame, sign and check nothing of the
            // body, which PartClient describes to it.
            ChecksumAlgorithm = trailing,
            UseChunkEncoding = trailing is not null,
            DisablePayloadSigning = trailing is not null,
            DisableDefaultChecksumValidation = trailing is null,
            ChecksumCRC64NVME = algorithm == ChecksumAlgorithms.Crc64Nvme ? digests.Checksum : null,
            ChecksumCRC32 = algorithm == ChecksumAlgorithms.Crc32 ? digests.Checksum : null,
            ChecksumCRC32C = algorithm == ChecksumAlgorithms.Crc32C ? digests.Checksum : null,
            ChecksumSHA1 = algorithm == ChecksumAlgorithms.Sha1 ? digests.Checksum : null,
            ChecksumSHA256 = algorithm == ChecksumAlgorithms.Sha256 ? digests.Checksum : null,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        if (input.Target.CustomerKey is { } key)
        {
            request.ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256;
            request.ServerSideEncryptionCustomerProvidedKey = key.ToBase64();
            request.ServerSideEncryptionCustomerProvidedKeyMD5 = key.ToMD5Base64();
        }

        return request;
    }

    /// <summary>Reads the body once for the digests that go ahead of it in headers.</summary>
    private static async Task<Digests> ReadForDigestsAsync(PartInput input, bool isSigned, CancellationToken cancellationToken)
    {
        using PartChecksum? checksum = PartChecksum.Begin(input.ChecksumAlgorithm);
        using IncrementalHash? md5 = input.SendContentMD5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        using IncrementalHash? sha256 = isSigned ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        if (checksum is null && md5 is null && sha256 is null)
        {
            return default;
        }

        PartBody body = input.Body;
        byte[] slice = ArrayPool<byte>.Shared.Rent(PartContent.SliceSize);
        try
        {
            for (long offset = 0; offset < body.Length;)
            {
                int count = await body.ReadAsync(offset, slice.AsMemory(0, PartContent.SliceSize), cancellationToken);
                checksum?.Append(slice.AsSpan(0, count));
                md5?.AppendData(slice.AsSpan(0, count));
                sha256?.AppendData(slice.AsSpan(0, count));
                offset += count;
            }

            return new Digests(
                checksum?.End(),
                md5 is null ? null : Convert.ToBase64String(md5.GetHashAndReset()),
                sha256 is null ? null : Convert.ToHexString(sha256.GetHashAndReset()).ToLowerInvariant());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }

    private readonly record struct Digests(string? Checksum, string? MD5, string? Sha256);
}
