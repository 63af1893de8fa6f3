namespace S3Multipart.Transfer.Sending;

/// <summary>How many parts one run reads ahead: few, because what is read too early is no longer in memory when it is sent.</summary>
internal sealed class ReadAheadLimit(int requests)
{
    private readonly int _most = (requests + 3) / 4;
    private int _count;

    internal bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= _most)
        {
            return true;
        }

        Leave();
        return false;
    }

    internal void Leave() => Interlocked.Decrement(ref _count);
}
