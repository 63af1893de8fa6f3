using S3Multipart.Core.Errors;

namespace S3Multipart.Core.Inputs;

/// <summary>An endpoint names a place. Keys in its URL would be in no request, but in messages, objects and files.</summary>
internal static class EndpointRule
{
    internal static void Check(string url)
    {
        // By hand, because what is no URL at all may hold a password too.
        int start = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and int scheme ? scheme + 3 : 0;
        int end = url.AsSpan(start).IndexOfAny('/', '?', '#');
        if (url.AsSpan(start, end < 0 ? url.Length - start : end).Contains('@'))
        {
            throw InputFailure.EndpointHasCredentials();
        }
    }
}
