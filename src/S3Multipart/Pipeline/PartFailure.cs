using S3Multipart.Transfer;

namespace S3Multipart.Pipeline;

/// <summary>Adds to the failure of a part which part it was, and the line that goes on with the upload.</summary>
internal static class PartFailure
{
    internal static Exception Explain(Exception failure, MultipartUpload upload, int? partNumber)
    {
        string part = partNumber is null ? "" : Failure.Invariant($"Part {partNumber}: ");
        return failure switch
        {
            S3ServiceException s3 => new S3ServiceException(s3.ErrorCode, s3.Kind, part + s3.Message, s3)
            {
                StatusCode = s3.StatusCode,
                RequestId = s3.RequestId,
                HostId = s3.HostId,
                RecommendedAction = s3.ErrorCode == "NoSuchUpload" ? null : ResumeLine.For(upload),
            },
            S3MultipartException own => new S3MultipartException(own.ErrorId, own.Kind, part + own.Message, own)
            {
                RecommendedAction = own.RecommendedAction ?? ResumeLine.For(upload),
            },
            _ => failure,
        };
    }
}
