using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.Operations;

/// <summary>S3's name of the operation that a request means. An operation that is not served here has a name too, for the log.</summary>
internal static class OperationNames
{
    private static readonly Dictionary<string, string> s_bucketSettings = new()
    {
        ["versioning"] = "BucketVersioning",
        ["lifecycle"] = "BucketLifecycleConfiguration",
        ["encryption"] = "BucketEncryption",
        ["object-lock"] = "ObjectLockConfiguration",
        ["ownershipControls"] = "BucketOwnershipControls",
        ["acl"] = "BucketAcl",
        ["policy"] = "BucketPolicy",
        ["tagging"] = "BucketTagging",
        ["accelerate"] = "BucketAccelerateConfiguration",
    };

    private static readonly Dictionary<string, string> s_objectSettings = new()
    {
        ["tagging"] = "ObjectTagging",
        ["acl"] = "ObjectAcl",
        ["attributes"] = "ObjectAttributes",
        ["retention"] = "ObjectRetention",
        ["legal-hold"] = "ObjectLegalHold",
    };

    public static string Of(S3Request request)
    {
        S3Target target = request.Target;
        string name = target.Bucket.Length == 0 ? OfService(request) : target.Key.Length == 0 ? OfBucket(request) : OfObject(request);
        return name.Length > 0 ? name : throw S3Errors.MethodNotAllowed(request.Method, target.Key.Length == 0 ? "BUCKET" : "OBJECT");
    }

    private static string OfService(S3Request request) => request.Method == "GET" ? "ListBuckets" : "";

    private static string OfBucket(S3Request request)
    {
        QueryParameters query = request.Query;
        string? setting = s_bucketSettings.Keys.FirstOrDefault(query.Has);
        switch (request.Method)
        {
            case "PUT":
                return setting is null ? "CreateBucket" : "Put" + s_bucketSettings[setting];
            case "DELETE":
                return setting is null ? "DeleteBucket" : "Delete" + s_bucketSettings[setting];
            case "HEAD":
                return "HeadBucket";
            case "POST":
                return query.Has("delete") ? "DeleteObjects" : "";
            case "GET":
                return query.Has("session") ? "CreateSession"
                    : query.Has("uploads") ? "ListMultipartUploads"
                    : query.Has("location") ? "GetBucketLocation"
                    : query.Has("versions") ? "ListObjectVersions"
                    : setting is not null ? "Get" + s_bucketSettings[setting]
                    : query["list-type"] == "2" ? "ListObjectsV2" : "ListObjects";
            default:
                return "";
        }
    }

    private static string OfObject(S3Request request)
    {
        QueryParameters query = request.Query;
        string? setting = s_objectSettings.Keys.FirstOrDefault(query.Has);
        bool upload = query.Has("uploadId");
        switch (request.Method)
        {
            case "PUT":
                if (upload && query.Has("partNumber"))
                    return request.Header("x-amz-copy-source") is null ? "UploadPart" : "UploadPartCopy";
                if (query["partNumber"] is { } number)
                    throw S3Errors.InvalidArgument("This operation does not accept partNumber without uploadId", "partNumber", number);
                return setting is not null ? "Put" + s_objectSettings[setting]
                    : request.Header("x-amz-copy-source") is null ? "PutObject" : "CopyObject";
            case "POST":
                return query.Has("uploads") ? "CreateMultipartUpload" : upload ? "CompleteMultipartUpload" : "";
            case "DELETE":
                return upload ? "AbortMultipartUpload" : setting is null ? "DeleteObject" : "Delete" + s_objectSettings[setting];
            case "HEAD":
                return "HeadObject";
            case "GET":
                if (query.Has("uploads"))
                    throw S3Errors.InvalidRequest("Key is not expected for the GET method ?uploads subresource");
                return upload ? "ListParts" : setting is null ? "GetObject" : "Get" + s_objectSettings[setting];
            default:
                return "";
        }
    }
}
