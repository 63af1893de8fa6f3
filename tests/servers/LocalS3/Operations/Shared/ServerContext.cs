using System.Text;
using LocalS3.Http;
using LocalS3.Operations.DirectoryBuckets;
using LocalS3.Protocol;
using LocalS3.Signing;
using LocalS3.Storage;

namespace LocalS3.Operations.Shared;

/// <summary>What every operation works on, and how it finds the bucket and the upload that a request names.</summary>
internal sealed class ServerContext(Store store, Credentials credentials, bool discardsBodies, TimeSpan sessionLifetime)
{
    public Store Store { get; } = store;

    public Credentials Credentials { get; } = credentials;

    /// <summary>Whether bodies are thrown away as they arrive.</summary>
    public bool DiscardsBodies { get; } = discardsBodies;

    public TimeSpan SessionLifetime { get; } = sessionLifetime;

    /// <summary>The bucket of the request, after the checks that every operation has in common.</summary>
    public Bucket FindBucket(S3Request request)
    {
        string name = request.Target.Bucket;
        if (Encoding.UTF8.GetByteCount(request.Key) is > Limits.MaxKeyLength and var size)
            throw S3Errors.KeyTooLong(size);
        CheckOwner(request, "x-amz-expected-bucket-owner");
        if (request.Header("x-amz-request-payer") is { } payer && payer != "requester")
            throw S3Errors.InvalidArgument("Invalid request payer.", "x-amz-request-payer", payer);
        DirectoryAccess.CheckAddress(request);
        Bucket bucket = Store.Find(name) ?? throw S3Errors.NoSuchBucket(name);
        if (request.Target.Region is { } region && bucket.Record.Region is { } home && region != home)
            throw S3Errors.PermanentRedirect(name, home);
        DirectoryAccess.CheckCaller(request, bucket);
        return bucket;
    }

    /// <summary>The bucket of an operation that directory buckets do not have.</summary>
    public Bucket FindGeneralPurposeBucket(S3Request request)
    {
        Bucket bucket = FindBucket(request);
        return !bucket.IsDirectory ? bucket : throw S3Errors.OperationNotImplemented(request.Operation);
    }

    public static Upload FindUpload(S3Request request, Bucket bucket)
    {
        lock (bucket.Gate)
        {
            return bucket.Uploads.TryGetValue(request.UploadId, out Upload? upload) && upload.Key == request.Key
                ? upload : throw S3Errors.NoSuchUpload(request.UploadId);
        }
    }

    public static void CheckOwner(S3Request request, string header)
    {
        string? owner = request.Header(header);
        if (owner is null or TestAccount.Id)
            return;
        if (owner.Length != 12 || !owner.All(char.IsAsciiDigit))
        {
            throw new S3Exception("InvalidBucketOwnerAWSAccountID", 400,
                "The value of the expected bucket owner parameter must be an AWS account ID.");
        }
        throw S3Errors.AccessDenied();
    }

    public static void WriteRequestCharged(S3Request request, S3Response response)
    {
        if (request.Header("x-amz-request-payer") is not null)
            response.Set("x-amz-request-charged", "requester");
    }
}
