using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.StoreProfiles;

/// <summary>
/// Cloudflare R2: no aws-chunked bodies (FluentStorage #166); CRC64NVME for whole objects only, and CRC32, CRC32C, SHA-1 and SHA-256 for
/// parts only (its table of the S3 API).
/// </summary>
internal sealed class CloudflareR2 : StoreProfile
{
    public override void Before(S3Request request)
    {
        if (request.Header("x-amz-content-sha256") is { } payload && payload.StartsWith("STREAMING-", StringComparison.Ordinal))
            throw new S3Exception("NotImplemented", 501, $"{payload} not implemented");
        FullObjectCrc32.Refuse(request);
    }
}
