using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Operations.DirectoryBuckets;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Objects;

/// <summary>PutObject.</summary>
internal sealed class PutObjectOperation(ServerContext context)
{
    public async Task<S3Response> PutObject(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        using BodyDigests digests = BodyDigests.FromRequest(request);
        DirectoryInputs.CheckDigests(request, bucket);
        ObjectInputs inputs = ObjectHeaders.Read(request, bucket);
        LockHeaders.RequireDigest(inputs, digests.HasContentMd5 || digests.SentByClient, "Object");
        lock (bucket.Gate)
            ConditionHeaders.CheckWrite(request, bucket.Current(request.Key));
        ReceivedBody body = await BodyReceiver.ReceiveAsync(request, bucket, digests, inputs.Encryption,
            required: bucket.IsDirectory ? null : ChecksumAlgorithm.Crc64Nvme, context.DiscardsBodies);
        ObjectVersion version = NewVersion(request.Key, bucket, inputs, body);
        try
        {
            lock (bucket.Gate)
            {
                ConditionHeaders.CheckWrite(request, bucket.Current(request.Key));
                bucket.Put(version);
            }
        }
        catch (S3Exception)
        {
            bucket.Data.Delete(body.File);
            throw;
        }
        S3Response response = S3Response.Empty().Set("ETag", ETags.Quoted(version.ETag));
        ObjectVersions.WriteVersionId(response, version);
        ObjectVersions.WriteChecksum(response, version);
        EncryptionHeaders.Write(response, inputs.Encryption, request);
        return response;
    }

    private static ObjectVersion NewVersion(string key, Bucket bucket, ObjectInputs inputs, ReceivedBody body)
    {
        DateTime now = DateTime.UtcNow;
        return new ObjectVersion
        {
            Id = Guid.NewGuid().ToString("N"),
            Key = key,
            VersionId = bucket.NewVersionId(),
            LastModified = now,
            Started = now,
            Size = body.Size,
            ETag = body.ETag,
            Inputs = inputs,
            Segments = [new DataSegment(body.File, body.Size)],
            Checksum = body.Checksum is null ? null
                : new StoredChecksum(body.ChecksumAlgorithm!, ChecksumAlgorithm.FullObject, body.Checksum),
        };
    }
}
