using System.Globalization;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>UploadPart.</summary>
internal sealed class PartOperations(S3Service service)
{
    private readonly BodyStore _bodies = new(service.Options.Discard);

    public async Task<S3Response> UploadPart(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        int number = PartNumber(request);
        Upload upload = S3Service.Upload(request, bucket);
        EncryptionReader.CheckPartKey(request, upload.Record.Inputs.Encryption);
        using BodyDigests digests = BodyDigests.FromRequest(request);
        DirectoryRules.CheckDigests(request, bucket);
        LockReader.RequireDigest(upload.Record.Inputs, digests.HasContentMd5 || digests.SentByClient, "Part");
        ChecksumAlgorithm? declared = CheckAlgorithm(upload.Record, digests.SentByClient ? digests.Algorithm : null);

        ReceivedBody body = await _bodies.ReceiveAsync(request, bucket, digests, upload.Record.Inputs.Encryption, declared);
        StoredPart part = Commit(bucket, upload, number, body);

        S3Response response = S3Response.Empty().Set("ETag", Quoted(part.ETag));
        if (digests.Algorithm is { } algorithm)
            response.Set(algorithm.Header, body.Checksum);
        EncryptionReader.WriteHeaders(response, upload.Record.Inputs.Encryption with { Context = null }, request);
        S3Service.Charged(request, response);
        return response;
    }

    public static int PartNumber(S3Request request)
    {
        string text = request.Query["partNumber"] ?? "";
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            || number is < 1 or > Limits.MostParts)
            throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
        return number;
    }

    /// <summary>The part takes its place, unless the upload has gone in the meantime.</summary>
    public static StoredPart Commit(Bucket bucket, Upload upload, int number, ReceivedBody body)
    {
        // A checksum that the upload was not created with is verified and answered, but not kept.
        bool declared = upload.Record.ChecksumAlgorithm is not null;
        StoredPart part = new()
        {
            PartNumber = number,
            Size = body.Size,
            ETag = body.ETag,
            LastModified = DateTime.UtcNow,
            File = body.File,
            CameWithChecksum = body.Checksum is not null,
            ChecksumAlgorithm = declared ? body.ChecksumAlgorithm : null,
            Checksum = declared ? body.Checksum : null,
        };
        lock (bucket.Gate)
        {
            if (bucket.Uploads.ContainsKey(upload.UploadId))
            {
                bucket.PutPart(upload, part);
                return part;
            }
        }
        bucket.Data.Delete(body.File);
        throw S3Errors.NoSuchUpload(upload.UploadId);
    }

    public static string Quoted(string eTag) => '"' + eTag + '"';

    /// <summary>Every part carries the checksum its upload was created with; for a full object S3 computes what is missing.</summary>
    private static ChecksumAlgorithm? CheckAlgorithm(UploadRecord upload, ChecksumAlgorithm? sent)
    {
        ChecksumAlgorithm? declared = ChecksumAlgorithm.Find(upload.ChecksumAlgorithm);
        if (declared is null || declared == sent || (sent is null && upload.ChecksumType == ChecksumAlgorithm.FullObject))
            return declared;
        throw S3Errors.InvalidRequest($"Checksum Type mismatch occurred, expected checksum Type: {declared.LowerName}, "
            + $"actual checksum Type: {sent?.LowerName ?? "null"}");
    }
}
