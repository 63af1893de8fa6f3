using LocalS3.Http;

namespace LocalS3.StoreProfiles;

/// <summary>
/// No existing store: it accepts everything, ignores what it could verify, and confirms nothing but ETags. Together with the faults flip,
/// early, drop-last-part, drop-all-parts, no-etag and opaque-etag it reports success for objects that are wrong.
/// </summary>
internal sealed class UnconfirmingStore : StoreProfile
{
    private const string EncryptionPrefix = "x-amz-server-side-encryption";

    public override void Before(S3Request request)
    {
        IgnoreChecksums(request);
        Ignore(request, "If-Match", "If-None-Match", "x-amz-mp-object-size", "Content-MD5");
        Ignore(request, request.Headers.Keys.Where(IsEncryption).ToList());
        request.IgnoresListedETags = true;
    }

    public override void After(S3Request request, S3Response response)
    {
        RemoveHeaders(response, IsChecksum);
        RemoveHeaders(response, IsEncryption);
        if (request.Operation == "CompleteMultipartUpload" && response.ErrorCode is null)
            ResponseXml.Remove(response, element => element.Name.LocalName.StartsWith("Checksum", StringComparison.Ordinal));
    }

    private static bool IsEncryption(string name) => name.StartsWith(EncryptionPrefix, StringComparison.OrdinalIgnoreCase);
}
