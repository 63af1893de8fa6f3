using System.Globalization;
using System.Text.RegularExpressions;

namespace S3Multipart.Core.Text;

/// <summary>Reads an age as people write it: 7d, 12h, 90m, 45s, 2w.</summary>
internal static partial class Age
{
    internal static bool TryParse(string text, out TimeSpan age)
    {
        age = default;
        Match match = Pattern().Match(text);
        if (!match.Success || !double.TryParse(match.Groups["n"].ValueSpan, NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out double number))
        {
            return false;
        }

        double seconds = number * char.ToLowerInvariant(match.Groups["u"].ValueSpan[0]) switch
        {
            'w' => 7 * 86_400,
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            _ => 1,
        };
        if (seconds > TimeSpan.MaxValue.TotalSeconds)
        {
            return false;
        }

        age = TimeSpan.FromSeconds(seconds);
        return true;
    }

    [GeneratedRegex(@"^\s*(?<n>[0-9]{1,9}(\.[0-9]{1,9})?)\s*(?<u>[wdhms])\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
