using System.Text.RegularExpressions;
using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>Making, finding, listing and deleting buckets.</summary>
internal sealed partial class BucketOperations(S3Service service)
{
    public async Task<S3Response> CreateBucket(S3Request request)
    {
        if (request.Caller.IsAnonymous)
            throw S3Errors.AccessDenied();
        string name = request.Target.Bucket;
        if (!BucketName().IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
            throw S3Errors.InvalidBucketName(name);
        byte[] body = await request.Body.ReadAllAsync();
        XElement? configuration = body.Length == 0 ? null : XmlText.Parse(body, "CreateBucketConfiguration");
        string? location = configuration?.Elements().FirstOrDefault(e => e.Name.LocalName == "LocationConstraint")?.Value;
        BucketRecord record = new()
        {
            Name = name,
            Created = DateTime.UtcNow,
            Region = location is { Length: > 0 } ? location : request.Target.Region,
            ObjectLock = request.Header("x-amz-bucket-object-lock-enabled") == "true",
            Versioning = request.Header("x-amz-bucket-object-lock-enabled") == "true" ? "Enabled" : null,
            Ownership = request.Header("x-amz-object-ownership"),
        };
        record = DirectoryRules.CheckCreate(request, record, configuration);
        if (service.Store.Create(record) is null)
        {
            throw new S3Exception("BucketAlreadyOwnedByYou", 409,
                "Your previous request to create the named bucket succeeded and you already own it.", ("BucketName", name));
        }
        return S3Response.Empty().Set("Location", "/" + name);
    }

    public Task<S3Response> DeleteBucket(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        lock (bucket.Gate)
        {
            // Directory buckets are not deleted while uploads are open; others drop them.
            if (bucket.Objects.Count > 0 || (bucket.IsDirectory && bucket.Uploads.Count > 0))
                throw new S3Exception("BucketNotEmpty", 409, "The bucket you tried to delete is not empty", ("BucketName", bucket.Name));
            service.Store.Delete(bucket);
        }
        return Task.FromResult(S3Response.Empty(204));
    }

    public Task<S3Response> HeadBucket(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        S3Response response = S3Response.Empty().Set("x-amz-bucket-region", bucket.Record.Region ?? "us-east-1");
        if (bucket.IsDirectory)
            response.Set("x-amz-bucket-location-type", "AvailabilityZone").Set("x-amz-bucket-location-name", request.Target.Zone);
        return Task.FromResult(response.Set("Content-Type", "application/xml"));
    }

    public Task<S3Response> GetBucketLocation(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        return Task.FromResult(S3Response.Xml(
            new XmlText().OpenRoot("LocationConstraint").Text(bucket.Record.Region ?? "").Close("LocationConstraint")));
    }

    public Task<S3Response> ListBuckets(S3Request request)
    {
        if (request.Caller.IsAnonymous)
            throw S3Errors.AccessDenied();
        bool directory = request.Target.Endpoint == EndpointKind.ZonalControl;
        string prefix = request.Query["prefix"] ?? "";
        string root = directory ? "ListAllMyDirectoryBucketsResult" : "ListAllMyBucketsResult";
        XmlText xml = new XmlText().OpenRoot(root);
        if (!directory)
            AclReader.WriteOwner(xml, "Owner");
        xml.Open("Buckets");
        IEnumerable<Bucket> buckets = service.Store.Buckets
            .Where(b => b.IsDirectory == directory && b.Name.StartsWith(prefix, StringComparison.Ordinal));
        foreach (Bucket bucket in buckets)
        {
            xml.Open("Bucket").Element("Name", bucket.Name).Element("CreationDate", bucket.Record.Created)
                .Element("BucketRegion", bucket.Record.Region ?? "us-east-1").Close("Bucket");
        }
        return Task.FromResult(S3Response.Xml(xml.Close("Buckets").Close(root)));
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
