using System.Net.Http.Headers;

namespace S3Multipart.Aws;

/// <summary>Carries headers from one content to another as they were written.</summary>
internal static class HttpHeaderCopy
{
    internal static void Copy(HttpContentHeaders from, HttpContentHeaders to, string? except = null)
    {
        foreach ((string name, HeaderStringValues values) in from.NonValidated)
        {
            if (!name.Equals(except, StringComparison.OrdinalIgnoreCase))
            {
                _ = to.TryAddWithoutValidation(name, values);
            }
        }
    }
}
