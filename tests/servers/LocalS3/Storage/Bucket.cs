using System.Security.Cryptography;
using System.Text.Json;

namespace LocalS3.Storage;

/// <summary>A bucket: its objects, its uploads in progress and its settings, which are all guarded by <see cref="Gate"/>.</summary>
internal sealed class Bucket
{
    private readonly string _folder;
    private readonly bool _keepParts;

    public Bucket(BucketRecord record, string folder, bool keepParts)
    {
        (Record, _folder, _keepParts) = (record, folder, keepParts);
        Directory.CreateDirectory(Path.Combine(folder, "objects"));
        Directory.CreateDirectory(Path.Combine(folder, "uploads"));
        Data = new DataFolder(Path.Combine(folder, "data"));
    }

    public Lock Gate { get; } = new();

    public DataFolder Data { get; }

    public BucketRecord Record { get; private set; }

    public string Name => Record.Name;

    public bool IsDirectory => IsDirectoryName(Name);

    public bool IsVersioned => Record.Versioning == "Enabled";

    /// <summary>Every key with its versions, the current one last.</summary>
    public SortedDictionary<string, List<ObjectVersion>> Objects { get; } = new(KeyOrder.Instance);

    public Dictionary<string, Upload> Uploads { get; } = new(StringComparer.Ordinal);

    /// <summary>The uploads completed since the server was started.</summary>
    public Dictionary<string, CompletedRecord> Completed { get; } = new(StringComparer.Ordinal);

    /// <summary>True for directory buckets and for their access points, each of which is a separate bucket here.</summary>
    public static bool IsDirectoryName(string name) => name.EndsWith("--x-s3", StringComparison.Ordinal)
        || name.EndsWith("--xa-s3", StringComparison.Ordinal);

    public static Bucket Load(string folder, bool keepParts)
    {
        Bucket bucket = new(JsonFile.Read<BucketRecord>(Path.Combine(folder, "bucket.json")), folder, keepParts);
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, "objects"), "*.json"))
            bucket.Insert(JsonFile.Read<ObjectVersion>(path));
        foreach (string path in Directory.EnumerateDirectories(Path.Combine(folder, "uploads")))
            bucket.LoadUpload(path);
        bucket.DeleteStrayData();
        return bucket;
    }

    public void Save(BucketRecord record)
    {
        Record = record;
        JsonFile.Write(Path.Combine(_folder, "bucket.json"), record);
    }

    public string NewVersionId() => IsVersioned
        ? RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._", 32)
        : ObjectVersion.NullVersionId;

    public ObjectVersion? Current(string key) =>
        Objects.TryGetValue(key, out List<ObjectVersion>? versions) && versions.Count > 0 ? versions[^1] : null;

    /// <summary>Stores a version; without versioning it replaces the existing one.</summary>
    public void Put(ObjectVersion version)
    {
        JsonFile.Write(ObjectPath(version), version);
        if (Objects.TryGetValue(version.Key, out List<ObjectVersion>? versions)
            && versions.Find(v => v.VersionId == version.VersionId) is { } replaced)
            Remove(replaced);
        Insert(version);
    }

    public void Remove(ObjectVersion version)
    {
        List<ObjectVersion> versions = Objects[version.Key];
        versions.Remove(version);
        if (versions.Count == 0)
            Objects.Remove(version.Key);
        File.Delete(ObjectPath(version));
        foreach (DataSegment segment in version.Segments)
            Data.Delete(segment.File);
    }

    public void Put(Upload upload)
    {
        Directory.CreateDirectory(upload.Folder);
        JsonFile.Write(Path.Combine(upload.Folder, "upload.json"), upload.Record);
        Uploads.Add(upload.UploadId, upload);
    }

    public Upload NewUpload(UploadRecord record) => new(record, Path.Combine(_folder, "uploads", record.UploadId));

    public void PutPart(Upload upload, StoredPart part)
    {
        if (_keepParts)
            File.AppendAllText(upload.JournalPath, JsonSerializer.Serialize(part, JsonFile.Options) + "\n");
        if (upload.Parts.TryGetValue(part.PartNumber, out StoredPart? replaced))
            Data.Delete(replaced.File);
        upload.Parts[part.PartNumber] = part;
    }

    /// <summary>Removes an upload and the files of its parts, except those that an object now consists of.</summary>
    public void Remove(Upload upload, IReadOnlySet<string?> keptFiles)
    {
        Uploads.Remove(upload.UploadId);
        Directory.Delete(upload.Folder, recursive: true);
        foreach (StoredPart part in upload.Parts.Values.Where(p => !keptFiles.Contains(p.File)))
            Data.Delete(part.File);
    }

    public void Delete() => Directory.Delete(_folder, recursive: true);

    private string ObjectPath(ObjectVersion version) => Path.Combine(_folder, "objects", version.Id + ".json");

    private void Insert(ObjectVersion version)
    {
        if (!Objects.TryGetValue(version.Key, out List<ObjectVersion>? versions))
            Objects.Add(version.Key, versions = []);
        int at = versions.Count;
        while (at > 0 && versions[at - 1].Started > version.Started)
            at--;
        versions.Insert(at, version);
    }

    private void LoadUpload(string folder)
    {
        string path = Path.Combine(folder, "upload.json");
        if (!File.Exists(path))
        {
            Directory.Delete(folder, recursive: true);
            return;
        }
        Upload upload = new(JsonFile.Read<UploadRecord>(path), folder);
        if (File.Exists(upload.JournalPath))
        {
            foreach (string line in File.ReadLines(upload.JournalPath))
            {
                // A kill may have left the last line incomplete; its part was not acknowledged.
                if (line.EndsWith('}') && JsonSerializer.Deserialize<StoredPart>(line, JsonFile.Options) is { } part)
                    upload.Parts[part.PartNumber] = part;
            }
            File.WriteAllLines(upload.JournalPath, upload.Parts.Values.Select(p => JsonSerializer.Serialize(p, JsonFile.Options)));
        }
        Uploads.Add(upload.UploadId, upload);
    }

    /// <summary>Deletes the files of parts that were being received when the server was killed.</summary>
    private void DeleteStrayData()
    {
        HashSet<string?> known = [.. Objects.Values.SelectMany(v => v).SelectMany(v => v.Segments).Select(s => s.File)];
        known.UnionWith(Uploads.Values.SelectMany(u => u.Parts.Values).Select(p => p.File));
        Data.DeleteAllBut(known);
    }
}
