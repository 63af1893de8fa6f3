using System.Collections.Concurrent;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

/// <summary>A store in memory that does what it is told and remembers what it was asked.</summary>
internal sealed class FakeStore : IObjectStore
{
    private int _inFlight;

    internal ConcurrentDictionary<int, byte[]> Parts { get; } = new();

    internal int MostInFlight { get; private set; }

    internal Func<PartInput, CancellationToken, Task> OnPart { get; set; } = (_, _) => Task.CompletedTask;

    internal Func<UploadQuery, UploadPage>? OnList { get; set; }

    internal Func<string?, BucketPage>? OnListBuckets { get; set; }

    internal Func<string, AbortRules?>? OnAbortRules { get; set; }

    internal Queue<PartPage> PartPages { get; } = new();

    internal Func<CompleteInput, CompletedObject>? OnComplete { get; set; }

    internal Func<CopySource, FoundObject>? OnHead { get; set; }

    internal Func<int, FoundPart> OnHeadPart { get; set; } = _ => new FoundPart(0, null);

    internal int PartHeads { get; private set; }

    /// <summary>The sizes of an object's parts, page by page; null for a store that does not list them.</summary>
    internal IReadOnlyList<IReadOnlyList<long>>? ObjectParts { get; set; }

    internal CompleteInput? Completed { get; private set; }

    internal CompletedObject Response { get; set; } = new();

    internal int Aborts { get; private set; }

    internal Func<PutInput, CompletedObject>? OnPut { get; set; }

    /// <summary>The pages of keys that are left to list.</summary>
    internal Queue<KeyPage> KeyPages { get; } = new();

    internal byte[] Whole() => Parts.OrderBy(part => part.Key).Aggregate(new MemoryStream(), (whole, part) =>
    {
        whole.Write(part.Value);
        return whole;
    }).ToArray();

    public Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken) =>
        Task.FromResult(new CreatedUpload { UploadId = "id" });

    public async Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken)
    {
        int now = Interlocked.Increment(ref _inFlight);
        lock (Parts)
        {
            MostInFlight = Math.Max(MostInFlight, now);
        }

        try
        {
            await OnPart(input, cancellationToken);
            byte[] bytes = new byte[input.Body.Length];
            for (int offset = 0; offset < bytes.Length;)
            {
                offset += await input.Body.ReadAsync(offset, bytes.AsMemory(offset), cancellationToken);
            }

            Parts[input.PartNumber] = bytes;
            return new StoredPart { PartNumber = input.PartNumber, Size = bytes.Length, ETag = $"\"{input.PartNumber}\"" };
        }
        finally
        {
            _ = Interlocked.Decrement(ref _inFlight);
        }
    }

    public Task<StoredPart> UploadPartCopyAsync(PartCopyInput input, CancellationToken cancellationToken) =>
        Task.FromResult(new StoredPart { PartNumber = input.PartNumber, Size = input.Size, ETag = "\"copy\"" });

    public Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken)
    {
        Completed = input;
        return Task.FromResult(OnComplete?.Invoke(input) ?? Response);
    }

    public Task<string?> AbortMultipartUploadAsync(UploadTarget target, DateTime? ifInitiated, CancellationToken cancellationToken)
    {
        Aborts++;
        return Task.FromResult<string?>(null);
    }

    public Task<PartPage> ListPartsAsync(UploadTarget target, int marker, CancellationToken cancellationToken) =>
        PartPages.TryDequeue(out PartPage? page)
            ? Task.FromResult(page)
            : throw S3ServiceException.Create(new("NoSuchUpload"), FailureKind.ObjectNotFound, "gone");

    public Task<UploadPage> ListMultipartUploadsAsync(UploadQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(OnList!(query));

    public Task<BucketPage> ListBucketsAsync(string? marker, CancellationToken cancellationToken) =>
        Task.FromResult(OnListBuckets!(marker));

    public Task<AbortRules?> GetAbortRulesAsync(string bucketName, CancellationToken cancellationToken) =>
        Task.FromResult(OnAbortRules!(bucketName));

    public Task<FoundPart> HeadPartAsync(CopySource source, int partNumber, CancellationToken cancellationToken)
    {
        PartHeads++;
        return Task.FromResult(OnHeadPart(partNumber));
    }

    public Task<FoundObject> HeadObjectAsync(CopySource source, CancellationToken cancellationToken) =>
        Task.FromResult(OnHead?.Invoke(source) ?? new FoundObject(Completed?.Size ?? 100L << 20, "\"source\""));

    public Task<ObjectPartPage> ListObjectPartsAsync(CopySource source, int marker, CancellationToken cancellationToken) =>
        ObjectParts is { } pages
            ? Task.FromResult(new ObjectPartPage(pages[marker], marker + 1 < pages.Count ? marker + 1 : null))
            : throw new S3MultipartException("NotImplemented", FailureKind.NotImplemented, "no such list");

    public Task<CompletedObject> PutObjectAsync(PutInput input, CancellationToken cancellationToken) =>
        Task.FromResult(OnPut!(input));

    public Task<KeyPage> ListKeysAsync(string bucketName, string? prefix, string? token, CancellationToken cancellationToken) =>
        Task.FromResult(KeyPages.Dequeue());
}
