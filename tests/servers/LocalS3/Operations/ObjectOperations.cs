using System.Security.Cryptography;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>PutObject, DeleteObject and the small readings of an object: tags, ACL, retention, legal hold.</summary>
internal sealed class ObjectOperations(S3Service service)
{
    private readonly BodyStore _bodies = new(service.Options.Discard);

    public async Task<S3Response> PutObject(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        using BodyDigests digests = BodyDigests.FromRequest(request);
        DirectoryRules.CheckDigests(request, bucket);
        ObjectInputs inputs = ObjectInputReader.Read(request, bucket);
        LockReader.RequireDigest(inputs, digests.HasContentMd5 || digests.SentByClient, "Object");
        lock (bucket.Gate)
            Conditions.CheckWrite(request, bucket.Current(request.Key));
        ReceivedBody body = await _bodies.ReceiveAsync(request, bucket, digests, inputs.Encryption,
            wanted: bucket.IsDirectory ? null : ChecksumAlgorithm.Crc64Nvme);
        DateTime now = DateTime.UtcNow;
        ObjectVersion version = new()
        {
            Id = Guid.NewGuid().ToString("N"),
            Key = request.Key,
            VersionId = NewVersionId(bucket),
            LastModified = now,
            Started = now,
            Size = body.Size,
            ETag = body.ETag,
            Inputs = inputs,
            Segments = [new DataSegment(body.File, body.Size)],
            Checksum = body.Checksum is null ? null
                : new StoredChecksum(body.ChecksumAlgorithm!, ChecksumAlgorithm.FullObject, body.Checksum),
        };
        try
        {
            lock (bucket.Gate)
            {
                Conditions.CheckWrite(request, bucket.Current(request.Key));
                bucket.Put(version);
            }
        }
        catch (S3Exception)
        {
            bucket.Data.Delete(body.File);
            throw;
        }
        S3Response response = S3Response.Empty().Set("ETag", PartOperations.Quoted(version.ETag));
        WriteVersionId(response, version);
        WriteChecksum(response, version);
        EncryptionReader.WriteHeaders(response, inputs.Encryption, request);
        return response;
    }

    public Task<S3Response> DeleteObject(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        bool bypass = request.Header("x-amz-bypass-governance-retention") == "true";
        S3Response response = S3Response.Empty(204);
        lock (bucket.Gate)
            Delete(bucket, request.Key, request.Query["versionId"], bypass, response);
        return Task.FromResult(response);
    }

    public static void Delete(Bucket bucket, string key, string? versionId, bool bypass, S3Response response)
    {
        if (versionId is not null)
        {
            ObjectVersion? version = bucket.Objects.GetValueOrDefault(key)?.Find(v => v.VersionId == versionId);
            response.Set("x-amz-version-id", versionId);
            if (version is null)
                return;
            LockReader.CheckDeletable(version, bypass);
            if (version.IsDeleteMarker)
                response.Set("x-amz-delete-marker", "true");
            bucket.Remove(version);
            return;
        }
        if (bucket.Record.Versioning is null)
        {
            if (bucket.Current(key) is { } current)
                bucket.Remove(current);
            return;
        }
        DateTime now = DateTime.UtcNow;
        ObjectVersion marker = new()
        {
            Id = Guid.NewGuid().ToString("N"),
            Key = key,
            VersionId = NewVersionId(bucket),
            LastModified = now,
            Started = now,
            IsDeleteMarker = true,
        };
        bucket.Put(marker);
        response.Set("x-amz-delete-marker", "true").Set("x-amz-version-id", marker.VersionId);
    }

    public Task<S3Response> GetObjectTagging(S3Request request) => Answer(request, TagReader.Write);

    public Task<S3Response> GetObjectAcl(S3Request request) => Answer(request, v => AclReader.Write(v.Inputs));

    public Task<S3Response> GetObjectRetention(S3Request request) => Answer(request, LockReader.WriteRetention);

    public Task<S3Response> GetObjectLegalHold(S3Request request) => Answer(request, LockReader.WriteLegalHold);

    /// <summary>The version a request is about.</summary>
    public static ObjectVersion Find(S3Request request, Bucket bucket)
    {
        string? versionId = request.Query["versionId"];
        List<ObjectVersion>? versions = bucket.Objects.GetValueOrDefault(request.Key);
        if (versionId is null)
        {
            ObjectVersion current = versions?[^1] ?? throw S3Errors.NoSuchKey(request.Key);
            return !current.IsDeleteMarker ? current
                : throw new S3Exception("NoSuchKey", 404, "The specified key does not exist.", ("Key", request.Key))
                { Headers = [("x-amz-delete-marker", "true"), ("x-amz-version-id", current.VersionId)] };
        }
        ObjectVersion version = versions?.Find(v => v.VersionId == versionId) ?? throw S3Errors.NoSuchVersion(request.Key, versionId);
        return !version.IsDeleteMarker ? version
            : throw new S3Exception("MethodNotAllowed", 405, "The specified method is not allowed against this resource.",
                ("Method", request.Method), ("ResourceType", "DeleteMarker"))
            { Headers = [("x-amz-delete-marker", "true"), ("x-amz-version-id", versionId)] };
    }

    public static string NewVersionId(Bucket bucket) => bucket.IsVersioned
        ? RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._", 32) : "null";

    public static void WriteVersionId(S3Response response, ObjectVersion version)
    {
        if (version.VersionId != "null")
            response.Set("x-amz-version-id", version.VersionId);
    }

    public static void WriteChecksum(S3Response response, ObjectVersion version)
    {
        if (version.Checksum is not { } checksum)
            return;
        response.Set(ChecksumAlgorithm.Find(checksum.Algorithm)!.Header, checksum.Value);
        response.Set("x-amz-checksum-type", checksum.Type);
    }

    private Task<S3Response> Answer(S3Request request, Func<ObjectVersion, S3Response> write)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        if (bucket.IsDirectory)
            throw S3Errors.OperationNotImplemented(request.Operation);
        lock (bucket.Gate)
        {
            ObjectVersion version = Find(request, bucket);
            S3Response response = write(version);
            WriteVersionId(response, version);
            return Task.FromResult(response);
        }
    }
}
