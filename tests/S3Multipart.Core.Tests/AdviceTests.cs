using System.Net;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Tests;

/// <summary>The same code of S3's means something else at other stores; what each was seen to say is in docs/stores.md.</summary>
public sealed class AdviceTests
{
    private const string SignatureText = "The request signature we calculated does not match the signature you provided.";

    [Theory]
    [InlineData("Amazon", 403, "SignatureDoesNotMatch", SignatureText, "-SecretKey", "Checksum")]
    [InlineData("GCS", 403, "SignatureDoesNotMatch", SignatureText, "-SecretKey", "Checksum")]
    [InlineData("GCS", 403, "SignatureDoesNotMatch", "Invalid argument.", "WhenRequired", "does not belong")]
    [InlineData("GCS", 501, "NotImplemented", "The requested functionality is not implemented.", "instead of a copy", "WhenRequired")]
    [InlineData("Amazon", 500, "InternalError", "We encountered an internal error. Please try again.", "S3 is busy", "log")]
    [InlineData("RustFS", 500, "InternalError", "Io error: checksum mismatch", "WhenRequired", "busy")]
    [InlineData("RustFS", 500, "InternalError", "Internal error", "failed on its side", "S3 is busy")]
    [InlineData("R2", 400, "InvalidPart", "All non-trailing parts must have the same length.", "one -PartSize", "-Resume")]
    [InlineData("R2", 501, "NotImplemented", "Header 'x-amz-tagging' with value 'a=b' not implemented", "-Tag", "WhenRequired")]
    [InlineData("R2", 501, "NotImplemented", "Header 'x-amz-acl' with value 'private' not implemented", "-CannedACL", "WhenRequired")]
    [InlineData("MinIO", 400, "InvalidPart", "One or more of the specified parts could not be found.", "-Resume", "-PartSize for")]
    [InlineData("MinIO", 503, "SlowDown", "Please reduce your request rate", "-ThrottleLimit", "S3 is")]
    [InlineData("MinIO", 403, "AccessDenied", "Access Denied.", "access key", "s3:")]
    [InlineData("B2", 400, "InvalidArgument", "Unsupported header 'x-amz-checksum-crc32' received.", "WhenRequired", "log")]
    [InlineData("B2", 403, "InvalidAccessKeyId", "Malformed Access Key Id", "-AccessKey", "WhenRequired")]
    [InlineData("B2", 403, "AccessDenied", "not entitled", "console", "s3:PutObject")]
    [InlineData("Amazon", 403, "AccessDenied", "Access Denied", "s3:PutObject", "console")]
    [InlineData("Garage", 400, "AuthorizationHeaderMalformed", "unexpected scope", "configuration", "WhenRequired")]
    [InlineData("MinIO", 400, "BadDigest", "The checksum did not match", "on their way", "WhenRequired")]
    public void Advice_fits_the_store(string store, int status, string code, string text, string has, string hasNot)
    {
        string? advice = Response(store, status, code, text).RecommendedAction;
        Assert.Contains(has, advice, StringComparison.Ordinal);
        Assert.DoesNotContain(hasNot, advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Amazon", 403, "AccessDenied", "PutBucketEncryption")]
    [InlineData("MinIO", 403, "AccessDenied", null)]
    [InlineData("MinIO", 501, "NotImplemented", "leave it out")]
    [InlineData("MinIO", 400, "InvalidRequest", "leave it out")]
    [InlineData("B2", 500, "InternalError", null)]
    public void Advice_on_a_customer_key_fits_the_store(string store, int status, string code, string? has)
    {
        Assert.True(SseCustomerKey.TryMake(new byte[32], out SseCustomerKey? key));
        Check(store, status, code, has, new EncryptionInput { CustomerKey = key });
    }

    [Theory]
    [InlineData("Amazon", 403, "AccessDenied", "kms:GenerateDataKey")]
    [InlineData("RustFS", 403, "AccessDenied", null)]
    [InlineData("MinIO", 501, "NotImplemented", "leave it out")]
    [InlineData("R2", 501, "NotImplemented", "leave it out")]
    public void Advice_on_KMS_fits_the_store(string store, int status, string code, string? has) =>
        Check(store, status, code, has, new EncryptionInput { Method = EncryptionInput.SseKms });

    private static void Check(string store, int status, string code, string? has, EncryptionInput encryption)
    {
        S3ServiceException failure = Response(store, status, code, "");
        S3MultipartException advised =
            (S3MultipartException)EncryptionAdvice.Advise(failure, encryption, BucketType.GeneralPurpose, isBegun: false);
        if (has is null)
        {
            Assert.Same(failure, advised);
        }
        else
        {
            Assert.Contains(has, advised.RecommendedAction, StringComparison.Ordinal);
        }
    }

    private static S3ServiceException Response(string store, int status, string code, string text)
    {
        ServiceResponse response = new(code, (HttpStatusCode)status) { Text = text, IsOtherStore = store != "Amazon" };
        return S3ServiceException.Create(response, FailureKind.InvalidArgument, text);
    }
}
