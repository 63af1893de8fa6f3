using System.Globalization;
using System.Text.RegularExpressions;

namespace S3Multipart.Core.Text;

/// <summary>Reads and writes sizes as people do: 16MB, 1.5 GiB. All units are powers of 1024, as everywhere in PowerShell.</summary>
internal static partial class ByteSize
{
    private const string Units = "KMGTP";

    internal static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        Match match = Pattern().Match(text);
        if (!match.Success
            || !decimal.TryParse(match.Groups["n"].ValueSpan, NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out decimal number))
        {
            return false;
        }

        int power = match.Groups["u"].Success
            ? Units.IndexOf(char.ToUpperInvariant(match.Groups["u"].ValueSpan[0]), StringComparison.Ordinal) + 1 : 0;
        decimal exact = number * (1L << (10 * power));
        if (exact > long.MaxValue)
        {
            return false;
        }

        bytes = (long)Math.Ceiling(exact);
        return true;
    }

    internal static string Format(double bytes)
    {
        int power = 0;
        for (; bytes >= 1024 && power < Units.Length; power++)
        {
            bytes /= 1024;
        }

        string number = bytes.ToString(power == 0 || bytes >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);
        return power == 0 ? $"{number} B" : $"{number} {Units[power - 1]}iB";
    }

    [GeneratedRegex(@"^\s*(?<n>[0-9]+(\.[0-9]+)?)\s*((?<u>[KMGTP])(i?B)?|B|bytes)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
