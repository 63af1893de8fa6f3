using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.StoreProfiles;

/// <summary>
/// Backblaze B2 before July 2025: no checksum header of any kind (ClickHouse #107318), conditional writes (awscr-s3 #162).
/// </summary>
internal sealed class BackblazeB2 : StoreProfile
{
    public override void Before(S3Request request)
    {
        if (ChecksumHeaders(request).FirstOrDefault() is { } name)
            throw new S3Exception("InvalidArgument", 400, $"Unsupported header '{name.ToLowerInvariant()}' received for this API call.");
        if (IsTrailing(request))
            throw new S3Exception("InvalidArgument", 400, "Unsupported header 'x-amz-trailer' received for this API call.");
    }
}
