using LocalS3.Http;
using LocalS3.Operations.Buckets;
using LocalS3.Operations.Lists;
using LocalS3.Operations.Objects;
using LocalS3.Operations.Parts;
using LocalS3.Operations.Sessions;
using LocalS3.Operations.Shared;
using LocalS3.Operations.Uploads;
using LocalS3.Protocol;

namespace LocalS3.Operations;

/// <summary>Runs the operation of a request. Each operation is a method with S3's name.</summary>
internal sealed class Router
{
    private readonly Dictionary<string, Func<S3Request, Task<S3Response>>> _operations = [];

    public Router(ServerContext context)
    {
        UploadOperations uploads = new(context);
        Add(uploads.CreateMultipartUpload, uploads.AbortMultipartUpload, new CompleteOperation(context).CompleteMultipartUpload);
        Add(new UploadPartOperation(context).UploadPart, new UploadPartCopyOperation(context).UploadPartCopy);
        Add(new PartList(context).ListParts, new UploadList(context).ListMultipartUploads, new ObjectList(context).ListObjectsV2);

        GetObjectOperation get = new(context);
        ObjectSettingOperations objects = new(context);
        Add(
            new PutObjectOperation(context).PutObject, get.GetObject, get.HeadObject, get.GetObjectAttributes,
            new DeleteObjectOperation(context).DeleteObject);
        Add(objects.GetObjectTagging, objects.GetObjectAcl, objects.GetObjectRetention, objects.GetObjectLegalHold);

        BucketOperations buckets = new(context);
        VersioningOperations versioning = new(context);
        Add(buckets.CreateBucket, buckets.DeleteBucket, buckets.ListBuckets, new CreateSessionOperation(context).CreateSession);
        Add(versioning.PutBucketVersioning, versioning.PutObjectLockConfiguration);
        LifecycleOperations lifecycle = new(context);
        Add(lifecycle.PutBucketLifecycleConfiguration, lifecycle.GetBucketLifecycleConfiguration);
        Add(new EncryptionOperations(context).PutBucketEncryption);
    }

    public Task<S3Response> RunAsync(S3Request request) => _operations.TryGetValue(request.Operation, out var run)
        ? run(request)
        : throw S3Errors.OperationNotImplemented(request.Operation);

    private void Add(params Func<S3Request, Task<S3Response>>[] operations)
    {
        foreach (Func<S3Request, Task<S3Response>> operation in operations)
            _operations[operation.Method.Name] = operation;
    }
}
