using System.Text;
using System.Text.RegularExpressions;

namespace FaultProxy;

/// <summary>
/// Finds where a request begins. Clients wait for a response before they send the next request, so that a request line is always at the
/// start of what was received.
/// </summary>
internal static partial class RequestLine
{
    private const int MaxLength = 8192;

    public static string? Find(ReadOnlySpan<byte> received)
    {
        ReadOnlySpan<byte> start = received[..Math.Min(received.Length, MaxLength)];
        int end = start.IndexOf("\r\n"u8);
        if (end < 0 || !start[..end].EndsWith(" HTTP/1.1"u8))
            return null;
        string line = Encoding.ASCII.GetString(start[..end]);
        return Method().IsMatch(line) ? line : null;
    }

    [GeneratedRegex("^(GET|PUT|POST|DELETE|HEAD|CONNECT) ")]
    private static partial Regex Method();
}
