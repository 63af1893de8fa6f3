using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Operations.DirectoryBuckets;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Uploads;

/// <summary>CreateMultipartUpload and AbortMultipartUpload.</summary>
internal sealed class UploadOperations(ServerContext context)
{
    public Task<S3Response> CreateMultipartUpload(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        ObjectInputs inputs = ObjectHeaders.Read(request, bucket);
        (ChecksumAlgorithm? algorithm, string? type) = ReadChecksum(request);
        DateTime initiated = UploadIds.UniqueTime();
        LifecycleRule? rule = AbortRule.Find(bucket, request.Key);
        UploadRecord record = new()
        {
            UploadId = UploadIds.New(initiated),
            Key = request.Key,
            Initiated = initiated,
            Inputs = inputs,
            ChecksumAlgorithm = algorithm?.Name,
            ChecksumType = type,
            AbortDate = rule is null ? null : initiated.Date.AddDays(1 + rule.AbortAfterDays!.Value),
            AbortRuleId = rule?.Id,
        };
        lock (bucket.Gate)
            bucket.Put(bucket.NewUpload(record));

        S3Response response = S3Response.Xml(new XmlText().OpenRoot("InitiateMultipartUploadResult")
            .Element("Bucket", bucket.Name).Element("Key", request.Key).Element("UploadId", record.UploadId)
            .Close("InitiateMultipartUploadResult"));
        AbortRule.WriteHeaders(response, record);
        response.Set("x-amz-checksum-algorithm", record.ChecksumAlgorithm).Set("x-amz-checksum-type", record.ChecksumType);
        EncryptionHeaders.Write(response, inputs.Encryption, request);
        ServerContext.WriteRequestCharged(request, response);
        return Task.FromResult(response);
    }

    public Task<S3Response> AbortMultipartUpload(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        lock (bucket.Gate)
        {
            if (!bucket.Uploads.TryGetValue(request.UploadId, out Upload? upload) || upload.Key != request.Key)
            {
                return DirectoryInputs.MayBeAborted(request, bucket)
                    ? Task.FromResult(S3Response.Empty(204))
                    : throw S3Errors.NoSuchUpload(request.UploadId);
            }
            DirectoryInputs.CheckInitiatedTime(request, bucket, upload.Record);
            bucket.Remove(upload, new HashSet<string?>());
        }
        S3Response response = S3Response.Empty(204);
        ServerContext.WriteRequestCharged(request, response);
        return Task.FromResult(response);
    }

    /// <summary>Checks the algorithm and the type against each other, and adds the type that is S3's default for the algorithm.</summary>
    private static (ChecksumAlgorithm? Algorithm, string? Type) ReadChecksum(S3Request request)
    {
        string? name = request.Header("x-amz-checksum-algorithm");
        string? type = request.Header("x-amz-checksum-type");
        if (type is not (null or ChecksumAlgorithm.Composite or ChecksumAlgorithm.FullObject))
            throw S3Errors.InvalidRequest("Value for x-amz-checksum-type header is invalid.");
        if (name is null)
        {
            return type is null ? (null, null)
                : throw S3Errors.InvalidRequest(
                    "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.Find(name.ToUpperInvariant())
            ?? throw S3Errors.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                + "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256, SHA512, MD5, XXHASH64, XXHASH3, XXHASH128]");
        type ??= algorithm.SupportsComposite ? ChecksumAlgorithm.Composite : ChecksumAlgorithm.FullObject;
        if (type == ChecksumAlgorithm.Composite ? !algorithm.SupportsComposite : !algorithm.SupportsFullObject)
            throw S3Errors.InvalidRequest($"The {type} checksum type cannot be used with the {algorithm.LowerName} checksum algorithm.");
        return (algorithm, type);
    }
}
