using LocalS3.Http;

namespace LocalS3.StoreProfiles;

/// <summary>
/// MinIO and its forks: CRC32 of a whole object is refused at the end (minio #20944, silo #31); uploads are listed for an exact key only.
/// </summary>
internal sealed class MinIO : StoreProfile
{
    public override void Before(S3Request request) => FullObjectCrc32.Refuse(request);

    public override void After(S3Request request, S3Response response)
    {
        if (request.Operation != "ListMultipartUploads" || response.ErrorCode is not null)
            return;
        string prefix = request.Query["prefix"] ?? "";
        ResponseXml.Keep(response, "Upload", upload => upload.Elements().Any(e => e.Name.LocalName == "Key" && e.Value == prefix));
        ResponseXml.Keep(response, "CommonPrefixes", _ => false);
    }
}
