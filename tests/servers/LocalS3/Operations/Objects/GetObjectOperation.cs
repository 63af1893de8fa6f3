using LocalS3.Http;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Objects;

/// <summary>GetObject and HeadObject, of whole objects.</summary>
internal sealed class GetObjectOperation(ServerContext context)
{
    public Task<S3Response> GetObject(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        request.Body.RequireEmpty();
        RefusePartialReads(request);
        EncryptionHeaders.RefuseServerEncryption(request);
        lock (bucket.Gate)
        {
            ObjectVersion version = ObjectVersions.Find(request, bucket);
            EncryptionHeaders.CheckReadKey(EncryptionHeaders.CustomerKeyHash(request), version.Inputs.Encryption);
            if (!request.IsHead && version.Inputs.StorageClass is "GLACIER" or "DEEP_ARCHIVE")
            {
                throw new S3Exception("InvalidObjectState", 403, "The operation is not valid for the object's storage class",
                    ("StorageClass", version.Inputs.StorageClass));
            }
            bool isModified = ConditionHeaders.AllowRead(request, version);
            return Task.FromResult(Respond(request, bucket, version, isModified));
        }
    }

    public Task<S3Response> HeadObject(S3Request request) => GetObject(request);

    private static void RefusePartialReads(S3Request request)
    {
        if (request.Header("Range") is not null)
            throw S3Errors.NotImplemented("Range");
        string[] names = [.. request.Query.Pairs.Select(p => p.Name)];
        if (names.FirstOrDefault(n => n == "partNumber" || n.StartsWith("response-", StringComparison.Ordinal)) is { } refused)
            throw S3Errors.OperationNotImplemented(refused);
    }

    private static S3Response Respond(S3Request request, Bucket bucket, ObjectVersion version, bool isModified)
    {
        S3Response response = S3Response.Empty(isModified ? 200 : 304);
        ObjectHeaders.Write(response, version.Inputs);
        response.Set("ETag", ETags.Quoted(version.ETag)).Set("Accept-Ranges", "bytes")
            .Set("Last-Modified", Dates.Http(version.LastModified));
        ObjectVersions.WriteVersionId(response, version);
        EncryptionHeaders.Write(response, version.Inputs.Encryption with { Context = null }, request);
        if (!isModified)
            return response;
        if (request.Header("x-amz-checksum-mode")?.Equals("ENABLED", StringComparison.OrdinalIgnoreCase) == true)
            ObjectVersions.WriteChecksum(response, version);
        if (request.IsHead)
            response.AnnouncedLength = version.Size;
        else
            response.Content = new ObjectContent(bucket, version.Segments, 0, version.Size);
        return response;
    }
}
