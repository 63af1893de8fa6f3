using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.StoreProfiles;

/// <summary>
/// MinIO and its forks: CRC32 of a whole object is refused at the end (minio #20944, silo #31); uploads are listed for an exact key only
/// (cmd/erasure-multipart.go), and without one those since the start of the server, of which there are none here. It names itself in the
/// header Server and as the owner of what it lists (cmd/api-headers.go, cmd/globals.go).
/// </summary>
internal sealed class MinIO : StoreProfile
{
    public override void Before(S3Request request) => FullObjectCrc32.Refuse(request);

    private const string Owner = "02d6176db174dc93cb1b899f7c6078f08654445fe8cf1b6ce98d8855f66bdbf4";

    public override void After(S3Request request, S3Response response)
    {
        response.Set("Server", "MinIO");
        if (request.Operation == "ListBuckets")
            Replace(response, $"<ID>{TestAccount.CanonicalId}</ID>", $"<ID>{Owner}</ID>");
        if (request.Operation != "ListMultipartUploads" || response.ErrorCode is not null)
            return;
        string prefix = request.Query["prefix"] ?? "";
        ResponseXml.Keep(response, "Upload", upload => upload.Elements().Any(e => e.Name.LocalName == "Key" && e.Value == prefix));
        ResponseXml.Keep(response, "CommonPrefixes", _ => false);
    }
}
