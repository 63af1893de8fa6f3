using System.Globalization;
using System.Management.Automation.Host;

namespace S3Multipart.Formatting;

/// <summary>Text measured in the cells of a terminal, of which a letter of China, Japan or Korea takes two.</summary>
internal static class Cells
{
    private const string Ellipsis = "…";
    private const char NoWidth = '\u200b';

    /// <summary>The text with its middle left out where it does not fit: the end of a key, which is the file's name, says most.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The cells that there are.</param>
    /// <param name="measure">The cells that a text takes.</param>
    internal static string CutMiddle(string text, int width, Func<string, int> measure)
    {
        if (measure(text) <= width)
        {
            return text;
        }

        string[] elements = [.. Elements(text)];
        int free = width - measure(Ellipsis);
        int tail = Fit(elements.Reverse(), free - (free / 3), measure, out int used);
        int head = Fit(elements, free - used, measure, out _);
        return string.Concat(elements[..head]) + Ellipsis + string.Concat(elements[^tail..]);
    }

    /// <summary>
    /// The text with characters of no width behind it, as many as make its length that which it takes on the screen: PowerShell's bars
    /// count characters, and would break the line.
    /// </summary>
    internal static string ForBar(string text, Func<string, int> measure) =>
        text + new string(NoWidth, Math.Max(0, measure(text) - text.Length));

    /// <summary>The cells that a text takes in a host; its letters, where the host has no terminal.</summary>
    internal static Func<string, int> Measure(PSHost? host) =>
        text => HostConsole.Ask(host, terminal => terminal.LengthInBufferCells(text), text.Length);

    private static int Fit(IEnumerable<string> elements, int width, Func<string, int> measure, out int used)
    {
        int count = 0;
        used = 0;
        foreach (int cells in elements.Select(measure))
        {
            if (used + cells > width)
            {
                break;
            }

            used += cells;
            count++;
        }

        return count;
    }

    private static IEnumerable<string> Elements(string text)
    {
        TextElementEnumerator each = StringInfo.GetTextElementEnumerator(text);
        while (each.MoveNext())
        {
            yield return each.GetTextElement();
        }
    }
}
