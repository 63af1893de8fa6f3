using System.Text;
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
    private const int MaxBuckets = 10_000;

    private static readonly string[] s_listParameters = ["max-buckets", "continuation-token", "prefix", "bucket-region"];

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
        QueryParameters query = request.Query;
        int limit = query.Integer("max-buckets", MaxBuckets, MaxBuckets);
        if (limit == 0)
            throw S3Errors.InvalidArgument("Argument max-buckets must be an integer between 1 and 10000", "max-buckets", "0");
        string prefix = query["prefix"] ?? "", marker = DecodeToken(query["continuation-token"]);
        // Amazon S3 names the Regions to those who give a parameter only.
        bool tellsRegions = s_listParameters.Any(query.Has);
        List<Bucket> found =
        [
            .. context.Store.Buckets.Where(bucket => !bucket.IsDirectory && bucket.Name.StartsWith(prefix, StringComparison.Ordinal)
                && string.CompareOrdinal(bucket.Name, marker) > 0
                && query["bucket-region"] is var region && (region is null || RegionOf(bucket) == region)),
        ];
        XmlText xml = new XmlText().OpenRoot("ListAllMyBucketsResult").Owner("Owner").Open("Buckets");
        foreach (Bucket bucket in found.Take(limit))
        {
            xml.Open("Bucket").Element("Name", bucket.Name).Element("CreationDate", bucket.Record.Created);
            if (tellsRegions)
                xml.Element("BucketRegion", RegionOf(bucket));
            xml.Close("Bucket");
        }
        xml.Close("Buckets");
        if (prefix.Length > 0)
            xml.Element("Prefix", prefix);
        if (found.Count > limit)
            xml.Element("ContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(found[limit - 1].Name)));
        return Task.FromResult(S3Response.Xml(xml.Close("ListAllMyBucketsResult")));
    }

    private static string RegionOf(Bucket bucket) => bucket.Record.Region ?? "us-east-1";

    private static string DecodeToken(string? token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token ?? ""));
        }
        catch (FormatException)
        {
            throw S3Errors.InvalidArgument("The continuation token provided is incorrect", "continuation-token", token ?? "");
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
