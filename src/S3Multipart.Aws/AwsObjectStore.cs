using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using S3Multipart.Aws.Requests;
using S3Multipart.Checksums;
using S3Multipart.Encryption;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>
/// The store on the AWS SDK, which finds the credentials and the endpoint of each request. The three requests that every upload makes go
/// past its pipeline; the others, which are rarer and richer, through it.
/// </summary>
internal sealed partial class AwsObjectStore(
    IClientConfig config, EndpointMap endpoints, RequestSender sender, ConnectionSettings settings, TimeSpan timeout) : IObjectStore
{
    private bool SendsChecksums => config.RequestChecksumCalculation == RequestChecksumCalculation.WHEN_SUPPORTED;

    private RequestPayer? Payer => settings.RequestPayer ? RequestPayer.Requester : null;

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
            input.Target.BucketName,
            $"{input.Target} from {S3Uri.Of(input.Source.BucketName, input.Source.Key)}",
            (client, token) => client.CopyPartAsync(request, token),
            cancellationToken,
            input.Size);
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
            target.BucketName, target.ToString(), (client, token) => client.AbortMultipartUploadAsync(request, token), cancellationToken);
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
            ChecksumMode = SendsChecksums ? ChecksumMode.ENABLED : null,
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
            source.BucketName, S3Uri.Of(source.BucketName, source.Key), (client, token) => client.GetObjectMetadataAsync(request, token), cancellationToken);
        (string? algorithm, string? checksum) = ChecksumOf(response.ChecksumCRC64NVME, response.ChecksumCRC32, response.ChecksumCRC32C, response.ChecksumSHA1, response.ChecksumSHA256);
        return new SourceObject(response.ContentLength, Quoted(response.ETag))
        {
            VersionId = response.VersionId,
            ChecksumAlgorithm = algorithm,
            Checksum = checksum,
        };
    }

    /// <summary>Sends a request of the SDK's, again where a refusal could be put right, and tells its failure in the module's words.</summary>
    /// <param name="bucketName">The bucket of the request.</param>
    /// <param name="target">What the failure is about.</param>
    /// <param name="send">Sends it once.</param>
    /// <param name="cancellationToken">The user's stop.</param>
    /// <param name="size">How many bytes S3 has to put away before it answers.</param>
    private async Task<T> AskAsync<T>(
        string bucketName, string target, Func<AmazonS3Client, CancellationToken, Task<T>> send, CancellationToken cancellationToken, long size = 0)
    {
        RequestRepair? repair = null;
        while (true)
        {
            using StallGuard guard = new(timeout, cancellationToken);
            guard.AwaitAnswer(size);
            StallGuard.Current = guard;
            try
            {
                return await send(endpoints.ClientFor(bucketName), guard.Token);
            }
            catch (AmazonS3Exception e) when (e.StatusCode != 0)
            {
                ServiceError error = ServiceError.From(e);
                repair ??= sender.NewRepair();
                if (!repair.TryRepair(bucketName, error))
                {
                    throw AwsFailure.FromService(error, target);
                }
            }
            catch (Exception e) when (guard.HasStalled)
            {
                throw AwsFailure.TimedOut(target, guard.Silence, e);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                throw AwsFailure.Translate(e, target);
            }
            catch (Exception e)
            {
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }
            finally
            {
                StallGuard.Current = null;
            }
        }
    }

    private static readonly string[] s_algorithms =
        [ChecksumAlgorithms.Crc64Nvme, ChecksumAlgorithms.Crc32, ChecksumAlgorithms.Crc32C, ChecksumAlgorithms.Sha1, ChecksumAlgorithms.Sha256];

    /// <summary>The checksum among those that an answer may have.</summary>
    private static (string? Algorithm, string? Checksum) ChecksumOf(Func<string, string?> find) =>
        s_algorithms.Select(algorithm => ((string?)algorithm, find(algorithm))).FirstOrDefault(found => found.Item2 is not null);

    private static (string? Algorithm, string? Checksum) ChecksumOf(string? crc64Nvme, string? crc32, string? crc32C, string? sha1, string? sha256) =>
        ChecksumOf(algorithm => algorithm switch
        {
            ChecksumAlgorithms.Crc64Nvme => crc64Nvme,
            ChecksumAlgorithms.Crc32 => crc32,
            ChecksumAlgorithms.Crc32C => crc32C,
            ChecksumAlgorithms.Sha1 => sha1,
            _ => sha256,
        });

    private static string? Text(ConstantClass? value) => string.IsNullOrEmpty(value?.Value) ? null : value.Value;

    /// <summary>Ceph sends the ETag of a copied part without the quotes that belong to it.</summary>
    private static string Quoted(string etag) => etag.StartsWith('"') ? etag : $"\"{etag}\"";
}
