using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.DirectoryBuckets;

/// <summary>How directory buckets are made, at which host names they are served, and who may sign for them.</summary>
internal static class DirectoryAccess
{
    /// <summary>Operations that S3 serves at the control endpoint of S3 Express; here it is the local address.</summary>
    private static readonly string[] s_control = ["CreateBucket", "DeleteBucket", "PutBucketEncryption"];

    /// <summary>A directory bucket is served at its zonal host name only.</summary>
    public static void CheckAddress(S3Request request)
    {
        S3Target target = request.Target;
        bool directory = Bucket.IsDirectoryName(target.Bucket), control = s_control.Contains(request.Operation);
        switch (target.Endpoint)
        {
            case EndpointKind.Zonal:
                if (!target.IsVirtualHost)
                    throw S3Errors.InvalidRequest("Path-style addressing is not supported for directory buckets.");
                if (!directory || control || !target.Bucket.Contains($"--{target.Zone}--", StringComparison.Ordinal))
                    throw S3Errors.NoSuchBucket(target.Bucket);
                break;
            case EndpointKind.Local when directory && !control:
                throw S3Errors.InvalidRequest(
                    "Directory buckets are served at their zonal endpoint only, by virtual-hosted-style requests.");
            case EndpointKind.Regional when directory:
                throw S3Errors.NoSuchBucket(target.Bucket);
        }
    }

    /// <summary>Zonal requests are signed with a session, except those that create one or read another bucket.</summary>
    public static void CheckCaller(S3Request request, Bucket bucket)
    {
        if (request.Target.Endpoint != EndpointKind.Zonal)
            return;
        bool withoutSession = request.Operation is "CreateSession" or "UploadPartCopy" or "CopyObject";
        if (request.Caller.Session is null != withoutSession)
        {
            throw S3Errors.AccessDenied(withoutSession
                ? $"{request.Operation} is not signed with the keys of a session."
                : $"{request.Operation} must be signed with the keys of a session.");
        }
        if (request.Caller.Session is { } session && session.Bucket != bucket.Name)
            throw S3Errors.AccessDenied();
    }

    /// <summary>The configuration has to describe the bucket that the name stands for; it may be absent, unlike in S3.</summary>
    public static BucketRecord CheckCreate(S3Request request, BucketRecord bucket, XElement? configuration)
    {
        if (!Bucket.IsDirectoryName(bucket.Name))
            return bucket;
        if (request.Target.IsVirtualHost || request.Target.Endpoint == EndpointKind.Regional)
            throw S3Errors.InvalidBucketName(bucket.Name);
        string[] pieces = bucket.Name.Split("--")[..^1];
        if (pieces.Length < 2 || pieces[^1].Length == 0)
            throw S3Errors.InvalidBucketName(bucket.Name);
        if (configuration is not null)
        {
            XElement? location = configuration.Child("Location"), kind = configuration.Child("Bucket");
            if (location is null || kind.ChildText("Type") != "Directory")
                throw S3Errors.MalformedXml();
            if (location.ChildText("Name") != pieces[^1])
                throw S3Errors.InvalidBucketName(bucket.Name);
            if (location.ChildText("Type") == "LocalZone")
                throw S3Errors.OperationNotImplemented("LocalZone");
        }
        return bucket with { Region = request.Target.Region };
    }
}
