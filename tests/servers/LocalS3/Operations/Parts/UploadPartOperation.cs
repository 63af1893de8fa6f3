using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Operations.DirectoryBuckets;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Parts;

/// <summary>UploadPart.</summary>
internal sealed class UploadPartOperation(ServerContext context)
{
    public async Task<S3Response> UploadPart(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        int number = PartStore.ReadPartNumber(request);
        Upload upload = ServerContext.FindUpload(request, bucket);
        EncryptionHeaders.CheckPartKey(request, upload.Record.Inputs.Encryption);
        using BodyDigests digests = BodyDigests.FromRequest(request);
        DirectoryInputs.CheckDigests(request, bucket);
        LockHeaders.RequireDigest(upload.Record.Inputs, digests.HasContentMd5 || digests.SentByClient, "Part");
        ChecksumAlgorithm? required = CheckAlgorithm(upload.Record, digests.SentByClient ? digests.Algorithm : null);

        ReceivedBody body = await BodyReceiver.ReceiveAsync(
            request, bucket, digests, upload.Record.Inputs.Encryption, required, context.DiscardsBodies);
        StoredPart part = PartStore.Put(bucket, upload, number, body);

        S3Response response = S3Response.Empty().Set("ETag", ETags.Quoted(part.ETag));
        if (digests.Algorithm is { } algorithm)
            response.Set(algorithm.Header, body.Checksum);
        EncryptionHeaders.Write(response, upload.Record.Inputs.Encryption with { Context = null }, request);
        ServerContext.WriteRequestCharged(request, response);
        return response;
    }

    /// <summary>
    /// The algorithm that the upload was created with. Every part has to have its checksum, except that S3 computes the one of a full
    /// object where it is missing.
    /// </summary>
    private static ChecksumAlgorithm? CheckAlgorithm(UploadRecord upload, ChecksumAlgorithm? sent)
    {
        ChecksumAlgorithm? declared = ChecksumAlgorithm.Find(upload.ChecksumAlgorithm);
        if (declared is null || declared == sent || (sent is null && upload.ChecksumType == ChecksumAlgorithm.FullObject))
            return declared;
        throw S3Errors.InvalidRequest($"Checksum Type mismatch occurred, expected checksum Type: {declared.LowerName}, "
            + $"actual checksum Type: {sent?.LowerName ?? "null"}");
    }
}
