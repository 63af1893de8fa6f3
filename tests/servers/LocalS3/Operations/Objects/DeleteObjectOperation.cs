using LocalS3.Http;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Storage;

namespace LocalS3.Operations.Objects;

/// <summary>DeleteObject.</summary>
internal sealed class DeleteObjectOperation(ServerContext context)
{
    public Task<S3Response> DeleteObject(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        S3Response response = S3Response.Empty(204);
        lock (bucket.Gate)
        {
            if (request.Query["versionId"] is { } versionId)
                DeleteVersion(bucket, request.Key, versionId, response);
            else if (bucket.Record.Versioning is not null)
                PutDeleteMarker(bucket, request.Key, response);
            else if (bucket.Current(request.Key) is { } current)
                bucket.Remove(current);
        }
        return Task.FromResult(response);
    }

    private static void DeleteVersion(Bucket bucket, string key, string versionId, S3Response response)
    {
        response.Set("x-amz-version-id", versionId);
        if (bucket.Objects.GetValueOrDefault(key)?.Find(v => v.VersionId == versionId) is not { } version)
            return;
        LockHeaders.CheckDeletable(version);
        if (version.IsDeleteMarker)
            response.Set("x-amz-delete-marker", "true");
        bucket.Remove(version);
    }

    private static void PutDeleteMarker(Bucket bucket, string key, S3Response response)
    {
        DateTime now = DateTime.UtcNow;
        ObjectVersion marker = new()
        {
            Id = Guid.NewGuid().ToString("N"),
            Key = key,
            VersionId = bucket.NewVersionId(),
            LastModified = now,
            Started = now,
            IsDeleteMarker = true,
        };
        bucket.Put(marker);
        response.Set("x-amz-delete-marker", "true").Set("x-amz-version-id", marker.VersionId);
    }
}
