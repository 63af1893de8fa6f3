using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Errors;

/// <summary>Adds to the failure of an upload which part it was, and the line that continues with the upload where there is one.</summary>
internal static class UploadFailure
{
    private const string Stopped = "The upload was stopped, as -StopOnError says; S3 holds nothing of it. Begin it again.";

    internal static Exception OfPart(Exception failure, MultipartUpload upload, int? partNumber)
    {
        string part = partNumber is null ? "" : Failure.Invariant($"Part {partNumber}: ");
        return Advise(failure, upload) switch
        {
            // The same line would fail the same way.
            NoSuchUploadException gone => gone.With(gone.RecommendedAction, part + gone.Message),
            S3MultipartException own when UploadState.Of(upload).Transfer.IsAborted => With(own, Stopped, part + own.Message),
            S3ServiceException { ErrorCode: "NoSuchBucket" or "NoSuchKey" or "NoSuchVersion" or "NotFound" } missing
                when UploadState.Of(upload).Transfer.Source is PartSource.Copy => missing.With(
                    "Check the source's bucket, key and version, and write them for BUCKET and KEY. "
                        + ResumeLine.Send(upload, source: new PartSource.Copy(new CopySource("BUCKET", "KEY", VersionId: null))),
                    part + missing.Message),
            S3MultipartException
            {
                ErrorId: nameof(SourceFailure.StreamTooLong) or nameof(SourceFailure.TooManyParts) or nameof(SourceFailure.ObjectTooLarge)
                or nameof(Failure.UploadNotStopped)
            } own =>
                With(own, $"{own.RecommendedAction} To stop this one: {ResumeLine.Stop(upload)}", part + own.Message),
            S3MultipartException own => With(own, $"{own.RecommendedAction} {ResumeLine.Send(upload)}", part + own.Message),
            _ => failure,
        };
    }

    /// <param name="failure">What the completion ended with.</param>
    /// <param name="upload">The upload.</param>
    /// <param name="size">The bytes of its parts, where they are known.</param>
    /// <param name="condition">The parameters of the completion that are its conditions.</param>
    internal static Exception OfCompletion(Exception failure, MultipartUpload upload, long? size, string condition)
    {
        failure = Advise(failure, upload);
        if (failure is not S3MultipartException own || own is NoSuchUploadException || UploadState.Of(upload).Transfer.IsGone)
        {
            return failure;
        }

        string? line = own switch
        {
            PreconditionFailedException => "Without the condition: " + ResumeLine.Complete(upload, size, ""),
            S3ServiceException { ErrorCode: "ConditionalRequestConflict" } => "To stop this one: " + ResumeLine.Stop(upload),

            // S3 holds other parts than the source has.
            S3ServiceException { ErrorCode: "InvalidPart" or "InvalidPartOrder" or "BadDigest" or "XAmzContentSHA256Mismatch" } =>
                ResumeLine.Send(upload, condition),
            S3ServiceException => ResumeLine.Complete(upload, size, condition),
            { ErrorId: nameof(Failure.UploadIncomplete) or nameof(Failure.VerifyDiffers) or nameof(SourceFailure.FileChanged) } =>
                ResumeLine.Send(upload, condition),
            {
                ErrorId: FailureIds.EndpointUnreachable or FailureIds.ConnectionLost or FailureIds.RequestTimedOut
                or FailureIds.ResponseInvalid or FailureIds.RequestFailed or FailureIds.CredentialsNotFound
                or FailureIds.CredentialsUnusable or FailureIds.SsoLoginNeeded or FailureIds.MfaCodeNeeded
                or nameof(Failure.VerifyImpossible)
            } => ResumeLine.Complete(upload, size, condition),
            _ => null,
        };
        // Where the line is all there is to do, it stands alone.
        string before = own.ErrorId == nameof(Failure.UploadIncomplete) ? "" : own.RecommendedAction + " ";
        return line is null ? own : With(own, before + line, own.Message);
    }

    private static Exception Advise(Exception failure, MultipartUpload upload) => EncryptionAdvice.Advise(
        failure,
        new EncryptionInput { Method = upload.Encryption, KmsKeyId = upload.KmsKeyId, CustomerKey = UploadState.Of(upload).CustomerKey },
        upload.Kind,
        isBegun: true);

    private static S3MultipartException With(S3MultipartException own, string action, string message) => own is S3ServiceException s3
        ? s3.With(action, message)
        : new S3MultipartException(own.ErrorId, own.Kind, message, own) { RecommendedAction = action };
}
