using System.Security.Cryptography;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>CompleteMultipartUpload.</summary>
internal sealed class CompleteOperation(S3Service service)
{
    public async Task<S3Response> CompleteMultipartUpload(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        DirectoryRules.CheckDigests(request, bucket);
        byte[] body = await request.Body.ReadAllAsync();
        BodyDigests.VerifyMd5(request, body);
        Upload? upload = FindUpload(request, bucket);
        List<CompletedPart> listed = CompleteRequest.Parse(body);
        if (request.IgnoresListedChecksums)
            listed = [.. listed.Select(part => part with { Algorithm = null, Checksum = null })];
        if (request.IgnoresListedETags && upload is not null)
            listed = [.. listed.Select(part => part with { ETag = upload.Parts.GetValueOrDefault(part.PartNumber)?.ETag ?? part.ETag })];
        if (upload is null)
            return Repeat(request, bucket, listed);
        await upload.Completing.WaitAsync(request.Aborted);
        try
        {
            return FindUpload(request, bucket) is null
                ? Repeat(request, bucket, listed)
                : await Task.Run(() => Complete(request, bucket, upload, listed));
        }
        finally
        {
            upload.Completing.Release();
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
            Conditions.CheckWrite(request, before);
        }
        parts = request.Fault?.Action switch
        {
            "swallow" => [],
            "drop-part" => [.. parts.SkipLast(1)],
            _ => parts,
        };
        CompleteRules.CheckSize(request, parts.Sum(p => p.Size));
        string? expected = ObjectChecksum.Expected(request, record);
        StoredChecksum? checksum = ObjectChecksum.Compute(bucket, record, parts, expected, service.Options.Discard);
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
        return Answer(request, bucket, version);
    }

    /// <summary>S3 answers a repeated completion as it answered the first, if the same parts are listed.</summary>
    private static S3Response Repeat(S3Request request, Bucket bucket, List<CompletedPart> listed)
    {
        CompletedRecord? done;
        lock (bucket.Gate)
            done = bucket.Completed.GetValueOrDefault(request.UploadId);
        if (done is null || done.Key != request.Key || !done.Parts.SequenceEqual(listed.Select(p => (p.PartNumber, p.ETag))))
            throw S3Errors.NoSuchUpload(request.UploadId);
        return Answer(request, bucket, done.Version);
    }

    private static Upload? FindUpload(S3Request request, Bucket bucket)
    {
        lock (bucket.Gate)
        {
            if (bucket.Uploads.TryGetValue(request.UploadId, out Upload? upload) && upload.Key == request.Key)
                return upload;
            return bucket.Completed.ContainsKey(request.UploadId) ? null : throw S3Errors.NoSuchUpload(request.UploadId);
        }
    }

    /// <summary>The customer's key is needed again only where a checksum must be verified with it.</summary>
    private static void CheckKey(S3Request request, UploadRecord record)
    {
        Encryption encryption = record.Inputs.Encryption;
        EncryptionReader.RefuseServerEncryption(request);
        bool needed = encryption.IsCustomerKey && record.ChecksumAlgorithm is not null;
        if (needed || EncryptionReader.CustomerKeyHash(request) is not null)
            EncryptionReader.CheckPartKey(request, encryption);
    }

    private static ObjectVersion Version(Bucket bucket, UploadRecord upload, List<StoredPart> parts, StoredChecksum? checksum) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Key = upload.Key,
        VersionId = ObjectOperations.NewVersionId(bucket),
        LastModified = DateTime.UtcNow,
        Started = bucket.IsVersioned ? upload.Initiated : DateTime.UtcNow,
        Size = parts.Sum(p => p.Size),
        ETag = bucket.IsDirectory ? BodyStore.RandomETag() : ETag(parts),
        Inputs = upload.Inputs,
        Segments = [.. parts.Select(p => new DataSegment(p.File, p.Size))],
        Parts = [.. parts.Select((p, i) => new ObjectPart(p.PartNumber, p.Size, checksum is null ? null : p.Checksum))],
        Checksum = checksum,
    };

    private static string ETag(List<StoredPart> parts)
    {
        byte[] all = [.. parts.SelectMany(p => Convert.FromHexString(p.ETag))];
        return $"{Convert.ToHexStringLower(MD5.HashData(all))}-{parts.Count}";
    }

    private static S3Response Answer(S3Request request, Bucket bucket, ObjectVersion version)
    {
        string location = $"{(request.IsSecure ? "https" : "http")}://{request.Http.Request.Host.Value}/"
            + (request.Target.IsVirtualHost ? "" : bucket.Name + "/") + Uri.EscapeDataString(version.Key);
        XmlText xml = new XmlText().OpenRoot("CompleteMultipartUploadResult")
            .Element("Location", location).Element("Bucket", bucket.Name).Element("Key", version.Key)
            .Element("ETag", PartOperations.Quoted(version.ETag));
        if (version.Checksum is { } checksum)
            xml.Element(ChecksumAlgorithm.Find(checksum.Algorithm)!.XmlName, checksum.Value).Element("ChecksumType", checksum.Type);
        S3Response response = S3Response.Xml(xml.Close("CompleteMultipartUploadResult"));
        if (version.VersionId != "null")
            response.Set("x-amz-version-id", version.VersionId);
        Encryption encryption = version.Inputs.Encryption;
        if (!encryption.IsCustomerKey)
            EncryptionReader.WriteHeaders(response, encryption with { Context = null }, request);
        S3Service.Charged(request, response);
        return response;
    }
}
