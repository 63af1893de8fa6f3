using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Buckets;

/// <summary>PutBucketEncryption: the default encryption of a bucket, and the types it blocks.</summary>
internal sealed class EncryptionOperations(ServerContext context)
{
    public async Task<S3Response> PutBucketEncryption(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        XElement root = await BucketSettings.ReadAsync(request, "ServerSideEncryptionConfiguration");
        XElement rule = root.Child("Rule") ?? throw S3Errors.MalformedXml();
        XElement? byDefault = rule.Child("ApplyServerSideEncryptionByDefault");
        Encryption? encryption = byDefault is null ? null : Read(bucket, byDefault, rule);
        string[]? blocked = rule.Child("BlockedEncryptionTypes")?.Elements().Select(e => e.Value.Trim()).ToArray();
        if (blocked?.Any(b => b is not ("SSE-C" or "NONE")) == true)
            throw S3Errors.MalformedXml();
        return BucketSettings.Change(bucket, r => r with
        {
            DefaultEncryption = encryption ?? r.DefaultEncryption,
            BlocksCustomerKeys = blocked is null ? r.BlocksCustomerKeys : blocked.Contains("SSE-C"),
        });
    }

    private static Encryption Read(Bucket bucket, XElement byDefault, XElement rule)
    {
        string? algorithm = byDefault.ChildText("SSEAlgorithm"), key = byDefault.ChildText("KMSMasterKeyID");
        bool known = algorithm is Encryption.Aes256 or Encryption.Kms || (algorithm == Encryption.KmsDsse && !bucket.IsDirectory);
        if (!known || (algorithm == Encryption.Aes256 && key is not null))
            throw S3Errors.MalformedXml();
        if (bucket.IsDirectory && algorithm == Encryption.Kms && (key is null || key.Contains("alias", StringComparison.Ordinal)))
        {
            throw S3Errors.InvalidArgument(
                "Directory buckets need a customer managed key, named by its id or ARN.", "KMSMasterKeyID", key ?? "");
        }
        return new Encryption
        {
            Algorithm = algorithm,
            KmsKeyId = algorithm == Encryption.Aes256 ? null : EncryptionHeaders.KmsKeyArn(key, bucket.Record),
            BucketKeyEnabled = algorithm == Encryption.Kms && (bucket.IsDirectory || rule.ChildText("BucketKeyEnabled") == "true"),
        };
    }
}
