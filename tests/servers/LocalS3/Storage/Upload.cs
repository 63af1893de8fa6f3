namespace LocalS3.Storage;

/// <summary>A multipart upload in progress. Its parts are guarded by the lock of its bucket.</summary>
internal sealed class Upload(UploadRecord record, string folder) : IDisposable
{
    public UploadRecord Record { get; } = record;

    public string Folder { get; } = folder;

    public SortedDictionary<int, StoredPart> Parts { get; } = [];

    /// <summary>Held by a completion, so that two of one upload run one after the other.</summary>
    public SemaphoreSlim CompletionGate { get; } = new(1, 1);

    public string Key => Record.Key;

    public string UploadId => Record.UploadId;

    public string JournalPath => Path.Combine(Folder, "parts.jsonl");

    public void Dispose() => CompletionGate.Dispose();
}
