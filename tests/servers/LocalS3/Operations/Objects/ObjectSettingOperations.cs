using LocalS3.Http;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Storage;

namespace LocalS3.Operations.Objects;

/// <summary>GetObjectTagging, GetObjectAcl, GetObjectRetention and GetObjectLegalHold.</summary>
internal sealed class ObjectSettingOperations(ServerContext context)
{
    public Task<S3Response> GetObjectTagging(S3Request request) => Respond(request, TagHeaders.ToResponse);

    public Task<S3Response> GetObjectAcl(S3Request request) => Respond(request, AclHeaders.ToResponse);

    public Task<S3Response> GetObjectRetention(S3Request request) => Respond(request, LockHeaders.ToRetentionResponse);

    public Task<S3Response> GetObjectLegalHold(S3Request request) => Respond(request, LockHeaders.ToLegalHoldResponse);

    private Task<S3Response> Respond(S3Request request, Func<ObjectInputs, S3Response> toResponse)
    {
        Bucket bucket = context.FindGeneralPurposeBucket(request);
        request.Body.RequireEmpty();
        lock (bucket.Gate)
        {
            ObjectVersion version = ObjectVersions.Find(request, bucket);
            S3Response response = toResponse(version.Inputs);
            ObjectVersions.WriteVersionId(response, version);
            return Task.FromResult(response);
        }
    }
}
