using LocalS3.Auth;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>CreateSession: short-lived keys for one directory bucket.</summary>
internal sealed class SessionOperation(S3Service service)
{
    public Task<S3Response> CreateSession(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        DirectoryRules.CheckEncryption(request, bucket.Record);
        string mode = request.Header("x-amz-create-session-mode") ?? "ReadWrite";
        if (mode is not ("ReadWrite" or "ReadOnly"))
            throw S3Errors.InvalidArgument("Invalid session mode.", "x-amz-create-session-mode", mode);
        Credential session = service.Credentials.CreateSession(
            bucket.Name, mode == "ReadOnly", TimeSpan.FromSeconds(service.Options.SessionSeconds));
        S3Response response = S3Response.Xml(new XmlText().OpenRoot("CreateSessionResult").Open("Credentials")
            .Element("SessionToken", session.Token).Element("SecretAccessKey", session.SecretKey)
            .Element("AccessKeyId", session.AccessKey).Element("Expiration", session.Expires!.Value)
            .Close("Credentials").Close("CreateSessionResult"));
        EncryptionReader.WriteHeaders(response, bucket.Record.DefaultEncryption ?? Encryption.Default, request);
        return Task.FromResult(response);
    }
}
