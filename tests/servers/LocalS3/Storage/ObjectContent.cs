using Microsoft.Win32.SafeHandles;

namespace LocalS3.Storage;

/// <summary>A range of an object's bytes, opened at once so that a later overwrite does not tear it.</summary>
internal sealed class ObjectContent : IDisposable
{
    private readonly List<(SafeFileHandle? File, long Length)> _segments = [];
    private int _index;
    private long _position;

    public ObjectContent(Bucket bucket, IEnumerable<DataSegment> segments, long offset, long length)
    {
        Length = length;
        Remaining = length;
        foreach (DataSegment segment in segments)
        {
            _segments.Add((segment.File is null ? null : File.OpenHandle(
                bucket.DataPath(segment.File), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), segment.Length));
        }
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
        (SafeFileHandle? file, long length) = _segments[_index];
        int wanted = (int)Math.Min(Math.Min(destination.Length, Remaining), length - _position);
        int count = wanted;
        if (file is null)
            destination[..wanted].Clear();
        else
            count = RandomAccess.Read(file, destination[..wanted], _position);
        if (count == 0 && wanted > 0)
            throw new EndOfStreamException("A data file is shorter than its record says.");
        _position += count;
        Remaining -= count;
        while (_index < _segments.Count && _position >= _segments[_index].Length)
            (_index, _position) = (_index + 1, 0);
        return count;
    }

    public void Dispose()
    {
        foreach ((SafeFileHandle? file, _) in _segments)
            file?.Dispose();
    }
}
