using System.Globalization;

namespace LocalS3.Protocol;

/// <summary>The formats of time in S3's headers; everything is UTC.</summary>
internal static class Dates
{
    public const string AmzFormat = "yyyyMMdd'T'HHmmss'Z'";
    public const string HttpFormat = "r";

    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public static DateTime? Exact(string? text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, Utc, out DateTime time) ? time : null;

    public static DateTime? Any(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTime time) ? time : null;

    public static string Amz(DateTime time) => time.ToString(AmzFormat, CultureInfo.InvariantCulture);

    public static string Http(DateTime time) => time.ToString(HttpFormat, CultureInfo.InvariantCulture);

    public static DateTime ToSecond(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
