using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>Lifecycle configurations, of which only AbortIncompleteMultipartUpload means anything here.</summary>
internal sealed class LifecycleOperations(S3Service service)
{
    public async Task<S3Response> PutBucketLifecycleConfiguration(S3Request request)
    {
        Bucket bucket = General(request);
        XElement root = await SettingsOperations.ReadAsync(request, "LifecycleConfiguration");
        List<LifecycleRule> rules = [.. root.Elements().Select(ReadRule)];
        if (rules.Count == 0)
            throw S3Errors.MalformedXml();
        return SettingsOperations.Change(bucket, r => r with
        {
            LifecycleRules = rules,
            LifecycleXml = root.ToString(SaveOptions.DisableFormatting),
        });
    }

    public Task<S3Response> GetBucketLifecycleConfiguration(S3Request request)
    {
        string xml = General(request).Record.LifecycleXml
            ?? throw new S3Exception("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist");
        S3Response response = new() { Body = System.Text.Encoding.UTF8.GetBytes(xml) };
        return Task.FromResult(response.Set("Content-Type", "application/xml"));
    }

    public Task<S3Response> DeleteBucketLifecycleConfiguration(S3Request request) => Task.FromResult(
        SettingsOperations.Change(General(request), r => r with { LifecycleRules = [], LifecycleXml = null }, 204));

    private static LifecycleRule ReadRule(XElement rule)
    {
        if (rule.Name.LocalName != "Rule")
            throw S3Errors.MalformedXml();
        XElement? filter = SettingsOperations.Child(rule, "Filter");
        XElement? abort = SettingsOperations.Child(rule, "AbortIncompleteMultipartUpload");
        bool tagged = filter?.Descendants().Any(e => e.Name.LocalName == "Tag") == true;
        if (tagged && abort is not null)
            throw S3Errors.InvalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags");
        string prefix = SettingsOperations.Value(rule, "Prefix")
            ?? filter?.Descendants().FirstOrDefault(e => e.Name.LocalName == "Prefix")?.Value ?? "";
        string? status = SettingsOperations.Value(rule, "Status");
        bool dated = abort is null || SettingsOperations.Child(abort, "DaysAfterInitiation") is not null;
        if (status is not ("Enabled" or "Disabled") || !dated)
            throw S3Errors.MalformedXml();
        string id = SettingsOperations.Value(rule, "ID") ?? Guid.NewGuid().ToString("N");
        return new LifecycleRule(id, status == "Enabled", prefix, SettingsOperations.Number(abort, "DaysAfterInitiation"));
    }

    private Bucket General(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        return !bucket.IsDirectory ? bucket : throw S3Errors.OperationNotImplemented(request.Operation);
    }
}
