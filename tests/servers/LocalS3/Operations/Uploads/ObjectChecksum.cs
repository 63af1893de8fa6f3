using System.Buffers;
using System.Globalization;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Uploads;

/// <summary>The checksum of an object: composed of those of its parts, or computed from its bytes.</summary>
internal static class ObjectChecksum
{
    /// <summary>The object's checksum according to the client; null if it sent none that S3 verifies.</summary>
    public static string? Expected(S3Request request, UploadRecord upload)
    {
        string? type = request.Header("x-amz-checksum-type");
        if (type is not (null or ChecksumAlgorithm.Composite or ChecksumAlgorithm.FullObject))
            throw S3Errors.InvalidRequest("Value for x-amz-checksum-type header is invalid.");
        if (upload.ChecksumType is not null && type is not null && type != upload.ChecksumType)
        {
            throw S3Errors.InvalidRequest($"The upload was created using the {upload.ChecksumType} checksum mode. "
                + "The complete request must use the same checksum mode.");
        }
        List<ChecksumAlgorithm> sent = [.. ChecksumAlgorithm.All.Where(a => request.Header(a.Header) is not null)];
        if (sent.Count > 1)
            throw S3Errors.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        if (sent.Count == 0)
            return null;
        string value = request.Header(sent[0].Header)!;
        int dash = value.IndexOf('-', StringComparison.Ordinal);
        bool counted = dash >= 0 && upload.ChecksumType == ChecksumAlgorithm.Composite
            && int.TryParse(value.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!sent[0].IsValue(counted ? value[..dash] : value))
            throw S3Errors.InvalidRequest($"Value for {sent[0].Header} header is invalid.");
        if (upload.ChecksumAlgorithm is null)
            return sent[0] == ChecksumAlgorithm.Crc64Nvme ? value : null;
        return sent[0].Name == upload.ChecksumAlgorithm ? value
            : throw S3Errors.InvalidRequest($"Checksum Type mismatch occurred, expected checksum Type: "
                + $"{upload.ChecksumAlgorithm.ToLowerInvariant()}, actual checksum Type: {sent[0].LowerName}");
    }

    public static StoredChecksum? Compute(
        Bucket bucket, UploadRecord upload, IReadOnlyList<StoredPart> parts, string? expected, bool discarded)
    {
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.Find(upload.ChecksumAlgorithm) ?? ChecksumAlgorithm.Crc64Nvme;
        if (upload.ChecksumType == ChecksumAlgorithm.Composite)
        {
            string value = Compose(algorithm, parts);
            string counted = $"{value}-{parts.Count}";
            if (expected is not null && expected != counted && expected != value)
                throw S3Errors.BadDigest(algorithm.LowerName);
            return new StoredChecksum(algorithm.Name, ChecksumAlgorithm.Composite, counted);
        }
        if (upload.ChecksumAlgorithm is null && bucket.IsDirectory)
            return null;
        string? whole = discarded ? expected : Read(bucket, algorithm, parts);
        if (expected is not null && expected != whole)
            throw S3Errors.BadDigest(algorithm.LowerName);
        return whole is null ? null : new StoredChecksum(algorithm.Name, ChecksumAlgorithm.FullObject, whole);
    }

    private static string Compose(ChecksumAlgorithm algorithm, IReadOnlyList<StoredPart> parts)
    {
        using IChecksum checksum = algorithm.Create();
        foreach (StoredPart part in parts)
            checksum.Append(Convert.FromBase64String(part.Checksum!));
        return Convert.ToBase64String(checksum.Finish());
    }

    private static string Read(Bucket bucket, ChecksumAlgorithm algorithm, IReadOnlyList<StoredPart> parts)
    {
        using IChecksum checksum = algorithm.Create();
        using ObjectContent content = new(bucket, parts.Select(p => new DataSegment(p.File, p.Size)), 0, parts.Sum(p => p.Size));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            while (content.Read(buffer) is > 0 and int count)
                checksum.Append(buffer.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToBase64String(checksum.Finish());
    }
}
