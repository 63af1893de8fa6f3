namespace LocalS3.Control;

/// <summary>Settings that can be changed while the server runs.</summary>
internal sealed class RuntimeSettings(int delayMs)
{
    private int _delayMs = delayMs;

    public int DelayMs
    {
        get => Volatile.Read(ref _delayMs);
        set => Volatile.Write(ref _delayMs, value);
    }
}
