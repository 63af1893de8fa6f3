namespace LocalS3.Storage;

/// <summary>The files with the bytes of parts and objects. Files deleted during a read are removed after the last one.</summary>
internal sealed class DataFolder
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly List<string> _pendingDeletes = [];
    private int _readers;

    public DataFolder(string folder) => Directory.CreateDirectory(_folder = folder);

    public static string NewName() => Guid.NewGuid().ToString("N");

    public string PathOf(string name) => Path.Combine(_folder, name);

    public void Delete(string? name)
    {
        if (name is null)
            return;
        lock (_gate)
        {
            if (_readers > 0)
                _pendingDeletes.Add(name);
            else
                File.Delete(PathOf(name));
        }
    }

    public void BeginRead()
    {
        lock (_gate)
            _readers++;
    }

    public void EndRead()
    {
        lock (_gate)
        {
            if (--_readers > 0)
                return;
            foreach (string name in _pendingDeletes)
                File.Delete(PathOf(name));
            _pendingDeletes.Clear();
        }
    }

    /// <summary>Deletes the files that no record refers to.</summary>
    public void DeleteAllBut(IReadOnlySet<string?> known)
    {
        foreach (string path in Directory.EnumerateFiles(_folder).Where(p => !known.Contains(Path.GetFileName(p))))
            File.Delete(path);
    }
}
