using LocalS3.Http;

namespace LocalS3.Stores;

/// <summary>
/// moto 5.2, measured: the roots of two documents are called otherwise, and a part is answered with a CRC32 whatever its upload's
/// algorithm is.
/// </summary>
internal sealed class Moto : StoreCharacter
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
