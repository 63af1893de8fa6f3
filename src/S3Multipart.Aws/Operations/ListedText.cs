using System.Net;
using System.Text.RegularExpressions;

namespace S3Multipart.Aws.Operations;

/// <summary>
/// How the keys of a list were written. They are requested url-encoded, because XML cannot hold every character of a key. Amazon S3 says
/// that it did so; Ceph does so without saying it; other stores may do neither.
/// </summary>
internal sealed partial class ListedText
{
    private readonly bool _isEncoded;

    private ListedText(bool isDeclared, bool isEncoded)
    {
        IsDeclared = isDeclared;
        _isEncoded = isEncoded;
    }

    /// <summary>True when the store said that it encoded.</summary>
    internal bool IsDeclared { get; }

    /// <param name="declared">What the store said of its encoding.</param>
    /// <param name="texts">The keys and prefixes of the response.</param>
    internal static ListedText Of(string? declared, IEnumerable<string> texts) => declared == "url"
        ? new ListedText(isDeclared: true, isEncoded: true)
        : new ListedText(isDeclared: false, isEncoded: !texts.Any(text => NeverEncoded().IsMatch(text)));

    /// <summary>The text as it is meant. Only Amazon's form has a plus sign for a space.</summary>
    internal string Decode(string text) => !_isEncoded ? text : IsDeclared ? WebUtility.UrlDecode(text) : Uri.UnescapeDataString(text);

    /// <summary>What every encoder replaces, so that its presence shows that the text is not encoded.</summary>
    [GeneratedRegex("""[^!-~]|["<>\\^`{}#?&=]|%(?![0-9A-Fa-f]{2})""", RegexOptions.CultureInvariant)]
    private static partial Regex NeverEncoded();
}
