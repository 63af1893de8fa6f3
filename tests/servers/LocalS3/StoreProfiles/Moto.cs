using LocalS3.Http;

namespace LocalS3.StoreProfiles;

/// <summary>
/// moto 5.2, measured: two documents have other root elements, the response to a part has a CRC32 where its upload's algorithm is another,
/// and an object has no checksum.
/// </summary>
internal sealed class Moto : StoreProfile
{
    public override void After(S3Request request, S3Response response)
    {
        RemoveHeaders(response, IsChecksum);
        if (request.Operation == "UploadPart" && request.Header("x-amz-checksum-crc32") is null)
            response.Set("x-amz-checksum-crc32", "AAAAAA==");
        if (request.Operation == "CompleteMultipartUpload" && response.ErrorCode is null)
            ResponseXml.Remove(response, element => element.Name.LocalName.StartsWith("Checksum", StringComparison.Ordinal));
        Replace(response, "CompleteMultipartUploadResult", "CompleteMultipartUploadResponse");
        Replace(response, "ListPartsResult", "ListPartsResponse");
    }
}
