namespace S3Multipart.Aws.Requests;

/// <summary>Where the requests to one bucket go, and for whom they are signed.</summary>
internal sealed record S3Endpoint(string Origin, string Authority, string BasePath, string Region, string Service, bool NeedsSession)
{
    /// <summary>The path of a key, escaped as it is both sent and signed.</summary>
    internal string PathOf(string key) => BasePath + "/" + Escape(key);

    /// <summary>Text as S3 has it in a path: all escaped but letters, digits, four marks, and the slash.</summary>
    internal static string Escape(string text) => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);
}
