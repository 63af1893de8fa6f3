using System.Text.RegularExpressions;
using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Operations.DirectoryBuckets;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Buckets;

/// <summary>CreateBucket, DeleteBucket and ListBuckets.</summary>
internal sealed partial class BucketOperations(ServerContext context)
{
    public async Task<S3Response> CreateBucket(S3Request request)
    {
        string name = request.Target.Bucket;
        if (!BucketName().IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
            throw S3Errors.InvalidBucketName(name);
        byte[] body = await request.Body.ReadAllAsync();
        XElement? configuration = body.Length == 0 ? null : XmlText.Parse(body, "CreateBucketConfiguration");
        string? location = configuration.Child("LocationConstraint")?.Value;
        bool objectLock = request.Header("x-amz-bucket-object-lock-enabled") == "true";
        BucketRecord record = new()
        {
            Name = name,
            Created = DateTime.UtcNow,
            Region = location is { Length: > 0 } ? location : request.Target.Region,
            ObjectLock = objectLock,
            Versioning = objectLock ? "Enabled" : null,
            Ownership = request.Header("x-amz-object-ownership"),
        };
        record = DirectoryAccess.CheckCreate(request, record, configuration);
        if (context.Store.Create(record) is null)
        {
            throw new S3Exception("BucketAlreadyOwnedByYou", 409,
                "Your previous request to create the named bucket succeeded and you already own it.", ("BucketName", name));
        }
        return S3Response.Empty().Set("Location", "/" + name);
    }

    public Task<S3Response> DeleteBucket(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        lock (bucket.Gate)
        {
            // Open uploads keep a directory bucket from being deleted; those of other buckets are deleted with it.
            if (bucket.Objects.Count > 0 || (bucket.IsDirectory && bucket.Uploads.Count > 0))
                throw new S3Exception("BucketNotEmpty", 409, "The bucket you tried to delete is not empty", ("BucketName", bucket.Name));
            context.Store.Delete(bucket);
        }
        return Task.FromResult(S3Response.Empty(204));
    }

    public Task<S3Response> ListBuckets(S3Request request)
    {
        XmlText xml = new XmlText().OpenRoot("ListAllMyBucketsResult").Open("Buckets");
        foreach (Bucket bucket in context.Store.Buckets.Where(bucket => !bucket.IsDirectory))
            xml.Open("Bucket").Element("Name", bucket.Name).Element("CreationDate", bucket.Record.Created).Close("Bucket");
        return Task.FromResult(S3Response.Xml(xml.Close("Buckets").Close("ListAllMyBucketsResult")));
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
