using System.Management.Automation.Host;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;

namespace S3Multipart.Formatting;

/// <summary>How the default views write values. Public because the format file can call nothing else; scripts use the properties.</summary>
public static class DisplayText
{
    private const int LeastKey = 20;

    /// <summary>A number of bytes in the unit that leaves it four figures at most: 512 B, 16.0 MiB, 1.2 TiB.</summary>
    public static string Size(long? bytes) => bytes is long known ? ByteSize.Format(known) : "";

    /// <summary>A number of bytes in full and in a unit.</summary>
    public static string FullSize(long? bytes) => bytes is not long known ? ""
        : known < 1024 ? Size(known)
        : Failure.Invariant($"{known:N0} B ({ByteSize.Format(known)})");

    /// <summary>Bytes per second in a unit.</summary>
    public static string Rate(double? bytesPerSecond) => bytesPerSecond is double known ? ByteSize.Format(known) + "/s" : "";

    /// <summary>How long ago a time was: 8 s, 12 min, 5 h, 3 d.</summary>
    public static string Age(DateTime? time)
    {
        if (time is not DateTime known)
        {
            return "";
        }

        // A time in the future comes from a clock ahead of this one, and is shown as now.
        TimeSpan age = DateTime.UtcNow - known.ToUniversalTime();
        return age.TotalSeconds < 1 ? "0 s"
            : age.TotalMinutes < 1 ? Failure.Invariant($"{(int)age.TotalSeconds} s")
            : age.TotalHours < 1 ? Failure.Invariant($"{(int)age.TotalMinutes} min")
            : age.TotalDays < 1 ? Failure.Invariant($"{(int)age.TotalHours} h")
            : Failure.Invariant($"{(int)age.TotalDays} d");
    }

    /// <summary>A length of time: 0.3 s, 12 s, 05:40, 1:05:40, 2 d 01:05.</summary>
    public static string Duration(TimeSpan? time) => time is not TimeSpan known ? ""
        : known.TotalSeconds < 10 ? Failure.Invariant($"{known.TotalSeconds:0.0} s")
        : known.TotalMinutes < 1 ? Failure.Invariant($"{known.TotalSeconds:0} s")
        : known.TotalHours < 1 ? Failure.Invariant($"{known:mm\\:ss}")
        : known.TotalDays < 1 ? Failure.Invariant($"{known:h\\:mm\\:ss}")
        : Failure.Invariant($"{known:%d} d {known:hh\\:mm}");

    /// <summary>Text without control characters for terminals.</summary>
    public static string Plain(string? text) => text is null ? "" : PlainText.Of(text);

    /// <summary>
    /// A key as the last column of a table: whole where the output goes elsewhere, and on a terminal with its middle left out where it
    /// does not fit into the line.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="column">The cells before the column.</param>
    /// <param name="host">The host that shows the table.</param>
    public static string Key(string? key, int column, PSHost? host)
    {
        string plain = Plain(key);
        int free = Console.IsOutputRedirected ? 0 : HostConsole.Ask(host, terminal => terminal.WindowSize.Width) - column - 1;
        return free < LeastKey ? plain : Cells.CutMiddle(plain, free, Cells.Measure(host));
    }

    /// <summary>The beginning of an ETag: enough to distinguish it from others.</summary>
    public static string Head(string? text) =>
        Plain(text).Trim('"') is not { Length: > 0 } bare ? "" : bare.Length <= 9 ? bare : bare[..8] + '…';

    /// <summary>The end of an upload id, in which it differs from others: some stores begin all of them alike.</summary>
    public static string Tail(string? text) => Plain(text) is { Length: <= 9 } all ? all : '…' + Plain(text)[^8..];
}
