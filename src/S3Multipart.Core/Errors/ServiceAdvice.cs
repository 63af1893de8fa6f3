using S3Multipart.Encryption;

namespace S3Multipart;

/// <summary>Adds to an answer of S3 what it is likely to mean where the answer itself does not say it.</summary>
internal static class ServiceAdvice
{
    internal static Exception Advise(Exception failure, EncryptionInput encryption, BucketType bucket) =>
        failure is S3ServiceException { RecommendedAction: null } s3 && Find(s3, encryption, bucket) is { } advice ? s3.With(advice) : failure;

    internal static Exception Advise(Exception failure, MultipartUpload upload) => Advise(
        failure,
        new EncryptionInput { Method = upload.Encryption, KmsKeyId = upload.KmsKeyId, CustomerKey = upload.CustomerKey },
        upload.Kind);

    private static string? Find(S3ServiceException failure, EncryptionInput encryption, BucketType bucket)
    {
        if (failure.ErrorCode == "ConditionalRequestConflict")
        {
            return "Another request changed the object meanwhile. S3 wants the upload begun anew, with every part sent again; stop this one with Stop-S3MultipartUpload.";
        }

        if (failure.ErrorCode == "PreconditionFailed")
        {
            return "The condition asked for does not hold: with -NoClobber an object has the key already, with an ETag it has another. The upload "
                + "and its parts stay in S3 until it is completed without the condition or stopped with Stop-S3MultipartUpload.";
        }

        if (failure.ErrorCode == "InvalidPart")
        {
            return "A part is missing in S3, is another than the one sent, or, where the store wants every part that it holds in the object (Ceph does), there are "
                + "more: see Get-S3UploadPart. Send the file again with -Resume; if it is now smaller than what S3 holds, stop the upload and begin anew.";
        }

        bool isDenied = failure.ErrorCode == "AccessDenied";
        bool isKms = encryption.Method is EncryptionInput.SseKms or EncryptionInput.DsseKms;
        if (isDenied && encryption.CustomerKey is not null)
        {
            return "The bucket may block SSE-C, as buckets do by default since April 2026: its owner unblocks it with PutBucketEncryption, "
                + "BlockedEncryptionTypes NONE. Or use -SseKms.";
        }

        if (failure.ErrorCode.StartsWith("KMS.", StringComparison.Ordinal) || (isDenied && (isKms || failure.Message.Contains("kms:", StringComparison.Ordinal))))
        {
            return $"A multipart upload with KMS needs kms:GenerateDataKey and kms:Decrypt on the key {encryption.KmsKeyId ?? "of the bucket (or aws/s3)"}, "
                + "in the key's policy and for the caller.";
        }

        return bucket == BucketType.Directory && encryption.Method is not null && failure.ErrorCode is "AccessDenied" or "InvalidRequest" or "InvalidArgument"
            ? "In a directory bucket the encryption must be the bucket's default one; leave it out to have that."
            : null;
    }
}
