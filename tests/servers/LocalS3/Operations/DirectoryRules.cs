using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>What directory buckets refuse.</summary>
internal static class DirectoryRules
{
    public static void CheckInputs(S3Request request, BucketRecord bucket)
    {
        _ = (request, bucket);
    }

    public static string StorageClass(S3Request request, BucketRecord bucket)
    {
        _ = request;
        return bucket.StorageClass ?? "EXPRESS_ONEZONE";
    }

    public static void CheckAddressing(S3Request request)
    {
        _ = request;
    }

    public static void CheckCaller(S3Request request, Bucket bucket)
    {
        _ = bucket;
        if (request.Caller.IsAnonymous && request.Operation is not ("GetObject" or "HeadObject"))
            throw S3Errors.AccessDenied();
    }

    public static void CheckInitiatedTime(S3Request request, Bucket bucket, UploadRecord upload)
    {
        _ = (request, bucket, upload);
    }

    public static void CheckDigests(S3Request request, Bucket bucket)
    {
        _ = (request, bucket);
    }

    public static BucketRecord CheckCreate(S3Request request, BucketRecord bucket, System.Xml.Linq.XElement? configuration)
    {
        _ = (request, configuration);
        return bucket;
    }
}
