using System.Text;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.DirectoryBuckets;

/// <summary>The headers that requests to directory buckets may not have, or only with certain values.</summary>
internal static class DirectoryInputs
{
    private const string Sse = "x-amz-server-side-encryption";
    private const string OnlyStorageClass = "EXPRESS_ONEZONE";
    private const string InitiatedTime = "x-amz-if-match-initiated-time";

    private static readonly string[] s_refused =
    [
        "x-amz-acl", "x-amz-grant-full-control", "x-amz-grant-read", "x-amz-grant-read-acp", "x-amz-grant-write-acp", "x-amz-grant-write",
        "x-amz-website-redirect-location", "x-amz-tagging", "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date",
        "x-amz-object-lock-legal-hold", "x-amz-request-payer",
        Sse + "-customer-algorithm", Sse + "-customer-key", Sse + "-customer-key-MD5",
    ];

    /// <summary>Checks the headers of CreateMultipartUpload and PutObject.</summary>
    public static void CheckObjectHeaders(S3Request request, BucketRecord bucket)
    {
        if (s_refused.FirstOrDefault(h => request.Header(h) is not null) is { } refused)
            throw S3Errors.NotImplemented(refused);
        CheckEncryption(request, bucket);
    }

    /// <summary>A request may only repeat the encryption that the bucket has anyway.</summary>
    public static void CheckEncryption(S3Request request, BucketRecord bucket)
    {
        Encryption expected = bucket.DefaultEncryption ?? Encryption.Default;
        string? algorithm = request.Header(Sse), key = request.Header(Sse + "-aws-kms-key-id"), context = request.Header(Sse + "-context");
        if (algorithm is not (null or Encryption.Aes256 or Encryption.Kms))
            throw S3Errors.InvalidArgument("The encryption method specified is not supported", Sse, algorithm);
        bool same = (algorithm is null || algorithm == expected.Algorithm)
            && (key is null || key == expected.KmsKeyId || expected.KmsKeyId?.EndsWith(":key/" + key, StringComparison.Ordinal) == true)
            && (context is null || context == EncryptionContext(bucket))
            && request.Header(Sse + "-bucket-key-enabled")?.ToLowerInvariant() is null or "true";
        if (!same)
            throw S3Errors.InvalidRequest("The encryption settings of the request must match the directory bucket's default encryption.");
    }

    public static string ReadStorageClass(S3Request request)
    {
        string requested = request.Header("x-amz-storage-class") ?? OnlyStorageClass;
        return requested == OnlyStorageClass ? requested : throw S3Errors.InvalidStorageClass(requested);
    }

    public static void CheckDigests(S3Request request, Bucket bucket)
    {
        if (bucket.IsDirectory && request.Header("Content-MD5") is not null)
            throw S3Errors.NotImplemented("Content-MD5");
    }

    /// <summary>The condition of AbortMultipartUpload that only directory buckets have.</summary>
    public static void CheckInitiatedTime(S3Request request, Bucket bucket, UploadRecord upload)
    {
        if (request.Header(InitiatedTime) is not { } text)
            return;
        if (!bucket.IsDirectory)
            throw S3Errors.NotImplemented(InitiatedTime);
        DateTime time = Dates.Exact(text, Dates.HttpFormat)
            ?? throw S3Errors.InvalidArgument("The initiated time is not a valid date.", InitiatedTime, text);
        if (time != Dates.ToSecond(upload.Initiated))
            throw S3Errors.PreconditionFailed(InitiatedTime);
    }

    /// <summary>With that condition, aborting an upload that does not exist succeeds.</summary>
    public static bool MayBeAborted(S3Request request, Bucket bucket) => bucket.IsDirectory && request.Header(InitiatedTime) is not null;

    private static string EncryptionContext(BucketRecord bucket)
    {
        string arn = $"arn:aws:s3express:{bucket.Region ?? "us-west-2"}:{TestAccount.Id}:bucket/{bucket.Name}";
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"aws:s3express:arn":"{{arn}}"}"""));
    }
}
