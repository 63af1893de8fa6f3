using System.Text;
using System.Xml.Linq;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>What directory buckets refuse, and how they are reached.</summary>
internal static class DirectoryRules
{
    private const string Sse = "x-amz-server-side-encryption";

    private static readonly string[] s_refused =
    [
        "x-amz-acl", "x-amz-grant-full-control", "x-amz-grant-read", "x-amz-grant-read-acp", "x-amz-grant-write-acp", "x-amz-grant-write",
        "x-amz-website-redirect-location", "x-amz-tagging", "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date",
        "x-amz-object-lock-legal-hold", "x-amz-request-payer",
        Sse + "-customer-algorithm", Sse + "-customer-key", Sse + "-customer-key-MD5",
    ];

    /// <summary>Operations of the control endpoint, which takes the bucket in the path.</summary>
    private static readonly string[] s_control =
        ["CreateBucket", "DeleteBucket", "ListBuckets", "PutBucketEncryption", "GetBucketEncryption", "DeleteBucketEncryption"];

    private static readonly string[] s_readOnly =
        ["GetObject", "HeadObject", "GetObjectAttributes", "ListObjectsV2", "ListParts", "ListMultipartUploads", "HeadBucket"];

    /// <summary>Directory buckets are reached by their own host name only; their control operations in path style only.</summary>
    public static void CheckAddressing(S3Request request)
    {
        S3Target target = request.Target;
        bool directory = Bucket.IsDirectoryName(target.Bucket), control = s_control.Contains(request.Operation);
        switch (target.Endpoint)
        {
            case EndpointKind.Zonal:
                if (!target.IsVirtualHost)
                    throw S3Errors.InvalidRequest("Path-style addressing is not supported for directory buckets.");
                if (!directory || control || !Bucket.IsDirectoryName(target.Bucket)
                    || !target.Bucket.Contains($"--{target.Zone}--", StringComparison.Ordinal))
                    throw S3Errors.NoSuchBucket(target.Bucket);
                break;
            case EndpointKind.ZonalControl:
                if (!control)
                    throw S3Errors.MethodNotAllowed(request.Method, "BUCKET");
                if (!directory)
                    throw S3Errors.NoSuchBucket(target.Bucket);
                break;
            case EndpointKind.Local when directory && !control:
                throw S3Errors.InvalidRequest(
                    "Directory buckets are served at their zonal endpoint only, by virtual-hosted-style requests.");
            case EndpointKind.Regional when directory:
                throw S3Errors.NoSuchBucket(target.Bucket);
        }
    }

    /// <summary>Zonal operations are signed with a session, except those that make one or read another bucket.</summary>
    public static void CheckCaller(S3Request request, Bucket bucket)
    {
        if (request.Caller.IsAnonymous && (bucket.IsDirectory || request.Operation is not ("GetObject" or "HeadObject")))
            throw S3Errors.AccessDenied();
        if (request.Target.Endpoint != EndpointKind.Zonal)
            return;
        bool plain = request.Caller.Session is null;
        bool wantsPlain = request.Operation is "CreateSession" or "UploadPartCopy" or "CopyObject";
        if (request.Operation != "HeadBucket" && plain != wantsPlain)
        {
            throw S3Errors.AccessDenied(wantsPlain
                ? $"{request.Operation} is not signed with the keys of a session."
                : $"{request.Operation} must be signed with the keys of a session.");
        }
        if (request.Caller.Session is not { } session)
            return;
        if (session.Bucket != bucket.Name || (session.ReadOnly && !s_readOnly.Contains(request.Operation)))
            throw S3Errors.AccessDenied();
    }

    /// <summary>What CreateMultipartUpload and PutObject may not say of an object in a directory bucket.</summary>
    public static void CheckInputs(S3Request request, BucketRecord bucket)
    {
        if (s_refused.FirstOrDefault(h => request.Header(h) is not null) is { } refused)
            throw S3Errors.NotImplemented(refused);
        CheckEncryption(request, bucket);
    }

    public static void CheckEncryption(S3Request request, BucketRecord bucket)
    {
        Encryption wanted = bucket.DefaultEncryption ?? Encryption.Default;
        string? algorithm = request.Header(Sse), key = request.Header(Sse + "-aws-kms-key-id"), context = request.Header(Sse + "-context");
        if (algorithm is not (null or Encryption.Aes256 or Encryption.Kms))
            throw S3Errors.InvalidArgument("The encryption method specified is not supported", Sse, algorithm);
        bool same = (algorithm is null || algorithm == wanted.Algorithm)
            && (key is null || key == wanted.KmsKeyId || wanted.KmsKeyId?.EndsWith(":key/" + key, StringComparison.Ordinal) == true)
            && (context is null || context == Context(bucket))
            && request.Header(Sse + "-bucket-key-enabled")?.ToLowerInvariant() is null or "true";
        if (!same)
            throw S3Errors.InvalidRequest("The encryption settings of the request must match the directory bucket's default encryption.");
    }

    public static string StorageClass(S3Request request, BucketRecord bucket)
    {
        string only = bucket.StorageClass ?? "EXPRESS_ONEZONE";
        string? asked = request.Header("x-amz-storage-class");
        return asked is null || asked == only ? only
            : throw S3Errors.InvalidStorageClass(asked);
    }

    public static void CheckDigests(S3Request request, Bucket bucket)
    {
        if (!bucket.IsDirectory)
            return;
        if (request.Header("Content-MD5") is not null)
            throw S3Errors.NotImplemented("Content-MD5");
    }

    public static void CheckInitiatedTime(S3Request request, Bucket bucket, UploadRecord upload)
    {
        const string Name = "x-amz-if-match-initiated-time";
        if (request.Header(Name) is not { } text)
            return;
        if (!bucket.IsDirectory)
            throw S3Errors.NotImplemented(Name);
        DateTime time = Dates.Exact(text, Dates.HttpFormat)
            ?? throw S3Errors.InvalidArgument("The initiated time is not a valid date.", Name, text);
        if (time != Dates.ToSecond(upload.Initiated))
            throw S3Errors.PreconditionFailed(Name);
    }

    /// <summary>S3 makes a directory bucket only where the request says in full what it is; to a local address it may be shorter.</summary>
    public static BucketRecord CheckCreate(S3Request request, BucketRecord bucket, XElement? configuration)
    {
        bool control = request.Target.Endpoint == EndpointKind.ZonalControl;
        if (!Bucket.IsDirectoryName(bucket.Name))
            return !control ? bucket : throw S3Errors.InvalidBucketName(bucket.Name);
        if (request.Target.IsVirtualHost || request.Target.Endpoint == EndpointKind.Regional)
            throw S3Errors.InvalidBucketName(bucket.Name);
        string[] pieces = bucket.Name.Split("--")[..^1];
        if (pieces.Length < 2 || pieces[^1].Length == 0)
            throw S3Errors.InvalidBucketName(bucket.Name);
        XElement? location = SettingsOperations.Child(configuration, "Location"), kind = SettingsOperations.Child(configuration, "Bucket");
        if (control || configuration is not null)
        {
            if (location is null || kind is null || SettingsOperations.Value(kind, "Type") != "Directory")
                throw S3Errors.MalformedXml();
            if (SettingsOperations.Value(location, "Name") != pieces[^1])
                throw S3Errors.InvalidBucketName(bucket.Name);
        }
        bool localZone = location is not null && SettingsOperations.Value(location, "Type") == "LocalZone";
        return bucket with { Region = request.Target.Region, StorageClass = localZone ? "ONEZONE_IA" : "EXPRESS_ONEZONE" };
    }

    private static string Context(BucketRecord bucket)
    {
        string arn = $"arn:aws:s3express:{bucket.Region ?? "us-west-2"}:{LocalS3.Options.AccountId}:bucket/{bucket.Name}";
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"aws:s3express:arn":"{{arn}}"}"""));
    }
}
