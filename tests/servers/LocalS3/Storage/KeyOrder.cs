namespace LocalS3.Storage;

/// <summary>The order of keys in S3's lists: that of their UTF-8 bytes, which differs from that of UTF-16.</summary>
internal sealed class KeyOrder : IComparer<string>
{
    public static readonly KeyOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        int length = Math.Min(x!.Length, y!.Length);
        for (int i = 0; i < length; i++)
        {
            char a = x[i], b = y[i];
            if (a == b)
                continue;
            bool surrogateA = char.IsSurrogate(a), surrogateB = char.IsSurrogate(b);
            return surrogateA == surrogateB ? a.CompareTo(b) : surrogateA ? 1 : -1;
        }
        return x.Length.CompareTo(y.Length);
    }
}
