using LocalS3.Http;
using LocalS3.Protocol;

namespace LocalS3.Operations.Lists;

/// <summary>One page of a list: items and common prefixes in order, together up to a limit.</summary>
internal sealed class Page
{
    public List<object> Items { get; } = [];

    public List<string> CommonPrefixes { get; } = [];

    public bool IsTruncated { get; private set; }

    /// <summary>The key or the common prefix that the page ends with.</summary>
    public string NextMarker { get; private set; } = "";

    /// <summary>The item that the page ends with; null when that is a common prefix.</summary>
    public object? Last { get; private set; }

    public static Page Take<T>(
        IEnumerable<T> sorted, Func<T, string> keyOf, string prefix, string delimiter, string marker, int limit)
        where T : class
    {
        Page page = new();
        int count = 0;
        string? lastPrefix = null;
        foreach (T item in sorted)
        {
            string key = keyOf(item);
            int at = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            string? common = at < 0 ? null : key[..(at + delimiter.Length)];
            // After a page that ended with a common prefix, the keys below that prefix are skipped.
            if (common is not null && (common == lastPrefix || common == marker))
                continue;
            if (count == limit)
            {
                page.IsTruncated = limit > 0;
                break;
            }
            count++;
            (lastPrefix, page.NextMarker, page.Last) = (common, common ?? key, common is null ? item : null);
            if (common is null)
                page.Items.Add(item);
            else
                page.CommonPrefixes.Add(common);
        }
        return page;
    }

    public static bool IsUrlEncoded(S3Request request) => request.Query["encoding-type"] switch
    {
        null or "" => false,
        "url" => true,
        var other => throw S3Errors.InvalidArgument("Invalid Encoding Method specified in Request", "encoding-type", other),
    };
}
