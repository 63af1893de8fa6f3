using S3Multipart.Core.Buckets;

namespace S3Multipart.Core.Encryption;

/// <summary>Adds to an error of S3 what it is likely to mean with the encryption that was requested.</summary>
internal static class EncryptionAdvice
{
    /// <param name="failure">What the request ended with.</param>
    /// <param name="encryption">The encryption that was requested, or that the upload has.</param>
    /// <param name="bucket">The kind of bucket.</param>
    /// <param name="isBegun">True once the store has begun an upload with it, so that it has this encryption.</param>
    internal static Exception Advise(Exception failure, EncryptionInput encryption, BucketType bucket, bool isBegun) =>
        failure is S3ServiceException s3 && Find(s3, encryption, bucket, isBegun) is { } advice ? s3.With(advice) : failure;

    private static string? Find(S3ServiceException failure, EncryptionInput encryption, BucketType bucket, bool isBegun)
    {
        bool isAmazon = !failure.IsOfOtherStore;
        bool isDenied = failure.ErrorCode == "AccessDenied";
        bool isKms = encryption.Method is EncryptionInput.SseKms or EncryptionInput.DsseKms;
        bool isRequested = encryption.Method is not null || encryption.CustomerKey is not null;
        if (!isAmazon && !isBegun && isRequested && bucket != BucketType.Directory
            && failure.ErrorCode is "NotImplemented" or "InvalidRequest" or "InvalidArgument")
        {
            return "The store may not have this encryption, or not be set up for it: leave it out, or ask those who run the store.";
        }

        if (isDenied && encryption.CustomerKey is not null
            && (isAmazon || failure.ServiceText.Contains("SSE-C", StringComparison.Ordinal)))
        {
            return "The bucket may block SSE-C, as buckets do by default since April 2026: its owner unblocks it with PutBucketEncryption, "
                + "BlockedEncryptionTypes NONE. Or use -SseKms.";
        }

        if (failure.ErrorCode.StartsWith("KMS.", StringComparison.Ordinal)
            || (isDenied && ((isAmazon && isKms) || failure.Message.Contains("kms:", StringComparison.Ordinal))))
        {
            return $"A multipart upload with KMS needs kms:GenerateDataKey and kms:Decrypt on the key "
                + $"{encryption.KmsKeyId ?? "of the bucket (or aws/s3)"}, "
                + "in the key's policy and for the caller.";
        }

        return bucket == BucketType.Directory && encryption.Method is not null
            && failure.ErrorCode is "AccessDenied" or "InvalidRequest" or "InvalidArgument"
            ? "In a directory bucket the encryption must be the bucket's default one; leave it out to have that."
            : null;
    }
}
