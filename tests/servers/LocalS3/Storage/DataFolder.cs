namespace LocalS3.Storage;

/// <summary>The files that hold bytes. What somebody is still reading is deleted when the last reader has gone.</summary>
internal sealed class DataFolder
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly List<string> _doomed = [];
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
                _doomed.Add(name);
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
            foreach (string name in _doomed)
                File.Delete(PathOf(name));
            _doomed.Clear();
        }
    }

    /// <summary>Removes bytes that no record knows, such as those of parts that were arriving when the server was killed.</summary>
    public void DeleteAllBut(IReadOnlySet<string?> known)
    {
        foreach (string path in Directory.EnumerateFiles(_folder).Where(p => !known.Contains(Path.GetFileName(p))))
            File.Delete(path);
    }
}
