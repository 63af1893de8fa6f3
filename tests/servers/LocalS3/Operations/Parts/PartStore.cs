using System.Globalization;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Operations.Shared;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Parts;

/// <summary>What UploadPart and UploadPartCopy have in common: the number of a part, and storing it.</summary>
internal static class PartStore
{
    public static int ReadPartNumber(S3Request request)
    {
        string text = request.Query["partNumber"] ?? "";
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            || number is < 1 or > Limits.MaxPartCount)
            throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
        return number;
    }

    /// <summary>Stores a part, unless its upload was completed or aborted in the meantime.</summary>
    public static StoredPart Put(Bucket bucket, Upload upload, int number, ReceivedBody body)
    {
        // If the upload names no algorithm, a part's checksum is verified and sent back, but not stored.
        bool storesChecksum = upload.Record.ChecksumAlgorithm is not null;
        StoredPart part = new()
        {
            PartNumber = number,
            Size = body.Size,
            ETag = body.ETag,
            LastModified = DateTime.UtcNow,
            File = body.File,
            HadChecksum = body.Checksum is not null,
            ChecksumAlgorithm = storesChecksum ? body.ChecksumAlgorithm : null,
            Checksum = storesChecksum ? body.Checksum : null,
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
}
