using System.Globalization;
using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>
/// How many bytes may leave in a second: always the same, or by a timetable of the day in local time, of which each line holds until the
/// next one, and the last one past midnight until the first.
/// </summary>
public sealed class BandwidthLimit
{
    /// <summary>The least that a limit may be, in bytes per second.</summary>
    internal const long Least = 1024;

    private const string Unlimited = "unlimited";

    private readonly (TimeOnly From, long? BytesPerSecond)[] _lines;

    internal BandwidthLimit(long bytesPerSecond)
        : this([(TimeOnly.MinValue, bytesPerSecond)])
    {
    }

    internal BandwidthLimit(IEnumerable<(TimeOnly From, long? BytesPerSecond)> lines) => _lines = [.. lines.OrderBy(line => line.From)];

    /// <summary>The most bytes per second that ever hold; null where there are times without a limit.</summary>
    internal long? Highest => _lines.Any(line => line.BytesPerSecond is null) ? null : _lines.Max(line => line.BytesPerSecond);

    /// <summary>The fewest bytes per second that ever hold; null where nothing is limited.</summary>
    internal long? Lowest => _lines.Min(line => line.BytesPerSecond);

    /// <summary>The bytes per second that hold at a time of the day; null for no limit.</summary>
    internal long? At(TimeOnly time)
    {
        // Before the first line of the day the last one of the day before holds.
        int line = _lines.Length - 1;
        for (int next = 0; next < _lines.Length && _lines[next].From <= time; next++)
        {
            line = next;
        }

        return _lines[line].BytesPerSecond;
    }

    /// <summary>Reads one rate: a number of bytes, one with a unit, or "unlimited".</summary>
    internal static bool TryParseRate(string text, out long? bytesPerSecond)
    {
        bytesPerSecond = null;
        if (text.Trim().Equals(Unlimited, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!ByteSize.TryParse(text, out long bytes) || bytes < Least)
        {
            return false;
        }

        bytesPerSecond = bytes;
        return true;
    }

    /// <summary>Reads a time of the day: 8:00, 19:30.</summary>
    internal static bool TryParseTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(
        text.Trim(), ["H:mm", "HH:mm", "H:mm:ss", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    /// <summary>The limit as it is written: 5.0 MiB/s, or 08:00 5.0 MiB/s, 19:00 unlimited.</summary>
    public override string ToString() => _lines.Length == 1
        ? Text(_lines[0].BytesPerSecond)
        : string.Join(", ", _lines.Select(
            line => line.From.ToString("HH:mm", CultureInfo.InvariantCulture) + " " + Text(line.BytesPerSecond)));

    private static string Text(long? bytesPerSecond) => bytesPerSecond is long bytes ? ByteSize.Format(bytes) + "/s" : Unlimited;
}
