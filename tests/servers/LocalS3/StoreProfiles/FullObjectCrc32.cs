using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.StoreProfiles;

/// <summary>Stores that have CRC32 and CRC32C for parts only refuse to complete an upload with one of the full object.</summary>
internal static class FullObjectCrc32
{
    public static void Refuse(S3Request request)
    {
        bool isWhole = request.Operation == "CompleteMultipartUpload" && request.Header("x-amz-checksum-type") == "FULL_OBJECT";
        if (isWhole && (request.Header("x-amz-checksum-crc32") ?? request.Header("x-amz-checksum-crc32c")) is not null)
        {
            throw new S3Exception("InvalidPart", 400, "One or more of the specified parts could not be found. The part may not have been "
                + "uploaded, or the specified entity tag may not match the part's entity tag.");
        }
    }
}
