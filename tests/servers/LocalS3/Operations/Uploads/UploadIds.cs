using System.Security.Cryptography;

namespace LocalS3.Operations.Uploads;

/// <summary>Upload ids sort as their uploads started, so that upload-id-marker agrees with the order of lists.</summary>
internal static class UploadIds
{
    private const string OrderedLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string RandomLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    private const int TimeLength = 13;
    private const int RandomLength = 90;

    private static long s_lastTicks;

    public static bool IsUploadId(string text) => text.Length == TimeLength + 1 + RandomLength && text[TimeLength] == '.';

    public static string New(DateTime initiated)
    {
        char[] time = new char[TimeLength];
        long ticks = initiated.Ticks;
        for (int i = time.Length - 1; i >= 0; i--, ticks >>= 5)
            time[i] = OrderedLetters[(int)(ticks & 31)];
        return new string(time) + "." + RandomNumberGenerator.GetString(RandomLetters, RandomLength);
    }

    /// <summary>The time now, later than the one before it, so that no two uploads start at the same time.</summary>
    public static DateTime UniqueTime()
    {
        while (true)
        {
            long last = Volatile.Read(ref s_lastTicks);
            long now = Math.Max(DateTime.UtcNow.Ticks, last + 1);
            if (Interlocked.CompareExchange(ref s_lastTicks, now, last) == last)
                return new DateTime(now, DateTimeKind.Utc);
        }
    }
}
