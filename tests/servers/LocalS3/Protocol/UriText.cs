using System.Text;

namespace LocalS3.Protocol;

/// <summary>Percent-encoding as S3 does it: of bytes, and without normalizing anything.</summary>
internal static class UriText
{
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    public static byte[] DecodeBytes(ReadOnlySpan<char> text)
    {
        byte[] result = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    throw S3Errors.InvalidUri();
                result[length++] = (byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2]));
                i += 2;
            }
            else if (c == '+')
            {
                // S3 reads a bare plus sign as a space, in the path too.
                result[length++] = (byte)' ';
            }
            else if (c < 0x80)
            {
                result[length++] = (byte)c;
            }
            else
            {
                throw S3Errors.InvalidUri();
            }
        }
        return result.AsSpan(0, length).ToArray();
    }

    public static string Decode(ReadOnlySpan<char> text)
    {
        try
        {
            return s_strictUtf8.GetString(DecodeBytes(text));
        }
        catch (DecoderFallbackException)
        {
            throw S3Errors.InvalidUri();
        }
    }

    /// <summary>The encoding of the canonical request: all but the unreserved characters, and optionally the slash.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes, bool keepSlash)
    {
        StringBuilder result = new(bytes.Length + 16);
        foreach (byte b in bytes)
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' || (keepSlash && c == '/'))
                result.Append(c);
            else
                result.Append('%').Append(HexDigit(b >> 4)).Append(HexDigit(b & 15));
        }
        return result.ToString();
    }

    /// <summary>The encoding of keys in lists with encoding-type=url: that of forms, except for slashes.</summary>
    public static string EncodeForListing(string text)
    {
        StringBuilder result = new(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '*' or '/')
                result.Append(c);
            else if (c == ' ')
                result.Append('+');
            else
                result.Append('%').Append(HexDigit(b >> 4)).Append(HexDigit(b & 15));
        }
        return result.ToString();
    }

    private static int Hex(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

    private static char HexDigit(int value) => (char)(value < 10 ? '0' + value : 'A' + value - 10);
}
