using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Buckets;

/// <summary>PutBucketVersioning, and PutObjectLockConfiguration, which needs it.</summary>
internal sealed class VersioningOperations(ServerContext context)
{
    public async Task<S3Response> PutBucketVersioning(S3Request request)
    {
        Bucket bucket = context.FindGeneralPurposeBucket(request);
        XElement root = await BucketSettings.ReadAsync(request, "VersioningConfiguration");
        string? status = root.ChildText("Status");
        if (status is not (null or "Enabled" or "Suspended"))
            throw S3Errors.MalformedXml();
        if (bucket.Record.ObjectLock && status != "Enabled")
        {
            throw new S3Exception("InvalidBucketState", 409,
                "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        }
        return BucketSettings.Change(bucket, r => r with { Versioning = status ?? r.Versioning });
    }

    public async Task<S3Response> PutObjectLockConfiguration(S3Request request)
    {
        Bucket bucket = context.FindGeneralPurposeBucket(request);
        XElement root = await BucketSettings.ReadAsync(request, "ObjectLockConfiguration");
        if (!bucket.IsVersioned)
        {
            throw new S3Exception("InvalidBucketState", 409,
                "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
        }
        if (root.ChildText("ObjectLockEnabled") != "Enabled")
            throw S3Errors.MalformedXml();
        if (root.Child("Rule") is not null)
            throw S3Errors.OperationNotImplemented("DefaultRetention");
        return BucketSettings.Change(bucket, r => r with { ObjectLock = true });
    }
}
