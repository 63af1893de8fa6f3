using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Objects;

/// <summary>Finds the version that a request means, and writes the headers that tell which one it was.</summary>
internal static class ObjectVersions
{
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

    public static void WriteVersionId(S3Response response, ObjectVersion version)
    {
        if (version.VersionId != ObjectVersion.NullVersionId)
            response.Set("x-amz-version-id", version.VersionId);
    }

    public static void WriteChecksum(S3Response response, ObjectVersion version)
    {
        if (version.Checksum is not { } checksum)
            return;
        response.Set(ChecksumAlgorithm.Find(checksum.Algorithm)!.Header, checksum.Value);
        response.Set("x-amz-checksum-type", checksum.Type);
    }
}
