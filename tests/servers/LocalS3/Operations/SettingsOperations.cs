using System.Globalization;
using System.Xml.Linq;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>Versioning, object lock and ownership of a bucket.</summary>
internal sealed class SettingsOperations(S3Service service)
{
    public async Task<S3Response> PutBucketVersioning(S3Request request)
    {
        Bucket bucket = General(request);
        XElement root = await ReadAsync(request, "VersioningConfiguration");
        string? status = Value(root, "Status");
        if (status is not (null or "Enabled" or "Suspended"))
            throw S3Errors.MalformedXml();
        if (bucket.Record.ObjectLock && status != "Enabled")
        {
            throw new S3Exception("InvalidBucketState", 409,
                "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        }
        return Change(bucket, r => r with { Versioning = status ?? r.Versioning });
    }

    public Task<S3Response> GetBucketVersioning(S3Request request)
    {
        Bucket bucket = General(request);
        return Task.FromResult(S3Response.Xml(new XmlText().OpenRoot("VersioningConfiguration")
            .Element("Status", bucket.Record.Versioning).Close("VersioningConfiguration")));
    }

    public async Task<S3Response> PutObjectLockConfiguration(S3Request request)
    {
        Bucket bucket = General(request);
        XElement root = await ReadAsync(request, "ObjectLockConfiguration");
        if (!bucket.IsVersioned)
        {
            throw new S3Exception("InvalidBucketState", 409,
                "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
        }
        XElement? retention = Child(Child(root, "Rule"), "DefaultRetention");
        string? mode = retention is null ? null : Value(retention, "Mode");
        int? days = Number(retention, "Days") ?? Number(retention, "Years") * 365;
        if (Value(root, "ObjectLockEnabled") != "Enabled"
            || (retention is not null && (mode is not ("GOVERNANCE" or "COMPLIANCE") || days is null)))
            throw S3Errors.MalformedXml();
        return Change(bucket, r => r with { ObjectLock = true, LockMode = mode, LockDays = days });
    }

    public Task<S3Response> GetObjectLockConfiguration(S3Request request)
    {
        BucketRecord bucket = General(request).Record;
        if (!bucket.ObjectLock)
        {
            throw new S3Exception("ObjectLockConfigurationNotFoundError", 404,
                "Object Lock configuration does not exist for this bucket");
        }
        XmlText xml = new XmlText().OpenRoot("ObjectLockConfiguration").Element("ObjectLockEnabled", "Enabled");
        if (bucket is { LockMode: not null, LockDays: { } days })
        {
            xml.Open("Rule").Open("DefaultRetention").Element("Mode", bucket.LockMode).Element("Days", days)
                .Close("DefaultRetention").Close("Rule");
        }
        return Task.FromResult(S3Response.Xml(xml.Close("ObjectLockConfiguration")));
    }

    public async Task<S3Response> PutBucketOwnershipControls(S3Request request)
    {
        Bucket bucket = General(request);
        XElement root = await ReadAsync(request, "OwnershipControls");
        string? ownership = Child(root, "Rule") is { } rule ? Value(rule, "ObjectOwnership") : null;
        if (ownership is not ("BucketOwnerPreferred" or "ObjectWriter" or "BucketOwnerEnforced"))
            throw S3Errors.MalformedXml();
        return Change(bucket, r => r with { Ownership = ownership });
    }

    public Task<S3Response> GetBucketOwnershipControls(S3Request request)
    {
        string ownership = General(request).Record.Ownership
            ?? throw new S3Exception("OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found");
        return Task.FromResult(S3Response.Xml(new XmlText().OpenRoot("OwnershipControls").Open("Rule")
            .Element("ObjectOwnership", ownership).Close("Rule").Close("OwnershipControls")));
    }

    public Task<S3Response> DeleteBucketOwnershipControls(S3Request request) =>
        Task.FromResult(Change(General(request), r => r with { Ownership = null }, 204));

    /// <summary>Settings must come with a digest of their XML.</summary>
    public static async Task<XElement> ReadAsync(S3Request request, string rootName)
    {
        using BodyDigests digests = BodyDigests.FromRequest(request);
        if (!digests.HasContentMd5 && !digests.SentByClient)
            throw S3Errors.InvalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        byte[] body = await request.Body.ReadAllAsync();
        digests.Start(needMd5: false, wanted: null);
        digests.Append(body);
        digests.Verify(request.Body);
        return XmlText.Parse(body, rootName);
    }

    public static XElement? Child(XElement? element, string name) => element?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    public static string? Value(XElement element, string name) => Child(element, name)?.Value.Trim();

    public static int? Number(XElement? element, string name)
    {
        if (Child(element, name) is not { } child)
            return null;
        return int.TryParse(child.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number : throw S3Errors.MalformedXml();
    }

    public static S3Response Change(Bucket bucket, Func<BucketRecord, BucketRecord> change, int status = 200)
    {
        lock (bucket.Gate)
            bucket.Save(change(bucket.Record));
        return S3Response.Empty(status);
    }

    private Bucket General(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        return !bucket.IsDirectory ? bucket : throw S3Errors.OperationNotImplemented(request.Operation);
    }
}
