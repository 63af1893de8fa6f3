using LocalS3.Http;

namespace LocalS3.StoreProfiles;

/// <summary>
/// moto 5.2, measured: two documents have other root elements, and the response to a part has a CRC32 whatever its upload's algorithm is.
/// </summary>
internal sealed class Moto : StoreProfile
{
    public override void After(S3Request request, S3Response response)
    {
        Replace(response, "CompleteMultipartUploadResult", "CompleteMultipartUploadResponse");
        Replace(response, "ListPartsResult", "ListPartsResponse");
        if (request.Operation == "UploadPart")
        {
            RemoveHeaders(response, IsChecksum);
            response.Set("x-amz-checksum-crc32", "AAAAAA==");
        }
    }
}
