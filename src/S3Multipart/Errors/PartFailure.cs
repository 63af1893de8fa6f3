using S3Multipart.Transfer;

namespace S3Multipart.Pipeline;

/// <summary>Adds to the failure of a part which part it was, and the line that goes on with the upload.</summary>
internal static class PartFailure
{
    private const string Stopped = "The upload was stopped, as -StopOnError asks; S3 holds nothing of it. Begin it anew.";

    internal static Exception Explain(Exception failure, MultipartUpload upload, int? partNumber)
    {
        string part = partNumber is null ? "" : Failure.Invariant($"Part {partNumber}: ");
        return ServiceAdvice.Advise(failure, upload) switch
        {
            // The same line would fail the same way.
            NoSuchUploadException gone => gone.With(null, part + gone.Message),
            S3ServiceException s3 when upload.Progress.IsStopped => s3.With(Stopped, part + s3.Message),
            S3MultipartException own when upload.Progress.IsStopped =>
                new S3MultipartException(own.ErrorId, own.Kind, part + own.Message, own)
                {
                    RecommendedAction = Stopped,
                },
            S3ServiceException { ErrorCode: "NoSuchBucket" or "NoSuchKey" or "NoSuchVersion" or "NotFound" } missing when IsCopy(upload) =>
                missing.With(
                    "Check the source's bucket, key and version. " + ResumeLine.For(upload, "-SourceBucketName BUCKET -SourceKey KEY"),
                    part + missing.Message),
            S3ServiceException s3 => s3.With($"{s3.RecommendedAction} {ResumeLine.For(upload)}".TrimStart(), part + s3.Message),
            S3MultipartException own => new S3MultipartException(own.ErrorId, own.Kind, part + own.Message, own)
            {
                RecommendedAction = own.RecommendedAction ?? ResumeLine.For(upload),
            },
            _ => failure,
        };
    }

    private static bool IsCopy(MultipartUpload upload) =>
        upload.Progress.Source?.StartsWith("-SourceBucketName", StringComparison.Ordinal) == true;
}
