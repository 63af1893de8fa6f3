using System.Diagnostics;
using System.Globalization;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Retries;

/// <summary>Logs each request by its S3 name, without secrets: the operation, the object, and how it ended.</summary>
/// <param name="store">Who does the work.</param>
/// <param name="log">Takes a line; called from any thread.</param>
internal sealed class LoggingObjectStore(IObjectStore store, Action<string> log) : IObjectStore
{
    public Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken) => LogAsync(
        $"CreateMultipartUpload {S3Uri.Of(input.BucketName, input.Key)}",
        store.CreateMultipartUploadAsync(input, cancellationToken),
        created => $"upload id {created.UploadId}");

    public Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken) => LogAsync(
        $"UploadPart {input.Target} part {input.PartNumber}, {ByteSize.Format(input.Body.Length)}",
        store.UploadPartAsync(input, cancellationToken),
        stored => $"ETag {stored.ETag}");

    public Task<StoredPart> UploadPartCopyAsync(PartCopyInput input, CancellationToken cancellationToken) => LogAsync(
        $"UploadPartCopy {input.Target} part {input.PartNumber} from {S3Uri.Of(input.Source.BucketName, input.Source.Key)}"
            + (input.Range is (long first, long last) ? $" bytes={first}-{last}" : ""),
        store.UploadPartCopyAsync(input, cancellationToken),
        stored => $"ETag {stored.ETag}");

    public Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken) => LogAsync(
        $"CompleteMultipartUpload {input.Target} with {Count.Of(input.Parts.Count, "part")}, {ByteSize.Format(input.Size)}",
        store.CompleteMultipartUploadAsync(input, cancellationToken),
        completed => $"ETag {completed.ETag}");

    public Task<string?> AbortMultipartUploadAsync(UploadTarget target, DateTime? ifInitiated, CancellationToken cancellationToken) =>
        LogAsync(
            $"AbortMultipartUpload {target} upload id {target.UploadId}",
            store.AbortMultipartUploadAsync(target, ifInitiated, cancellationToken),
            _ => "done");

    public Task<PartPage> ListPartsAsync(UploadTarget target, int marker, CancellationToken cancellationToken) => LogAsync(
        $"ListParts {target} upload id {target.UploadId}" + (marker > 0 ? $" after part {marker}" : ""),
        store.ListPartsAsync(target, marker, cancellationToken),
        page => Count.Of(page.Parts.Count, "part"));

    public Task<UploadPage> ListMultipartUploadsAsync(UploadQuery query, CancellationToken cancellationToken) => LogAsync(
        $"ListMultipartUploads {S3Uri.Of(query.BucketName, query.Prefix)}" + (query.KeyMarker is null ? "" : $" after {query.KeyMarker}"),
        store.ListMultipartUploadsAsync(query, cancellationToken),
        page => Count.Of(page.Uploads.Count, "upload"));

    public Task<CompletedObject> PutObjectAsync(PutInput input, CancellationToken cancellationToken) => LogAsync(
        $"PutObject {S3Uri.Of(input.Object.BucketName, input.Object.Key)}, {ByteSize.Format(input.Body.Length)}",
        store.PutObjectAsync(input, cancellationToken),
        completed => $"ETag {completed.ETag}");

    public Task<KeyPage> ListKeysAsync(string bucketName, string? prefix, string? token, CancellationToken cancellationToken) => LogAsync(
        $"ListObjectsV2 {S3Uri.Of(bucketName, prefix)}" + (token is null ? "" : ", next page"),
        store.ListKeysAsync(bucketName, prefix, token, cancellationToken),
        page => Count.Of(page.Keys.Count, "key"));

    public Task<BucketPage> ListBucketsAsync(string? marker, CancellationToken cancellationToken) => LogAsync(
        "ListBuckets s3://" + (marker is null ? "" : ", the next page"),
        store.ListBucketsAsync(marker, cancellationToken),
        page => Count.Of(page.Buckets.Count, "bucket"));

    public Task<AbortRules?> GetAbortRulesAsync(string bucketName, CancellationToken cancellationToken) => LogAsync(
        $"GetBucketLifecycleConfiguration {S3Uri.Of(bucketName)}",
        store.GetAbortRulesAsync(bucketName, cancellationToken),
        rules => rules is null ? "no lifecycle of S3" : $"{rules.Prefixes.Count} rules that abort");

    public Task<FoundObject> HeadObjectAsync(CopySource source, CancellationToken cancellationToken) => LogAsync(
        $"HeadObject {S3Uri.Of(source.BucketName, source.Key)}",
        store.HeadObjectAsync(source, cancellationToken),
        found => $"{ByteSize.Format(found.Size)}, ETag {found.ETag}");

    public Task<ObjectPartPage> ListObjectPartsAsync(CopySource source, int marker, CancellationToken cancellationToken) => LogAsync(
        $"GetObjectAttributes {S3Uri.Of(source.BucketName, source.Key)}" + (marker > 0 ? $" after part {marker}" : ""),
        store.ListObjectPartsAsync(source, marker, cancellationToken),
        page => Count.Of(page.Sizes.Count, "part"));

    public Task<FoundPart> HeadPartAsync(CopySource source, int partNumber, CancellationToken cancellationToken) => LogAsync(
        $"HeadObject {S3Uri.Of(source.BucketName, source.Key)} part {partNumber}",
        store.HeadPartAsync(source, partNumber, cancellationToken),
        found => $"{ByteSize.Format(found.Size)}, {found.Count?.ToString(CultureInfo.InvariantCulture) ?? "no number of"} parts");

    private async Task<T> LogAsync<T>(string request, Task<T> response, Func<T, string> outcome)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            T result = await response;
            log($"{request}: {outcome(result)} ({Milliseconds(start)} ms)");
            return result;
        }
        catch (S3ServiceException e)
        {
            log($"{request}: {e.Status} {e.ErrorCode}, request id {e.RequestId} ({Milliseconds(start)} ms)");
            throw;
        }
        catch (Exception e)
        {
            log($"{request}: {e.GetType().Name} ({Milliseconds(start)} ms)");
            throw;
        }
    }

    private static long Milliseconds(long start) => (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}
