using System.Globalization;
using Amazon.S3.Util;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Operations;

/// <summary>The inputs of CreateMultipartUpload as the headers that S3's reference gives them.</summary>
internal static class CreateHeaders
{
    private const string UnknownContentType = "application/octet-stream";

    internal static void Add(S3Request request, CreateInput input)
    {
        ObjectInput given = input.Object;
        request.Add("cache-control", given.CacheControl);
        request.Add("content-disposition", given.ContentDisposition);
        request.Add("content-encoding", given.ContentEncoding);
        request.Add("content-language", given.ContentLanguage);
        request.Add("content-type", given.ContentType ?? GuessContentType(input.FileName ?? input.Key));
        request.Add("expires", given.Expires?.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture));
        request.Add("x-amz-acl", given.CannedAcl);
        foreach (IGrouping<GrantPermission, Grant> grants in given.Grants.GroupBy(grant => grant.Permission))
        {
            request.Add(HeaderOf(grants.Key),
                string.Join(", ", grants.Select(grant => grant.Id is null ? $"uri=\"{grant.Uri}\"" : $"id=\"{grant.Id}\"")));
        }

        foreach ((string name, string value) in given.Metadata)
        {
            request.Add("x-amz-meta-" + name, value);
        }

        request.Add("x-amz-tagging", given.Tags.Count == 0
            ? null : string.Join('&', given.Tags.Select(tag => Uri.EscapeDataString(tag.Key) + "=" + Uri.EscapeDataString(tag.Value))));
        request.Add("x-amz-storage-class", given.StorageClass);
        request.Add("x-amz-website-redirect-location", given.WebsiteRedirectLocation);
        request.Add("x-amz-object-lock-mode", given.ObjectLockMode);
        request.Add("x-amz-object-lock-retain-until-date",
            given.ObjectLockRetainUntilDate?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        request.Add("x-amz-object-lock-legal-hold", given.ObjectLockLegalHoldStatus);
        AddEncryption(request, input.Encryption);
    }

    private static void AddEncryption(S3Request request, EncryptionInput encryption)
    {
        request.Add("x-amz-server-side-encryption", encryption.CustomerKey is null ? encryption.Method : null);
        request.Add("x-amz-server-side-encryption-aws-kms-key-id", encryption.KmsKeyId);
        request.Add("x-amz-server-side-encryption-context", encryption.KmsContext);
        request.Add("x-amz-server-side-encryption-bucket-key-enabled",
            encryption.BucketKeyEnabled is { } enabled ? (enabled ? "true" : "false") : null);
        request.AddCustomerKey(encryption.CustomerKey);
    }

    private static string HeaderOf(GrantPermission permission) => permission switch
    {
        GrantPermission.Read => "x-amz-grant-read",
        GrantPermission.ReadAcp => "x-amz-grant-read-acp",
        GrantPermission.WriteAcp => "x-amz-grant-write-acp",
        _ => "x-amz-grant-full-control",
    };

    private static string GuessContentType(string name)
    {
        string extension = Path.GetExtension(name);
        return extension.Length > 1 ? AmazonS3Util.MimeTypeFromExtension(extension) ?? UnknownContentType : UnknownContentType;
    }
}
