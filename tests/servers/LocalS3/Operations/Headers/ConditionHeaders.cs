using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Headers;

/// <summary>If-Match and the other headers that make a request conditional.</summary>
internal static class ConditionHeaders
{
    public static bool Matches(string header, string eTag) =>
        header.Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || t.Trim('"') == eTag);

    /// <summary>A date that cannot be parsed is ignored, as S3 does.</summary>
    public static DateTime? Date(S3Request request, string header) => Dates.Any(request.Header(header));

    /// <summary>The conditions of a read: throws for 412, and returns false for 304.</summary>
    public static bool AllowRead(S3Request request, ObjectVersion version)
    {
        string? ifMatch = request.Header("If-Match"), ifNoneMatch = request.Header("If-None-Match");
        DateTime modified = Dates.ToSecond(version.LastModified);
        if (ifMatch is not null && !Matches(ifMatch, version.ETag))
            throw S3Errors.PreconditionFailed("If-Match");
        if (ifMatch is null && Date(request, "If-Unmodified-Since") is { } unmodifiedSince && modified > unmodifiedSince)
            throw S3Errors.PreconditionFailed("If-Unmodified-Since");
        if (ifNoneMatch is not null)
            return !Matches(ifNoneMatch, version.ETag);
        return Date(request, "If-Modified-Since") is not { } modifiedSince || modified > modifiedSince;
    }

    /// <summary>The conditions of a write: If-None-Match takes only *, and not together with If-Match.</summary>
    public static void CheckWrite(S3Request request, ObjectVersion? current)
    {
        string? ifMatch = request.Header("If-Match"), ifNoneMatch = request.Header("If-None-Match");
        if (ifNoneMatch is not null && (ifNoneMatch != "*" || ifMatch is not null))
            throw S3Errors.NotImplemented("If-None-Match");
        bool exists = current is { IsDeleteMarker: false };
        if (ifNoneMatch is not null && exists)
            throw S3Errors.PreconditionFailed("If-None-Match");
        if (ifMatch is null)
            return;
        if (!exists)
            throw S3Errors.NoSuchKey(request.Key);
        if (ifMatch.Trim('"') != current!.ETag)
            throw S3Errors.PreconditionFailed("If-Match");
    }
}
