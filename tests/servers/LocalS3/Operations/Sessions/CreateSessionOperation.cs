using LocalS3.Http;
using LocalS3.Operations.DirectoryBuckets;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Signing;
using LocalS3.Storage;

namespace LocalS3.Operations.Sessions;

/// <summary>CreateSession: short-lived keys for one directory bucket.</summary>
internal sealed class CreateSessionOperation(ServerContext context)
{
    public Task<S3Response> CreateSession(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        DirectoryInputs.CheckEncryption(request, bucket.Record);
        if (request.Header("x-amz-create-session-mode") is not (null or "ReadWrite"))
            throw S3Errors.NotImplemented("x-amz-create-session-mode");
        Credential session = context.Credentials.CreateSession(bucket.Name, context.SessionLifetime);
        S3Response response = S3Response.Xml(new XmlText().OpenRoot("CreateSessionResult").Open("Credentials")
            .Element("SessionToken", session.Token).Element("SecretAccessKey", session.SecretKey)
            .Element("AccessKeyId", session.AccessKey).Element("Expiration", session.Expires!.Value)
            .Close("Credentials").Close("CreateSessionResult"));
        EncryptionHeaders.Write(response, bucket.Record.DefaultEncryption ?? Encryption.Default, request);
        return Task.FromResult(response);
    }
}
