namespace LocalS3.Storage;

/// <summary>A multipart upload in progress. Its parts are guarded by the lock of its bucket.</summary>
internal sealed class Upload(UploadRecord record, string folder) : IDisposable
{
    public UploadRecord Record { get; } = record;

    public string Folder { get; } = folder;

    public SortedDictionary<int, StoredPart> Parts { get; } = [];

    /// <summary>Two completions of one upload go one after the other.</summary>
    public SemaphoreSlim Completing { get; } = new(1, 1);

    public string Key => Record.Key;

    public string UploadId => Record.UploadId;

    public string JournalPath => Path.Combine(Folder, "parts.jsonl");

    public void Dispose() => Completing.Dispose();
}
