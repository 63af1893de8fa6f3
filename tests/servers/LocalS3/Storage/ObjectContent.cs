using Microsoft.Win32.SafeHandles;

namespace LocalS3.Storage;

/// <summary>A range of an object's bytes, which can be read to its end even if the object is deleted.</summary>
internal sealed class ObjectContent : IDisposable
{
    private readonly DataFolder _data;
    private readonly List<DataSegment> _segments;
    private SafeFileHandle? _file;
    private int _index;
    private long _position;
    private bool _ended;

    public ObjectContent(Bucket bucket, IEnumerable<DataSegment> segments, long offset, long length)
    {
        (_data, _segments, Length, Remaining) = (bucket.Data, [.. segments], length, length);
        _data.BeginRead();
        while (_index < _segments.Count && offset >= _segments[_index].Length)
            offset -= _segments[_index++].Length;
        _position = offset;
    }

    public long Length { get; }

    public long Remaining { get; private set; }

    public int Read(Span<byte> destination)
    {
        if (Remaining == 0 || _index == _segments.Count)
            return 0;
        DataSegment segment = _segments[_index];
        int length = (int)Math.Min(Math.Min(destination.Length, Remaining), segment.Length - _position);
        int count = length;
        if (segment.File is null)
            destination[..length].Clear();
        else
            count = RandomAccess.Read(_file ??= Open(segment.File), destination[..length], _position);
        if (count == 0 && length > 0)
            throw new InvalidDataException("A data file is shorter than its record says.");
        _position += count;
        Remaining -= count;
        while (_index < _segments.Count && _position >= _segments[_index].Length)
            NextSegment();
        return count;
    }

    public void Dispose()
    {
        _file?.Dispose();
        if (!_ended)
            _data.EndRead();
        _ended = true;
    }

    private void NextSegment()
    {
        _file?.Dispose();
        (_file, _index, _position) = (null, _index + 1, 0);
    }

    private SafeFileHandle Open(string file) =>
        File.OpenHandle(_data.PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
