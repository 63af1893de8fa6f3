using System.Buffers;
using System.Net.Http.Headers;
using System.Text;

namespace S3Multipart.Core.Inputs;

/// <summary>
/// What can be sent in a header, and how. All else is refused here: sent anyway, it would give a 403 or another header.
/// </summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The longest encoded word of RFC 2047 is 75 characters; its frame takes 12 and base64 four for three.</summary>
    private const int BytesOfEncodedWord = 45;

    /// <summary>A value of a header with a meaning of its own: printable ASCII, no space at either end.</summary>
    internal static string? Check(string input, string? value)
    {
        if (value is null)
        {
            return null;
        }

        string? why = value.Length == 0 ? "it is empty"
            : value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "it has a control character or one outside ASCII, which no header takes"
            : value[0] == ' ' || value[^1] == ' ' ? "it has a space at its beginning or end, which a header loses"
            : null;
        return why is null ? value : throw InputFailure.HeaderValueInvalid(input, why);
    }

    /// <summary>A media type in the one form that is signed as it is sent.</summary>
    internal static string? CheckContentType(string? value)
    {
        _ = Check("ContentType", value);
        return value is null ? null
            : MediaTypeHeaderValue.TryParse(value, out MediaTypeHeaderValue? parsed) ? parsed.ToString()
            : throw InputFailure.HeaderValueInvalid("ContentType", "it is not a media type such as text/plain; charset=utf-8");
    }

    /// <summary>A name of user metadata, without its prefix.</summary>
    internal static string CheckMetadataName(string name)
    {
        string bare = name.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase) ? name["x-amz-meta-".Length..] : name;
        return bare.Length > 0 && !bare.AsSpan().ContainsAnyExcept(s_token)
            ? bare.ToLowerInvariant()
            : throw InputFailure.MetadataNameInvalid(name);
    }

    /// <summary>
    /// A value of user metadata. Printable ASCII goes as it is. Anything else goes as RFC 2047 has it, which Amazon S3 decodes before it
    /// stores the value (User Guide, "User-defined object metadata"); so do spaces at
    /// the ends, which a bare header would lose, and what has the form of RFC 2047 already.
    /// </summary>
    internal static string EncodeMetadataValue(string name, string value)
    {
        if (value.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || value.Contains('\x7f', StringComparison.Ordinal))
        {
            throw InputFailure.MetadataValueInvalid(name);
        }

        bool isBare = !value.AsSpan().ContainsAnyExceptInRange(' ', '~')
            && value.AsSpan().Trim(' ').Length == value.Length
            && !value.Contains("=?", StringComparison.Ordinal);
        return isBare ? value : EncodeWords(value);
    }

    private static string EncodeWords(string value)
    {
        StringBuilder text = new();
        List<byte> word = [];
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in value.EnumerateRunes())
        {
            int count = rune.EncodeToUtf8(utf8);
            if (word.Count + count > BytesOfEncodedWord)
            {
                Flush();
            }

            word.AddRange(utf8[..count]);
        }

        Flush();
        return text.ToString();

        void Flush()
        {
            _ = text.Append(text.Length > 0 ? " " : "").Append("=?UTF-8?B?").Append(Convert.ToBase64String([.. word])).Append("?=");
            word.Clear();
        }
    }
}
