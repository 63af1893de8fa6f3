namespace S3Multipart.Core.Text;

/// <summary>
/// Text from elsewhere, made safe to show: what would move the cursor, recolour the screen, ring a bell or change the order of the other
/// characters round is replaced. Marks of direction, which names in Arabic and Hebrew have, stay.
/// </summary>
internal static class PlainText
{
    internal static string Of(string text) => text.Any(IsObeyed) ? string.Concat(text.Select(c => IsObeyed(c) ? '\uFFFD' : c)) : text;

    /// <summary>The same as one line.</summary>
    internal static string Line(string text) => Of(text.ReplaceLineEndings(" "));

    // The last two ranges are the embeddings, overrides and isolates of Unicode's bidirectional algorithm, and its line separators.
    private static bool IsObeyed(char c) => char.IsControl(c) || c is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
