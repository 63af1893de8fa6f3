using System.Collections.Concurrent;

namespace LocalS3.Storage;

/// <summary>All buckets, kept under one folder.</summary>
internal sealed class Store
{
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly bool _keepParts;

    public Store(string root, bool keepParts)
    {
        (_folder, _keepParts) = (Path.Combine(root, "buckets"), keepParts);
        Directory.CreateDirectory(_folder);
        foreach (string folder in Directory.EnumerateDirectories(_folder))
        {
            if (!File.Exists(Path.Combine(folder, "bucket.json")))
                continue;
            Bucket bucket = Bucket.Load(folder, _keepParts);
            _buckets[bucket.Name] = bucket;
        }
    }

    public IEnumerable<Bucket> Buckets => _buckets.Values.OrderBy(bucket => bucket.Name, StringComparer.Ordinal);

    public Bucket? Find(string name) => _buckets.GetValueOrDefault(name);

    /// <summary>Creates a bucket; null if there is one of that name.</summary>
    public Bucket? Create(BucketRecord record)
    {
        lock (_gate)
        {
            if (_buckets.ContainsKey(record.Name))
                return null;
            Bucket bucket = new(record, Path.Combine(_folder, record.Name), _keepParts);
            bucket.Save(record);
            return _buckets[record.Name] = bucket;
        }
    }

    public void Delete(Bucket bucket)
    {
        lock (_gate)
        {
            _buckets.TryRemove(bucket.Name, out _);
            bucket.Delete();
        }
    }
}
