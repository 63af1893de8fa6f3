using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>The default encryption of a bucket, and the kinds it blocks.</summary>
internal sealed class EncryptionOperations(S3Service service)
{
    public async Task<S3Response> PutBucketEncryption(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        XElement root = await SettingsOperations.ReadAsync(request, "ServerSideEncryptionConfiguration");
        XElement rule = SettingsOperations.Child(root, "Rule") ?? throw S3Errors.MalformedXml();
        XElement? byDefault = SettingsOperations.Child(rule, "ApplyServerSideEncryptionByDefault");
        Encryption? encryption = byDefault is null ? null : Read(bucket, byDefault, rule);
        string[]? blocked = SettingsOperations.Child(rule, "BlockedEncryptionTypes")?.Elements().Select(e => e.Value.Trim()).ToArray();
        if (blocked?.Any(b => b is not ("SSE-C" or "NONE")) == true)
            throw S3Errors.MalformedXml();
        return SettingsOperations.Change(bucket, r => r with
        {
            DefaultEncryption = encryption ?? r.DefaultEncryption,
            BlocksCustomerKeys = blocked is null ? r.BlocksCustomerKeys : blocked.Contains("SSE-C"),
        });
    }

    public Task<S3Response> GetBucketEncryption(S3Request request)
    {
        BucketRecord bucket = service.Bucket(request).Record;
        Encryption encryption = bucket.DefaultEncryption ?? Encryption.Default;
        XmlText xml = new XmlText().OpenRoot("ServerSideEncryptionConfiguration").Open("Rule")
            .Open("ApplyServerSideEncryptionByDefault").Element("SSEAlgorithm", encryption.Algorithm)
            .Element("KMSMasterKeyID", encryption.KmsKeyId).Close("ApplyServerSideEncryptionByDefault")
            .Element("BucketKeyEnabled", encryption.BucketKeyEnabled)
            .Open("BlockedEncryptionTypes").Element("EncryptionType", bucket.BlocksCustomerKeys ? "SSE-C" : "NONE")
            .Close("BlockedEncryptionTypes");
        return Task.FromResult(S3Response.Xml(xml.Close("Rule").Close("ServerSideEncryptionConfiguration")));
    }

    public Task<S3Response> DeleteBucketEncryption(S3Request request) => Task.FromResult(SettingsOperations.Change(
        service.Bucket(request), r => r with { DefaultEncryption = null, BlocksCustomerKeys = false }, 204));

    private static Encryption Read(Bucket bucket, XElement byDefault, XElement rule)
    {
        string? algorithm = SettingsOperations.Value(byDefault, "SSEAlgorithm");
        string? key = SettingsOperations.Value(byDefault, "KMSMasterKeyID");
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
            KmsKeyId = algorithm == Encryption.Aes256 ? null : EncryptionReader.KmsKey(key, bucket.Record),
            BucketKeyEnabled = algorithm == Encryption.Kms
                && (bucket.IsDirectory || SettingsOperations.Value(rule, "BucketKeyEnabled") == "true"),
        };
    }
}
