using System.Text;
using LocalS3.Auth;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>What every operation needs, and the checks they share.</summary>
internal sealed class S3Service(Options options, Store store, Credentials credentials)
{
    public Options Options { get; } = options;

    public Store Store { get; } = store;

    public Credentials Credentials { get; } = credentials;

    /// <summary>The bucket of the request, after everything that could be wrong with the way it was asked for.</summary>
    public Bucket Bucket(S3Request request)
    {
        string name = request.Target.Bucket;
        if (Encoding.UTF8.GetByteCount(request.Key) is > Limits.LongestKey and var size)
            throw S3Errors.KeyTooLong(size);
        CheckOwner(request, "x-amz-expected-bucket-owner");
        if (request.Header("x-amz-request-payer") is { } payer && payer != "requester")
            throw S3Errors.InvalidArgument("Invalid request payer.", "x-amz-request-payer", payer);
        DirectoryRules.CheckAddressing(request);
        Bucket bucket = Store.Find(name) ?? throw S3Errors.NoSuchBucket(name);
        if (request.Target.Region is { } region && bucket.Record.Region is { } home && region != home)
            throw S3Errors.PermanentRedirect(name, home);
        DirectoryRules.CheckCaller(request, bucket);
        return bucket;
    }

    public static void CheckOwner(S3Request request, string header)
    {
        string? owner = request.Header(header);
        if (owner is null || owner == LocalS3.Options.AccountId)
            return;
        if (owner.Length != 12 || !owner.All(char.IsAsciiDigit))
        {
            throw new S3Exception("InvalidBucketOwnerAWSAccountID", 400,
                "The value of the expected bucket owner parameter must be an AWS account ID.");
        }
        throw S3Errors.AccessDenied();
    }

    public static Upload Upload(S3Request request, Bucket bucket)
    {
        lock (bucket.Gate)
        {
            return bucket.Uploads.TryGetValue(request.UploadId, out Upload? upload) && upload.Key == request.Key
                ? upload : throw S3Errors.NoSuchUpload(request.UploadId);
        }
    }

    public static void Charged(S3Request request, S3Response response)
    {
        if (request.Header("x-amz-request-payer") is not null)
            response.Set("x-amz-request-charged", "requester");
    }
}
