using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using S3Multipart.Checksums;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>The store on the AWS SDK: it builds, signs, routes and retries each request.</summary>
internal sealed partial class AwsObjectStore(IAmazonS3 client, ConnectionSettings settings) : IObjectStore
{
    private bool SendsChecksums => client.Config.RequestChecksumCalculation == RequestChecksumCalculation.WHEN_SUPPORTED;

    private RequestPayer? Payer => settings.RequestPayer ? RequestPayer.Requester : null;

    public async Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken)
    {
        // A directory bucket's documented checksums do not include CRC64NVME; CRC32C is the cheapest of those it has.
        bool isDirectory = BucketAddress.Parse(input.BucketName).Type == BucketType.Directory;
        string? algorithm = !SendsChecksums ? null : isDirectory ? "CRC32C" : ChecksumAlgorithms.Crc64Nvme;
        string? type = algorithm is null || isDirectory ? null : "FULL_OBJECT";
        InitiateMultipartUploadRequest request = new()
        {
            BucketName = input.BucketName,
            Key = input.Key,
            ChecksumAlgorithm = algorithm,
            ChecksumType = type,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        InitiateMultipartUploadResponse response = await AskAsync(
            S3Uri.Of(input.BucketName, input.Key), token => client.InitiateMultipartUploadAsync(request, token), cancellationToken);
        return new CreatedUpload
        {
            UploadId = response.UploadId,
            AbortDate = response.AbortDate?.ToUniversalTime(),
            AbortRuleId = response.AbortRuleId,
            Encryption = Text(response.ServerSideEncryptionMethod),
            ChecksumAlgorithm = algorithm,
            ChecksumType = Text(response.ChecksumType) ?? type,
        };
    }

    public async Task<StoredPart> UploadPartCopyAsync(PartCopyInput input, CancellationToken cancellationToken)
    {
        CopyPartRequest request = new()
        {
            DestinationBucket = input.Target.BucketName,
            DestinationKey = input.Target.Key,
            UploadId = input.Target.UploadId,
            PartNumber = input.PartNumber,
            SourceBucket = input.Source.BucketName,
            SourceKey = input.Source.Key,
            SourceVersionId = input.Source.VersionId,
            ETagToMatch = [input.SourceETag],
            FirstByte = input.Range?.First,
            LastByte = input.Range?.Last,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        CopyPartResponse response = await AskAsync(input.Target.ToString(), token => client.CopyPartAsync(request, token), cancellationToken);
        (string? algorithm, string? checksum) = ChecksumOf(response.ChecksumCRC64NVME, response.ChecksumCRC32, response.ChecksumCRC32C, response.ChecksumSHA1, response.ChecksumSHA256);
        return new StoredPart
        {
            PartNumber = input.PartNumber,
            Size = input.Size,
            ETag = Quoted(response.ETag),
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
            LastModified = response.LastModified?.ToUniversalTime(),
        };
    }

    public async Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken)
    {
        CompleteMultipartUploadRequest request = new()
        {
            BucketName = input.Target.BucketName,
            Key = input.Target.Key,
            UploadId = input.Target.UploadId,
            PartETags = [.. input.Parts.Select(ToPartETag)],
            IfMatch = input.IfMatch,
            IfNoneMatch = input.IfNoneMatch ? "*" : null,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        if (SendsChecksums)
        {
            request.MpuObjectSize = input.Size;
            request.ChecksumType = input.ChecksumType;
            request.ChecksumCRC64NVME = input.ChecksumAlgorithm == ChecksumAlgorithms.Crc64Nvme ? input.Checksum : null;
            request.ChecksumCRC32 = input.ChecksumAlgorithm == "CRC32" ? input.Checksum : null;
            request.ChecksumCRC32C = input.ChecksumAlgorithm == "CRC32C" ? input.Checksum : null;
        }

        CompleteMultipartUploadResponse response = await AskAsync(
            input.Target.ToString(), token => client.CompleteMultipartUploadAsync(request, token), cancellationToken);
        (string? algorithm, string? checksum) = ChecksumOf(response.ChecksumCRC64NVME, response.ChecksumCRC32, response.ChecksumCRC32C, response.ChecksumSHA1, response.ChecksumSHA256);
        return new CompletedObject
        {
            Location = response.Location,
            ETag = string.IsNullOrEmpty(response.ETag) ? null : Quoted(response.ETag),
            VersionId = response.VersionId,
            Encryption = Text(response.ServerSideEncryptionMethod),
            ChecksumAlgorithm = algorithm,
            ChecksumType = Text(response.ChecksumType),
            Checksum = checksum,
        };
    }

    public Task AbortMultipartUploadAsync(UploadTarget target, CancellationToken cancellationToken) => AskAsync(
        target.ToString(),
        token => client.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest
            {
                BucketName = target.BucketName,
                Key = target.Key,
                UploadId = target.UploadId,
                ExpectedBucketOwner = settings.ExpectedBucketOwner,
                RequestPayer = Payer,
            },
            token),
        cancellationToken);

    public async Task<SourceObject> HeadObjectAsync(CopySource source, CancellationToken cancellationToken)
    {
        GetObjectMetadataRequest request = new() { BucketName = source.BucketName, Key = source.Key, VersionId = source.VersionId, RequestPayer = Payer };
        GetObjectMetadataResponse response = await AskAsync(
            S3Uri.Of(source.BucketName, source.Key), token => client.GetObjectMetadataAsync(request, token), cancellationToken);
        return new SourceObject(response.ContentLength, Quoted(response.ETag));
    }

    /// <summary>Sends a request, and tells its failure in the module's words.</summary>
    private static async Task<T> AskAsync<T>(string target, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await send(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw AwsFailure.Translate(e, target);
        }
        catch (Exception e)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private PartETag ToPartETag(StoredPart part)
    {
        PartETag tag = new(part.PartNumber, part.ETag);
        if (SendsChecksums && part.Checksum is not null)
        {
            switch (part.ChecksumAlgorithm)
            {
                case ChecksumAlgorithms.Crc64Nvme: tag.ChecksumCRC64NVME = part.Checksum; break;
                case "CRC32": tag.ChecksumCRC32 = part.Checksum; break;
                case "CRC32C": tag.ChecksumCRC32C = part.Checksum; break;
                case "SHA1": tag.ChecksumSHA1 = part.Checksum; break;
                case "SHA256": tag.ChecksumSHA256 = part.Checksum; break;
            }
        }

        return tag;
    }

    private static (string? Algorithm, string? Checksum) ChecksumOf(string? crc64Nvme, string? crc32, string? crc32C, string? sha1, string? sha256) =>
        crc64Nvme is not null ? (ChecksumAlgorithms.Crc64Nvme, crc64Nvme)
        : crc32 is not null ? ("CRC32", crc32)
        : crc32C is not null ? ("CRC32C", crc32C)
        : sha1 is not null ? ("SHA1", sha1)
        : sha256 is not null ? ("SHA256", sha256)
        : default;

    private static string? Text(ConstantClass? value) => string.IsNullOrEmpty(value?.Value) ? null : value.Value;

    /// <summary>Ceph sends the ETag of a copied part without the quotes that belong to it.</summary>
    private static string Quoted(string etag) => etag.StartsWith('"') ? etag : $"\"{etag}\"";
}
