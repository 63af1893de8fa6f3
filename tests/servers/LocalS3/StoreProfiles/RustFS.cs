using System.Text;
using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.StoreProfiles;

/// <summary>
/// RustFS 1.0 up to beta.8: a part with a checksum gets 500 (#3506), and so does the list of an upload without parts (#2760).
/// </summary>
internal sealed class RustFS : StoreProfile
{
    public override void Before(S3Request request)
    {
        if (request.Operation == "UploadPart" && HasChecksum(request))
            throw new S3Exception("InternalError", 500, "Io error: checksum mismatch");
    }

    public override void After(S3Request request, S3Response response)
    {
        if (request.Operation == "ListParts" && !Encoding.UTF8.GetString(response.Body).Contains("<Part>", StringComparison.Ordinal))
            throw new S3Exception("InternalError", 500, "Internal error");
    }
}
