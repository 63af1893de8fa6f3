using System.Globalization;
using System.Text.RegularExpressions;
using LocalS3.Http;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Parts;

/// <summary>The object that x-amz-copy-source names, if the request's conditions for it are met.</summary>
internal sealed partial class CopySource
{
    private const string Header = "x-amz-copy-source";

    private CopySource(Bucket bucket, ObjectVersion version) => (Bucket, Version) = (bucket, version);

    public Bucket Bucket { get; }

    public ObjectVersion Version { get; }

    public static CopySource Find(S3Request request, ServerContext context)
    {
        string header = request.Header(Header)!;
        int question = header.IndexOf("?versionId=", StringComparison.Ordinal);
        string? versionId = question < 0 ? null : header[(question + "?versionId=".Length)..];
        string path = Decode(question < 0 ? header : header[..question]).TrimStart('/');
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
            throw S3Errors.InvalidArgument("Invalid copy source object key", Header, header);
        (string bucketName, string key) = (path[..slash], path[(slash + 1)..]);
        if (key.Length == 0)
            throw S3Errors.InvalidArgument("Invalid copy source object key", Header, header);
        Bucket bucket = context.Store.Find(bucketName) ?? throw S3Errors.NoSuchBucket(bucketName);
        ServerContext.CheckOwner(request, "x-amz-source-expected-bucket-owner");
        ObjectVersion version = FindVersion(bucket, key, versionId);
        EncryptionHeaders.CheckReadKey(EncryptionHeaders.CopySourceKeyHash(request), version.Inputs.Encryption);
        if (version.Inputs.StorageClass is "GLACIER" or "DEEP_ARCHIVE")
            throw new S3Exception("InvalidObjectState", 403, "Operation is not valid for the source object's storage class");
        CheckConditions(request, version);
        return new CopySource(bucket, version);
    }

    /// <summary>The first byte and the number of bytes to copy.</summary>
    public (long Offset, long Length) Range(S3Request request)
    {
        string? text = request.Header("x-amz-copy-source-range");
        if (text is null)
        {
            if (Version.Size > Limits.MaxPartSize)
            {
                throw S3Errors.InvalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: "
                    + Limits.MaxPartSize.ToString(CultureInfo.InvariantCulture));
            }
            return (0, Version.Size);
        }
        if (RangeForm().Match(text) is not { Success: true } match
            || !long.TryParse(match.Groups[1].ValueSpan, out long first) || !long.TryParse(match.Groups[2].ValueSpan, out long last)
            || first > last)
        {
            throw S3Errors.InvalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last "
                + "are the zero-based offsets of the first and last bytes to copy", "x-amz-copy-source-range", text);
        }
        if (Version.Size <= Limits.MinPartSize)
            throw S3Errors.InvalidRequest("The specified copy source is not supported as a byte-range copy source");
        if (last >= Version.Size)
        {
            throw S3Errors.InvalidArgument(
                $"Range specified is not valid for source object of size: {Version.Size}", "x-amz-copy-source-range", text);
        }
        long length = last - first + 1;
        return length > Limits.MaxPartSize ? throw S3Errors.EntityTooLarge(length, Limits.MaxPartSize) : (first, length);
    }

    private static ObjectVersion FindVersion(Bucket bucket, string key, string? versionId)
    {
        lock (bucket.Gate)
        {
            if (versionId is null)
                return bucket.Current(key) is { IsDeleteMarker: false } current ? current : throw S3Errors.NoSuchKey(key);
            ObjectVersion? version = bucket.Objects.GetValueOrDefault(key)?.Find(v => v.VersionId == versionId);
            if (version is null)
                throw S3Errors.NoSuchVersion(key, versionId);
            return version.IsDeleteMarker
                ? throw S3Errors.InvalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.")
                : version;
        }
    }

    private static void CheckConditions(S3Request request, ObjectVersion version)
    {
        string? ifMatch = request.Header("x-amz-copy-source-if-match");
        string? ifNoneMatch = request.Header("x-amz-copy-source-if-none-match");
        if (ifMatch is not null && !ConditionHeaders.Matches(ifMatch, version.ETag))
            throw S3Errors.PreconditionFailed("x-amz-copy-source-If-Match");
        if (ifNoneMatch is not null && ConditionHeaders.Matches(ifNoneMatch, version.ETag))
            throw S3Errors.PreconditionFailed("x-amz-copy-source-If-None-Match");
        if (ifMatch is null && ConditionHeaders.Date(request, "x-amz-copy-source-if-unmodified-since") is { } unmodified
            && Dates.ToSecond(version.LastModified) > unmodified)
            throw S3Errors.PreconditionFailed("x-amz-copy-source-If-Unmodified-Since");
        if (ifNoneMatch is null && ConditionHeaders.Date(request, "x-amz-copy-source-if-modified-since") is { } modified
            && Dates.ToSecond(version.LastModified) <= modified)
            throw S3Errors.PreconditionFailed("x-amz-copy-source-If-Modified-Since");
    }

    private static string Decode(string text)
    {
        try
        {
            return UriText.Decode(text);
        }
        catch (S3Exception)
        {
            throw S3Errors.InvalidArgument("Invalid copy source encoding", Header, text);
        }
    }

    [GeneratedRegex(@"^bytes=(\d+)-(\d+)$")]
    private static partial Regex RangeForm();
}
