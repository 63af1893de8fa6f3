namespace S3Multipart;

/// <summary>Text from elsewhere as it may be shown: what would move the cursor, recolour the screen or ring a bell is replaced.</summary>
internal static class PlainText
{
    internal static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
