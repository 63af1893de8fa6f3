using System.Text;
using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Buckets;

/// <summary>
/// PutBucketLifecycleConfiguration, of which only AbortIncompleteMultipartUpload has an effect here, and GetBucketLifecycleConfiguration,
/// which returns what was put.
/// </summary>
internal sealed class LifecycleOperations(ServerContext context)
{
    public async Task<S3Response> PutBucketLifecycleConfiguration(S3Request request)
    {
        Bucket bucket = context.FindGeneralPurposeBucket(request);
        XElement root = await BucketSettings.ReadAsync(request, "LifecycleConfiguration");
        List<LifecycleRule> rules = [.. root.Elements().Select(ReadRule)];
        if (rules.Count == 0)
            throw S3Errors.MalformedXml();
        return BucketSettings.Change(bucket, r => r with
        {
            LifecycleRules = rules,
            Lifecycle = root.ToString(SaveOptions.DisableFormatting),
        });
    }

    public Task<S3Response> GetBucketLifecycleConfiguration(S3Request request)
    {
        Bucket bucket = context.FindGeneralPurposeBucket(request);
        string lifecycle = bucket.Record.Lifecycle ?? throw new S3Exception(
            "NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist", ("BucketName", bucket.Name));
        S3Response response = S3Response.Empty();
        response.Body = Encoding.UTF8.GetBytes(lifecycle);
        return Task.FromResult(response.Set("Content-Type", "application/xml"));
    }

    private static LifecycleRule ReadRule(XElement rule)
    {
        if (rule.Name.LocalName != "Rule")
            throw S3Errors.MalformedXml();
        XElement? filter = rule.Child("Filter"), abort = rule.Child("AbortIncompleteMultipartUpload");
        bool tagged = filter?.Descendants().Any(e => e.Name.LocalName == "Tag") == true;
        if (tagged && abort is not null)
            throw S3Errors.InvalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags");
        string prefix = rule.ChildText("Prefix")
            ?? filter?.Descendants().FirstOrDefault(e => e.Name.LocalName == "Prefix")?.Value ?? "";
        string? status = rule.ChildText("Status");
        bool dated = abort is null || abort.Child("DaysAfterInitiation") is not null;
        if (status is not ("Enabled" or "Disabled") || !dated)
            throw S3Errors.MalformedXml();
        string id = rule.ChildText("ID") ?? Guid.NewGuid().ToString("N");
        return new LifecycleRule(id, status == "Enabled", prefix, abort.ChildNumber("DaysAfterInitiation"));
    }
}
