using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using S3Multipart.Checksums;
using S3Multipart.Encryption;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>The store on the AWS SDK: it builds, signs, routes and retries each request.</summary>
internal sealed partial class AwsObjectStore(IAmazonS3 client, DirectorySessions sessions, ConnectionSettings settings) : IObjectStore
{
    private bool SendsChecksums => client.Config.RequestChecksumCalculation == RequestChecksumCalculation.WHEN_SUPPORTED;

    private RequestPayer? Payer => settings.RequestPayer ? RequestPayer.Requester : null;

    public async Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken)
    {
        // A store that rejects checksums is spared them unless one was asked for.
        bool isChecked = SendsChecksums || input.ChecksumAlgorithm is not null || input.ChecksumType is not null;
        BucketType bucket = BucketAddress.Parse(input.BucketName).Type;
        (string? algorithm, string? type) = isChecked ? ChecksumAlgorithms.Choose(bucket, input.ChecksumAlgorithm, input.ChecksumType) : (null, null);
        InitiateMultipartUploadRequest request = CreateRequest.Make(input);
        request.ChecksumAlgorithm = algorithm;
        // Directory buckets have composite checksums only and know no type.
        request.ChecksumType = bucket == BucketType.Directory ? null : type;
        request.ExpectedBucketOwner = settings.ExpectedBucketOwner;
        request.RequestPayer = Payer;
        InitiateMultipartUploadResponse response = await AskAsync(
            S3Uri.Of(input.BucketName, input.Key), token => client.InitiateMultipartUploadAsync(request, token), cancellationToken);
        return new CreatedUpload
        {
            UploadId = response.UploadId,
            AbortDate = response.AbortDate?.ToUniversalTime(),
            AbortRuleId = response.AbortRuleId,
            RequestCharged = Text(response.RequestCharged),
            ChecksumAlgorithm = algorithm,
            ChecksumType = Text(response.ChecksumType) ?? type,
            Encryption = new AppliedEncryption
            {
                Method = Text(response.ServerSideEncryptionMethod) ?? (Text(response.ServerSideEncryptionCustomerMethod) is null ? null : EncryptionInput.SseC),
                KmsKeyId = response.ServerSideEncryptionKeyManagementServiceKeyId,
                KmsContext = response.ServerSideEncryptionKeyManagementServiceEncryptionContext,
                BucketKeyEnabled = response.BucketKeyEnabled,
                CustomerKeyMD5 = response.ServerSideEncryptionCustomerProvidedKeyMD5,
            },
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
            ETagsToNotMatch = input.Source.IfNoneMatch is null ? null : [input.Source.IfNoneMatch],
            ModifiedSinceDate = input.Source.IfModifiedSince,
            UnmodifiedSinceDate = input.Source.IfUnmodifiedSince,
            FirstByte = input.Range?.First,
            LastByte = input.Range?.Last,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            ExpectedSourceBucketOwner = input.Source.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        if (input.Target.CustomerKey is { } key)
        {
            request.ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256;
            request.ServerSideEncryptionCustomerProvidedKey = key.ToBase64();
            request.ServerSideEncryptionCustomerProvidedKeyMD5 = key.ToMD5Base64();
        }

        if (input.Source.CustomerKey is { } sourceKey)
        {
            request.CopySourceServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256;
            request.CopySourceServerSideEncryptionCustomerProvidedKey = sourceKey.ToBase64();
            request.CopySourceServerSideEncryptionCustomerProvidedKeyMD5 = sourceKey.ToMD5Base64();
        }

        CopyPartResponse response = await AskAsync(
            $"{input.Target} from {S3Uri.Of(input.Source.BucketName, input.Source.Key)}", token => client.CopyPartAsync(request, token), cancellationToken);
        (string? algorithm, string? checksum) = ChecksumOf(response.ChecksumCRC64NVME, response.ChecksumCRC32, response.ChecksumCRC32C, response.ChecksumSHA1, response.ChecksumSHA256);
        return new StoredPart
        {
            PartNumber = input.PartNumber,
            Size = input.Size,
            ETag = Quoted(response.ETag),
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
            LastModified = response.LastModified?.ToUniversalTime(),
            CopySourceVersionId = response.CopySourceVersionId,
            RequestCharged = Text(response.RequestCharged),
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
            MpuObjectSize = SendsChecksums ? input.Size : null,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        if (input.ChecksumType == ChecksumAlgorithms.FullObject)
        {
            request.ChecksumType = input.ChecksumType;
            request.ChecksumCRC64NVME = input.ChecksumAlgorithm == ChecksumAlgorithms.Crc64Nvme ? input.Checksum : null;
            request.ChecksumCRC32 = input.ChecksumAlgorithm == ChecksumAlgorithms.Crc32 ? input.Checksum : null;
            request.ChecksumCRC32C = input.ChecksumAlgorithm == ChecksumAlgorithms.Crc32C ? input.Checksum : null;
        }

        if (input.Target.CustomerKey is { } key)
        {
            (request.SSECustomerAlgorithm, request.SSECustomerKey, request.SSECustomerKeyMD5) = (SseCustomerKey.Algorithm, key.ToBase64(), key.ToMD5Base64());
        }

        CompleteMultipartUploadResponse response = await AskAsync(
            input.Target.ToString(), token => client.CompleteMultipartUploadAsync(request, token), cancellationToken);
        (string? algorithm, string? checksum) = ChecksumOf(response.ChecksumCRC64NVME, response.ChecksumCRC32, response.ChecksumCRC32C, response.ChecksumSHA1, response.ChecksumSHA256);
        return new CompletedObject
        {
            Location = response.Location,
            ETag = string.IsNullOrEmpty(response.ETag) ? null : Quoted(response.ETag),
            VersionId = response.VersionId,
            ExpirationDate = response.Expiration?.ExpiryDate.ToUniversalTime(),
            ExpirationRuleId = response.Expiration?.RuleId,
            RequestCharged = Text(response.RequestCharged),
            ChecksumAlgorithm = algorithm,
            ChecksumType = Text(response.ChecksumType),
            Checksum = checksum,
            Encryption = new AppliedEncryption
            {
                Method = Text(response.ServerSideEncryptionMethod),
                KmsKeyId = response.ServerSideEncryptionKeyManagementServiceKeyId,
                BucketKeyEnabled = response.BucketKeyEnabled,
            },
        };
    }

    public async Task<string?> AbortMultipartUploadAsync(UploadTarget target, DateTime? ifInitiated, CancellationToken cancellationToken)
    {
        AbortMultipartUploadRequest request = new()
        {
            BucketName = target.BucketName,
            Key = target.Key,
            UploadId = target.UploadId,
            IfMatchInitiatedTime = ifInitiated,
            ExpectedBucketOwner = settings.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        AbortMultipartUploadResponse response = await AskAsync(
            target.ToString(), token => client.AbortMultipartUploadAsync(request, token), cancellationToken);
        return Text(response.RequestCharged);
    }

    public async Task<SourceObject> HeadObjectAsync(CopySource source, CancellationToken cancellationToken)
    {
        GetObjectMetadataRequest request = new()
        {
            BucketName = source.BucketName,
            Key = source.Key,
            VersionId = source.VersionId,
            // Asked here, because on the copy itself a matching ETag, which every part demands, makes S3 overlook it.
            UnmodifiedSinceDate = source.IfUnmodifiedSince,
            ExpectedBucketOwner = source.ExpectedBucketOwner,
            RequestPayer = Payer,
        };
        if (source.CustomerKey is { } key)
        {
            request.ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256;
            request.ServerSideEncryptionCustomerProvidedKey = key.ToBase64();
            request.ServerSideEncryptionCustomerProvidedKeyMD5 = key.ToMD5Base64();
        }

        GetObjectMetadataResponse response = await AskAsync(
            S3Uri.Of(source.BucketName, source.Key), token => client.GetObjectMetadataAsync(request, token), cancellationToken);
        return new SourceObject(response.ContentLength, Quoted(response.ETag));
    }

    /// <summary>Sends a request, once more if a session had expired, and tells its failure in the module's words.</summary>
    private async Task<T> AskAsync<T>(string target, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await send(cancellationToken);
            }
            catch (AmazonS3Exception e) when (e.ErrorCode is "ExpiredToken" && sessions.Forget())
            {
                return await send(cancellationToken);
            }
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

    private static PartETag ToPartETag(StoredPart part) => new(part.PartNumber, part.ETag)
    {
        ChecksumCRC64NVME = part.ChecksumAlgorithm == ChecksumAlgorithms.Crc64Nvme ? part.Checksum : null,
        ChecksumCRC32 = part.ChecksumAlgorithm == ChecksumAlgorithms.Crc32 ? part.Checksum : null,
        ChecksumCRC32C = part.ChecksumAlgorithm == ChecksumAlgorithms.Crc32C ? part.Checksum : null,
        ChecksumSHA1 = part.ChecksumAlgorithm == ChecksumAlgorithms.Sha1 ? part.Checksum : null,
        ChecksumSHA256 = part.ChecksumAlgorithm == ChecksumAlgorithms.Sha256 ? part.Checksum : null,
    };

    private static (string? Algorithm, string? Checksum) ChecksumOf(string? crc64Nvme, string? crc32, string? crc32C, string? sha1, string? sha256) =>
        crc64Nvme is not null ? (ChecksumAlgorithms.Crc64Nvme, crc64Nvme)
        : crc32 is not null ? (ChecksumAlgorithms.Crc32, crc32)
        : crc32C is not null ? (ChecksumAlgorithms.Crc32C, crc32C)
        : sha1 is not null ? (ChecksumAlgorithms.Sha1, sha1)
        : sha256 is not null ? (ChecksumAlgorithms.Sha256, sha256)
        : default;

    private static string? Text(ConstantClass? value) => string.IsNullOrEmpty(value?.Value) ? null : value.Value;

    /// <summary>Ceph sends the ETag of a copied part without the quotes that belong to it.</summary>
    private static string Quoted(string etag) => etag.StartsWith('"') ? etag : $"\"{etag}\"";
}
