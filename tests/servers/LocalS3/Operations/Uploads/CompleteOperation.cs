using System.Security.Cryptography;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Operations.DirectoryBuckets;
using LocalS3.Operations.Headers;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Uploads;

/// <summary>CompleteMultipartUpload.</summary>
internal sealed class CompleteOperation(ServerContext context)
{
    public async Task<S3Response> CompleteMultipartUpload(S3Request request)
    {
        Bucket bucket = context.FindBucket(request);
        DirectoryInputs.CheckDigests(request, bucket);
        byte[] body = await request.Body.ReadAllAsync();
        BodyDigests.VerifyMd5(request, body);
        Upload? upload = FindOpenUpload(request, bucket);
        List<CompletedPart> listed = CompleteRequest.Parse(body);
        if (request.IgnoresListedChecksums)
            listed = [.. listed.Select(part => part with { Algorithm = null, Checksum = null })];
        if (request.IgnoresListedETags && upload is not null)
            listed = [.. listed.Select(part => part with { ETag = upload.Parts.GetValueOrDefault(part.PartNumber)?.ETag ?? part.ETag })];
        if (upload is null)
            return Repeat(request, bucket, listed);
        await upload.CompletionGate.WaitAsync(request.Aborted);
        try
        {
            return FindOpenUpload(request, bucket) is null
                ? Repeat(request, bucket, listed)
                : await Task.Run(() => Complete(request, bucket, upload, listed));
        }
        finally
        {
            upload.CompletionGate.Release();
        }
    }

    private S3Response Complete(S3Request request, Bucket bucket, Upload upload, List<CompletedPart> listed)
    {
        UploadRecord record = upload.Record;
        CheckKey(request, record);
        List<StoredPart> parts;
        ObjectVersion? before;
        lock (bucket.Gate)
        {
            parts = CompleteRules.Select(bucket, upload, listed);
            before = bucket.Current(request.Key);
            ConditionHeaders.CheckWrite(request, before);
        }
        parts = request.Fault?.Action switch
        {
            "drop-all-parts" => [],
            "drop-last-part" => [.. parts.SkipLast(1)],
            _ => parts,
        };
        CompleteRules.CheckSize(request, parts.Sum(p => p.Size));
        string? expected = ObjectChecksum.Expected(request, record);
        StoredChecksum? checksum = ObjectChecksum.Compute(bucket, record, parts, expected, context.DiscardsBodies);
        ObjectVersion version = Version(bucket, record, parts, checksum);
        lock (bucket.Gate)
        {
            if (!bucket.Uploads.ContainsKey(upload.UploadId))
                throw S3Errors.NoSuchUpload(upload.UploadId);
            if (CompleteRules.Select(bucket, upload, listed).Zip(parts).Any(p => p.First != p.Second))
                throw S3Errors.InvalidPart(upload.UploadId, listed[0].PartNumber, listed[0].ETag);
            bool conditional = request.Header("If-Match") is not null || request.Header("If-None-Match") is not null;
            if (conditional && !ReferenceEquals(before, bucket.Current(request.Key)))
                throw S3Errors.ConditionalRequestConflict(request.Key);
            bucket.Put(version);
            bucket.Remove(upload, parts.Select(p => p.File).ToHashSet());
            bucket.Completed[upload.UploadId] = new CompletedRecord(
                request.Key, [.. listed.Select(p => (p.PartNumber, p.ETag))], version);
        }
        return Respond(request, bucket, version);
    }

    /// <summary>The response to a completion that is repeated with the same parts is that to the first one.</summary>
    private static S3Response Repeat(S3Request request, Bucket bucket, List<CompletedPart> listed)
    {
        CompletedRecord? completed;
        lock (bucket.Gate)
            completed = bucket.Completed.GetValueOrDefault(request.UploadId);
        if (completed is null || completed.Key != request.Key
            || !completed.Parts.SequenceEqual(listed.Select(p => (p.PartNumber, p.ETag))))
            throw S3Errors.NoSuchUpload(request.UploadId);
        return Respond(request, bucket, completed.Version);
    }

    private static Upload? FindOpenUpload(S3Request request, Bucket bucket)
    {
        lock (bucket.Gate)
        {
            if (bucket.Uploads.TryGetValue(request.UploadId, out Upload? upload) && upload.Key == request.Key)
                return upload;
            return bucket.Completed.ContainsKey(request.UploadId) ? null : throw S3Errors.NoSuchUpload(request.UploadId);
        }
    }

    /// <summary>The customer's key is needed only for verifying a checksum.</summary>
    private static void CheckKey(S3Request request, UploadRecord record)
    {
        Encryption encryption = record.Inputs.Encryption;
        EncryptionHeaders.RefuseServerEncryption(request);
        bool isRequired = encryption.IsCustomerKey && record.ChecksumAlgorithm is not null;
        if (isRequired || EncryptionHeaders.CustomerKeyHash(request) is not null)
            EncryptionHeaders.CheckPartKey(request, encryption);
    }

    private static ObjectVersion Version(Bucket bucket, UploadRecord upload, List<StoredPart> parts, StoredChecksum? checksum) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Key = upload.Key,
        VersionId = bucket.NewVersionId(),
        LastModified = DateTime.UtcNow,
        Started = bucket.IsVersioned ? upload.Initiated : DateTime.UtcNow,
        Size = parts.Sum(p => p.Size),
        ETag = bucket.IsDirectory ? ETags.Random() : ETag(parts),
        Inputs = upload.Inputs,
        Segments = [.. parts.Select(p => new DataSegment(p.File, p.Size))],
        Checksum = checksum,
    };

    private static string ETag(List<StoredPart> parts)
    {
        byte[] all = [.. parts.SelectMany(p => Convert.FromHexString(p.ETag))];
        return $"{Convert.ToHexStringLower(MD5.HashData(all))}-{parts.Count}";
    }

    private static S3Response Respond(S3Request request, Bucket bucket, ObjectVersion version)
    {
        string location = $"{(request.IsSecure ? "https" : "http")}://{request.Http.Request.Host.Value}/"
            + (request.Target.IsVirtualHost ? "" : bucket.Name + "/") + Uri.EscapeDataString(version.Key);
        XmlText xml = new XmlText().OpenRoot("CompleteMultipartUploadResult")
            .Element("Location", location).Element("Bucket", bucket.Name).Element("Key", version.Key)
            .Element("ETag", ETags.Quoted(version.ETag));
        if (version.Checksum is { } checksum)
            xml.Element(ChecksumAlgorithm.Find(checksum.Algorithm)!.XmlName, checksum.Value).Element("ChecksumType", checksum.Type);
        S3Response response = S3Response.Xml(xml.Close("CompleteMultipartUploadResult"));
        if (version.VersionId != ObjectVersion.NullVersionId)
            response.Set("x-amz-version-id", version.VersionId);
        Encryption encryption = version.Inputs.Encryption;
        if (!encryption.IsCustomerKey)
            EncryptionHeaders.Write(response, encryption with { Context = null }, request);
        ServerContext.WriteRequestCharged(request, response);
        return response;
    }
}
