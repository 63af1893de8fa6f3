using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace S3Multipart.Binding;

/// <summary>Reads a hashtable as names and values of text, whatever its values are: numbers and dates in the invariant culture.</summary>
internal static class TextTable
{
    internal static IReadOnlyDictionary<string, string> Read(IDictionary? table)
    {
        Dictionary<string, string> text = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in table ?? new Hashtable())
        {
            text.Add(ToText(entry.Key), ToText(entry.Value));
        }

        return text;
    }

    private static string ToText(object? value) => Unwrapped.Of(value) switch
    {
        DateTime date => date.ToString("o", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToString("o", CultureInfo.InvariantCulture),
        var other => LanguagePrimitives.ConvertTo<string>(other) ?? "",
    };
}
