using LocalS3.Http;

namespace LocalS3.Operations;

/// <summary>Finds the operation that a request means, and runs it.</summary>
internal sealed class Router
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

    private readonly Dictionary<string, Func<S3Request, Task<S3Response>>> _operations = [];

    public Router(S3Service service)
    {
        BucketOperations buckets = new(service);
        ObjectListings listings = new(service);
        ObjectOperations objects = new(service);
        ReadOperations reads = new(service);
        UploadOperations uploads = new(service);
        UploadListings uploadListings = new(service);
        Add(buckets.ListBuckets, buckets.CreateBucket, buckets.DeleteBucket, buckets.HeadBucket, buckets.GetBucketLocation);
        Add(listings.ListObjects, listings.ListObjectsV2, listings.ListObjectVersions);
        Add(objects.PutObject, objects.DeleteObject, objects.GetObjectTagging, objects.GetObjectAcl);
        Add(objects.GetObjectRetention, objects.GetObjectLegalHold, reads.GetObject, reads.GetObjectAttributes);
        _operations["HeadObject"] = reads.GetObject;
        Add(uploads.CreateMultipartUpload, uploads.AbortMultipartUpload, uploadListings.ListParts, uploadListings.ListMultipartUploads);
        Add(new PartOperations(service).UploadPart, new CopyOperations(service).UploadPartCopy);
        Add(new CompleteOperation(service).CompleteMultipartUpload, new SessionOperation(service).CreateSession);
        Add(new DeleteObjectsOperation(service).DeleteObjects);
        AddSettings(service);
    }

    public Task<S3Response> RunAsync(S3Request request) => _operations.TryGetValue(request.Operation, out var run)
        ? run(request)
        : throw S3Errors.OperationNotImplemented(request.Operation);

    /// <summary>S3's name of the operation; one that is not served here gets its name too, for the log.</summary>
    public static string Name(S3Request request)
    {
        S3Target target = request.Target;
        string name = target.Bucket.Length == 0 ? ServiceOperation(request)
            : target.Key.Length == 0 ? BucketOperation(request) : ObjectOperation(request);
        return name.Length > 0 ? name : throw S3Errors.MethodNotAllowed(request.Method, target.Key.Length == 0 ? "BUCKET" : "OBJECT");
    }

    private static string ServiceOperation(S3Request request) => request.Method == "GET" ? "ListBuckets" : "";

    private static string BucketOperation(S3Request request)
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

    private static string ObjectOperation(S3Request request)
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

    private void AddSettings(S3Service service)
    {
        SettingsOperations settings = new(service);
        EncryptionOperations encryption = new(service);
        LifecycleOperations lifecycle = new(service);
        Add(settings.PutBucketVersioning, settings.GetBucketVersioning);
        Add(settings.PutObjectLockConfiguration, settings.GetObjectLockConfiguration);
        Add(settings.PutBucketOwnershipControls, settings.GetBucketOwnershipControls, settings.DeleteBucketOwnershipControls);
        Add(encryption.PutBucketEncryption, encryption.GetBucketEncryption, encryption.DeleteBucketEncryption);
        Add(lifecycle.PutBucketLifecycleConfiguration, lifecycle.GetBucketLifecycleConfiguration,
            lifecycle.DeleteBucketLifecycleConfiguration);
    }

    private void Add(params Func<S3Request, Task<S3Response>>[] operations)
    {
        foreach (Func<S3Request, Task<S3Response>> operation in operations)
            _operations[operation.Method.Name] = operation;
    }
}
