using Amazon.Runtime;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// The one filter that every text of a response passes before it becomes a property or part of a message: a server may repeat the
/// request's secrets, or send control characters for a terminal. Left as they came are only keys, prefixes and the markers of lists,
/// which have to go back to S3 as they are; those are made plain where they are shown (<see cref="S3Uri"/> and the views).
/// </summary>
internal sealed class OutsideText
{
    private const string Mask = "***";

    /// <summary>No secret of S3 is as short, and masking a short word would tear holes into harmless text.</summary>
    private const int ShortestSecret = 8;

    private readonly List<string> _secrets = [];

    internal string Of(string text)
    {
        foreach (string secret in _secrets)
        {
            // Replacing is slow where the case may differ, and most texts are shorter than any secret.
            if (text.Length >= secret.Length && text.Contains(secret, StringComparison.OrdinalIgnoreCase))
            {
                text = text.Replace(secret, Mask, StringComparison.OrdinalIgnoreCase);
            }
        }

        return PlainText.Of(text);
    }

    /// <summary>
    /// The exception, if no text in it and in those behind it needs the filter, because a message cannot be changed afterwards.
    /// </summary>
    internal Exception? Keep(Exception? e)
    {
        if (e is null)
        {
            return null;
        }

        string text = e.ToString().ReplaceLineEndings(" ").Replace('\t', ' ');
        return Of(text) == text ? e : null;
    }

    internal void Hide(ImmutableCredentials? keys)
    {
        Hide(keys?.SecretKey);
        Hide(keys?.Token);
    }

    /// <summary>What a request carries that no other may read: customer keys, and the signature of its headers.</summary>
    internal void Hide(S3Request request, string? authorization = null)
    {
        foreach ((_, string value) in request.Headers.Where(header => header.Key.EndsWith("-customer-key", StringComparison.Ordinal)))
        {
            byte[] key = Convert.FromBase64String(value);
            Hide(value);
            Hide(Hex.Of(key));
            Hide(System.Text.Encoding.Latin1.GetString(key));
        }

        Hide(authorization?[(authorization.LastIndexOf('=') + 1)..]);
    }

    private void Hide(string? secret)
    {
        if (secret is { Length: >= ShortestSecret } && !_secrets.Contains(secret))
        {
            _secrets.Add(secret);
            if (Uri.EscapeDataString(secret) is var escaped && escaped != secret)
            {
                _secrets.Add(escaped);
            }
        }
    }
}
