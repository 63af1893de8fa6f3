using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.StoreProfiles;

/// <summary>
/// The XML API of Google Cloud Storage: a part with a checksum is refused as if its signature were wrong (qdrant #9568); no copy
/// of parts (ClickHouse #49390); conditions are by generation, so those by ETag are ignored.
/// </summary>
internal sealed class GoogleCloudStorage : StoreProfile
{
    public override void Before(S3Request request)
    {
        if (request.Operation == "UploadPart" && HasChecksum(request))
            throw new S3Exception("SignatureDoesNotMatch", 403, "Invalid argument.");
        if (request.Operation == "UploadPartCopy")
            throw new S3Exception("NotImplemented", 501, "The requested functionality is not implemented.");
        IgnoreChecksums(request);
        Ignore(request, "If-Match", "If-None-Match", "x-amz-mp-object-size");
    }

    public override void After(S3Request request, S3Response response) => RemoveHeaders(response, IsChecksum);
}
