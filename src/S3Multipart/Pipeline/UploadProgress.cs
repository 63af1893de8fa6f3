namespace S3Multipart.Pipeline;

/// <summary>How far the sending of one object is. Updated from any thread, and read by the pipeline thread without a lock.</summary>
/// <param name="target">The object's address.</param>
/// <param name="key">Its key.</param>
/// <param name="length">How many bytes there are to send, or about how many; null where it is not known.</param>
/// <param name="partCount">In how many parts; null as long as that is not known, and where the end is reported by itself.</param>
internal sealed class UploadProgress(string target, string key, long? length, Func<int?> partCount)
{
    private long _moved;
    private long _kept;
    private long _largest;
    private int _parts;
    private volatile bool _isStored;
    private volatile bool _hasFailed;

    internal string Target => target;

    internal string Key => key;

    /// <summary>The bytes that were sent.</summary>
    internal long Moved => Math.Max(0, Interlocked.Read(ref _moved));

    /// <summary>The bytes that were sent, and those of parts that S3 had already.</summary>
    internal long Done => Moved + Interlocked.Read(ref _kept);

    internal int Parts => Volatile.Read(ref _parts);

    internal bool HasFailed => _hasFailed;

    /// <summary>True when all parts are stored, or no more will be.</summary>
    internal bool IsEnded => _isStored || _hasFailed;

    /// <summary>
    /// The bytes that there are to send; for an upload that has ended those that were done, so that what failed is not waited for. A
    /// copy's are reckoned from its first part, for its parts are equal.
    /// </summary>
    internal long? Length => IsEnded ? Done
        : length is long known ? Math.Max(known, Done)
        : partCount() is int count && Interlocked.Read(ref _largest) is long part and > 0 ? Math.Max(count * part, Done)
        : null;

    /// <summary>Adds bytes that were sent; a negative number when a part is begun again.</summary>
    internal void Move(long bytes) => Interlocked.Add(ref _moved, bytes);

    /// <summary>Counts a stored part, whose bytes were counted as they were sent.</summary>
    internal void Store(UploadPart part)
    {
        if (part.Size > Interlocked.Read(ref _largest))
        {
            _ = Interlocked.Exchange(ref _largest, part.Size);
        }

        if (Interlocked.Increment(ref _parts) == partCount())
        {
            _isStored = true;
        }
    }

    /// <summary>A part was there already. It counts as done, but not for the rate.</summary>
    internal void Keep(UploadPart part)
    {
        Keep(part.Size);
        Store(part);
    }

    /// <summary>So many bytes were there already.</summary>
    internal void Keep(long bytes) => Interlocked.Add(ref _kept, bytes);

    internal void End() => _isStored = true;

    internal void Fail() => _hasFailed = true;
}
