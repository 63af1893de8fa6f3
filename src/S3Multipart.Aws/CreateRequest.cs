using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Util;
using S3Multipart.Encryption;
using S3Multipart.Inputs;
using S3Multipart.Store;

namespace S3Multipart.Aws;

/// <summary>Puts the inputs of CreateMultipartUpload where the SDK takes them.</summary>
internal static class CreateRequest
{
    private const string UnknownContentType = "application/octet-stream";

    internal static InitiateMultipartUploadRequest Make(CreateInput input)
    {
        ObjectInput given = input.Object;
        InitiateMultipartUploadRequest request = new()
        {
            BucketName = input.BucketName,
            Key = input.Key,
            CannedACL = given.CannedAcl,
            ContentType = given.ContentType ?? GuessContentType(input.FileName ?? input.Key),
            // The SDK sends the text as it is but signs it in this form.
            Expires = given.Expires?.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture),
            StorageClass = given.StorageClass,
            WebsiteRedirectLocation = given.WebsiteRedirectLocation,
            ObjectLockMode = given.ObjectLockMode,
            ObjectLockRetainUntilDate = given.ObjectLockRetainUntilDate?.ToUniversalTime(),
            ObjectLockLegalHoldStatus = given.ObjectLockLegalHoldStatus,
        };
        request.Headers.CacheControl = given.CacheControl;
        request.Headers.ContentDisposition = given.ContentDisposition;
        request.Headers.ContentEncoding = given.ContentEncoding;
        if (given.ContentLanguage is not null)
        {
            request.Headers["Content-Language"] = given.ContentLanguage;
        }

        foreach ((string name, string value) in given.Metadata)
        {
            request.Metadata.Add(name, value);
        }

        if (given.Tags.Count > 0)
        {
            request.TagSet = [.. given.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
        }

        if (given.Grants.Count > 0)
        {
            request.Grants = [.. given.Grants.Select(ToGrant)];
        }

        Encrypt(request, input.Encryption);
        return request;
    }

    private static void Encrypt(InitiateMultipartUploadRequest request, EncryptionInput encryption)
    {
        request.ServerSideEncryptionMethod = encryption.Method;
        request.ServerSideEncryptionKeyManagementServiceKeyId = encryption.KmsKeyId;
        request.ServerSideEncryptionKeyManagementServiceEncryptionContext = encryption.KmsContext;
        request.BucketKeyEnabled = encryption.BucketKeyEnabled;
        if (encryption.CustomerKey is { } key)
        {
            request.ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256;
            request.ServerSideEncryptionCustomerProvidedKey = key.ToBase64();
            request.ServerSideEncryptionCustomerProvidedKeyMD5 = key.ToMD5Base64();
        }
    }

    private static S3Grant ToGrant(Grant grant) => new()
    {
        Grantee = grant.Id is not null ? new S3Grantee { CanonicalUser = grant.Id } : new S3Grantee { URI = grant.Uri },
        Permission = grant.Permission switch
        {
            GrantPermission.Read => S3Permission.READ,
            GrantPermission.ReadAcp => S3Permission.READ_ACP,
            GrantPermission.WriteAcp => S3Permission.WRITE_ACP,
            _ => S3Permission.FULL_CONTROL,
        },
    };

    private static string GuessContentType(string name)
    {
        string extension = Path.GetExtension(name);
        return extension.Length > 1 ? AmazonS3Util.MimeTypeFromExtension(extension) ?? UnknownContentType : UnknownContentType;
    }
}
