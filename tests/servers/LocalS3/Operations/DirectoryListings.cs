using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>Listings of directory buckets, which follow rules of their own.</summary>
internal static class DirectoryListings
{
    public static S3Response ListMultipartUploads(S3Request request, Bucket bucket)
    {
        _ = (request, bucket);
        throw S3Errors.OperationNotImplemented("directory buckets");
    }
}
