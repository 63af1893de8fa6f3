using System.Text;
using System.Text.RegularExpressions;
using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.StoreProfiles;

/// <summary>
/// Ceph RADOS Gateway 16, as Debian 12 has it, measured: checksums, conditions, total size, tags and SSE-S3 are accepted and ignored; no
/// trailers; the ETag of a completion is empty, and an unknown upload gets 500.
/// </summary>
internal sealed partial class CephPacific : StoreProfile
{
    private static readonly string[] s_ignored =
        ["If-Match", "If-None-Match", "x-amz-mp-object-size", "x-amz-tagging", "x-amz-expected-bucket-owner"];

    public override void Before(S3Request request)
    {
        if (IsTrailing(request))
            throw new S3Exception("XAmzContentSHA256Mismatch", 400, "");
        IgnoreChecksums(request);
        Ignore(request, s_ignored);
        if (request.Header("x-amz-server-side-encryption") == "AES256")
            Ignore(request, "x-amz-server-side-encryption");
    }

    public override void After(S3Request request, S3Response response)
    {
        RemoveHeaders(response, IsChecksum);
        if (request.Operation != "CompleteMultipartUpload" || response.ErrorCode is not null)
            return;
        ResponseXml.Remove(response, element => element.Name.LocalName.StartsWith("Checksum", StringComparison.Ordinal));
        response.Body = Encoding.UTF8.GetBytes(ETag().Replace(Encoding.UTF8.GetString(response.Body), "<ETag/>"));
    }

    public override S3Exception Error(S3Request request, S3Exception error) => (request.Operation, error.Code) switch
    {
        ("CompleteMultipartUpload", "NoSuchUpload") => new S3Exception("InternalError", 500, ""),
        ("ListParts", "NoSuchUpload") => new S3Exception("NoSuchKey", 404, ""),
        _ => error,
    };

    [GeneratedRegex("<ETag>[^<]*</ETag>")]
    private static partial Regex ETag();
}
