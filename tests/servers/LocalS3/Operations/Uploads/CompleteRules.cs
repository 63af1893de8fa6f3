using System.Globalization;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Uploads;

/// <summary>Checks the parts that CompleteMultipartUpload lists against those that were stored.</summary>
internal static class CompleteRules
{
    public static List<StoredPart> Select(Bucket bucket, Upload upload, List<CompletedPart> listed)
    {
        CheckOrder(bucket, upload, listed);
        List<StoredPart> parts = new(listed.Count);
        foreach (CompletedPart part in listed)
        {
            if (!upload.Parts.TryGetValue(part.PartNumber, out StoredPart? stored) || stored.ETag != part.ETag)
                throw S3Errors.InvalidPart(upload.UploadId, part.PartNumber, part.ETag);
            CheckChecksum(upload, part, stored);
            parts.Add(stored);
        }
        for (int i = 0; i < parts.Count - 1; i++)
        {
            if (parts[i].Size < Limits.MinPartSize)
                throw S3Errors.EntityTooSmall(parts[i].Size, parts[i].PartNumber, parts[i].ETag);
        }
        long size = parts.Sum(p => p.Size);
        return size > Limits.MaxObjectSize ? throw S3Errors.EntityTooLarge(size, Limits.MaxObjectSize) : parts;
    }

    public static void CheckSize(S3Request request, long size)
    {
        if (request.Header("x-amz-mp-object-size") is not { } text)
            return;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long expected))
            throw S3Errors.InvalidRequest($"Value for x-amz-mp-object-size header is invalid: '{text}'");
        if (expected < 0)
            throw S3Errors.InvalidRequest($"Value for x-amz-mp-object-size header is less than zero: '{text}'");
        if (expected != size)
        {
            throw S3Errors.InvalidRequest(
                $"The provided 'x-amz-mp-object-size' header value {expected} does not match what was computed: {size}");
        }
    }

    private static void CheckOrder(Bucket bucket, Upload upload, List<CompletedPart> listed)
    {
        for (int i = 1; i < listed.Count; i++)
        {
            if (listed[i].PartNumber <= listed[i - 1].PartNumber)
                throw S3Errors.InvalidPartOrder(upload.UploadId);
        }
        // Gaps are allowed only without checksums, and not in directory buckets.
        bool consecutive = bucket.IsDirectory || upload.Record.ChecksumAlgorithm is not null
            || listed.Any(p => upload.Parts.TryGetValue(p.PartNumber, out StoredPart? part) && part.HadChecksum);
        if (consecutive && (listed[0].PartNumber != 1 || listed[^1].PartNumber != listed.Count))
            throw S3Errors.InvalidPartOrder(upload.UploadId);
    }

    private static void CheckChecksum(Upload upload, CompletedPart part, StoredPart stored)
    {
        UploadRecord record = upload.Record;
        ChecksumAlgorithm? algorithm = ChecksumAlgorithm.Find(stored.ChecksumAlgorithm);
        if (part.Checksum is null)
        {
            if (record.ChecksumType == ChecksumAlgorithm.Composite)
            {
                throw S3Errors.InvalidRequest($"The upload was created using a {record.ChecksumAlgorithm!.ToLowerInvariant()} checksum. "
                    + "The complete request must include the checksum for each part. "
                    + $"It was missing for part {part.PartNumber} in the request.");
            }
            return;
        }
        // A part of an upload without an algorithm has no checksum to compare with, so that S3 finds no such part.
        if (algorithm is not null && part.Algorithm != algorithm)
        {
            throw new S3Exception("BadDigest", 400,
                $"The {part.Algorithm!.LowerName} you specified for part {part.PartNumber} did not match what we received.");
        }
        if (part.Checksum != stored.Checksum)
            throw S3Errors.InvalidPart(upload.UploadId, part.PartNumber, part.ETag);
    }
}
