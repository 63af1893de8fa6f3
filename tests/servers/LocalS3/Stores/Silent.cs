using LocalS3.Http;

namespace LocalS3.Stores;

/// <summary>
/// No maker's: a store that takes everything, ignores what it could check, and confirms nothing but by its ETags. With the faults flip,
/// early, swallow, drop-part, no-etag and opaque-etag it is the one that lies.
/// </summary>
internal sealed class Silent : StoreCharacter
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
            XmlFilter.Remove(response, element => element.Name.LocalName.StartsWith("Checksum", StringComparison.Ordinal));
    }

    private static bool IsEncryption(string name) => name.StartsWith(EncryptionPrefix, StringComparison.OrdinalIgnoreCase);
}
