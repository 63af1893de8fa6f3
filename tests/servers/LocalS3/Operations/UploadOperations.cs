using System.Security.Cryptography;
using LocalS3.Checksums;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>CreateMultipartUpload and AbortMultipartUpload.</summary>
internal sealed class UploadOperations(S3Service service)
{
    private const string OrderedLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int TimeLetters = 13;
    private const string RandomLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    private static long s_lastTicks;

    public Task<S3Response> CreateMultipartUpload(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        ObjectInputs inputs = ObjectInputReader.Read(request, bucket);
        (ChecksumAlgorithm? algorithm, string? type) = ReadChecksum(request);
        DateTime initiated = UniqueTime();
        LifecycleRule? rule = bucket.IsDirectory ? null : AbortRule(bucket.Record, request.Key);
        UploadRecord record = new()
        {
            UploadId = NewUploadId(initiated),
            Key = request.Key,
            Initiated = initiated,
            Inputs = inputs,
            ChecksumAlgorithm = algorithm?.Name,
            ChecksumType = type,
            AbortDate = rule is null ? null : initiated.Date.AddDays(1 + rule.AbortAfterDays!.Value),
            AbortRuleId = rule?.Id,
        };
        lock (bucket.Gate)
            bucket.Put(bucket.NewUpload(record));

        S3Response response = S3Response.Xml(new XmlText().OpenRoot("InitiateMultipartUploadResult")
            .Element("Bucket", bucket.Name).Element("Key", request.Key).Element("UploadId", record.UploadId)
            .Close("InitiateMultipartUploadResult"));
        WriteAbortRule(response, record);
        response.Set("x-amz-checksum-algorithm", record.ChecksumAlgorithm).Set("x-amz-checksum-type", record.ChecksumType);
        EncryptionReader.WriteHeaders(response, inputs.Encryption, request);
        S3Service.Charged(request, response);
        return Task.FromResult(response);
    }

    public Task<S3Response> AbortMultipartUpload(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        request.Body.RequireEmpty();
        lock (bucket.Gate)
        {
            if (!bucket.Uploads.TryGetValue(request.UploadId, out Upload? upload) || upload.Key != request.Key)
            {
                // Directory buckets take the abort of an upload that is gone for done.
                return bucket.IsDirectory && request.Header("x-amz-if-match-initiated-time") is not null
                    ? Task.FromResult(S3Response.Empty(204))
                    : throw S3Errors.NoSuchUpload(request.UploadId);
            }
            DirectoryRules.CheckInitiatedTime(request, bucket, upload.Record);
            bucket.Remove(upload, new HashSet<string?>());
        }
        S3Response response = S3Response.Empty(204);
        S3Service.Charged(request, response);
        return Task.FromResult(response);
    }

    public static void WriteAbortRule(S3Response response, UploadRecord record)
    {
        if (record.AbortDate is { } date)
        {
            response.Set("x-amz-abort-date", Dates.Http(date));
            response.Set("x-amz-abort-rule-id", record.AbortRuleId);
        }
    }

    /// <summary>Checks the algorithm and the type against each other, and fills in the type that S3 takes by default.</summary>
    private static (ChecksumAlgorithm? Algorithm, string? Type) ReadChecksum(S3Request request)
    {
        string? name = request.Header("x-amz-checksum-algorithm");
        string? type = request.Header("x-amz-checksum-type");
        if (type is not (null or ChecksumAlgorithm.Composite or ChecksumAlgorithm.FullObject))
            throw S3Errors.InvalidRequest("Value for x-amz-checksum-type header is invalid.");
        if (name is null)
        {
            return type is null ? (null, null)
                : throw S3Errors.InvalidRequest(
                    "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.Find(name.ToUpperInvariant())
            ?? throw S3Errors.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                + "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        type ??= algorithm.SupportsComposite ? ChecksumAlgorithm.Composite : ChecksumAlgorithm.FullObject;
        if (type == ChecksumAlgorithm.Composite ? !algorithm.SupportsComposite : !algorithm.SupportsFullObject)
            throw S3Errors.InvalidRequest($"The {type} checksum type cannot be used with the {algorithm.LowerName} checksum algorithm.");
        return (algorithm, type);
    }

    public static bool IsUploadId(string text) => text.Length == TimeLetters + 1 + 90 && text[TimeLetters] == '.';

    private static LifecycleRule? AbortRule(BucketRecord bucket, string key) => bucket.LifecycleRules
        .Where(r => r.Enabled && r.AbortAfterDays is not null && key.StartsWith(r.Prefix, StringComparison.Ordinal))
        .MinBy(r => r.AbortAfterDays);

    /// <summary>No two uploads start at the same instant, so that their order in listings is one order.</summary>
    private static DateTime UniqueTime()
    {
        while (true)
        {
            long last = Volatile.Read(ref s_lastTicks);
            long now = Math.Max(DateTime.UtcNow.Ticks, last + 1);
            if (Interlocked.CompareExchange(ref s_lastTicks, now, last) == last)
                return new DateTime(now, DateTimeKind.Utc);
        }
    }

    /// <summary>Upload ids sort as their uploads started, so that upload-id-marker and the order of listings agree.</summary>
    private static string NewUploadId(DateTime initiated)
    {
        char[] time = new char[TimeLetters];
        long ticks = initiated.Ticks;
        for (int i = time.Length - 1; i >= 0; i--, ticks >>= 5)
            time[i] = OrderedLetters[(int)(ticks & 31)];
        return new string(time) + "." + RandomNumberGenerator.GetString(RandomLetters, 90);
    }
}
