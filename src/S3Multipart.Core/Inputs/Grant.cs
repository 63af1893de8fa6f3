using System.Text.RegularExpressions;

namespace S3Multipart.Core.Inputs;

internal enum GrantPermission
{
    FullControl,
    Read,
    ReadAcp,
    WriteAcp,
}

/// <summary>One grantee of one permission: a canonical user's id or a group's URI.</summary>
internal sealed partial record Grant(GrantPermission Permission, string? Id, string? Uri)
{
    /// <summary>Reads a grantee as S3's header has it: id="...", uri="...", quotes optional; an id alone is taken too.</summary>
    internal static Grant Parse(GrantPermission permission, string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw InputFailure.GranteeInvalid(text);
        }

        Match match = Pattern().Match(text);
        string value = match.Groups["value"].Value;
        return match.Groups["kind"].Value.ToUpperInvariant() switch
        {
            "ID" => new Grant(permission, value, null),
            "URI" => new Grant(permission, null, value),
            "EMAILADDRESS" => throw InputFailure.EmailGranteeRetired(value),
            _ when text.Contains('@', StringComparison.Ordinal) => throw InputFailure.EmailGranteeRetired(text),
            _ when text.StartsWith("http", StringComparison.OrdinalIgnoreCase) => new Grant(permission, null, text),
            _ when text.Length > 0 && text.All(char.IsAsciiLetterOrDigit) => new Grant(permission, text, null),
            _ => throw InputFailure.GranteeInvalid(text),
        };
    }

    [GeneratedRegex("""^\s*(?<kind>id|uri|emailAddress)\s*=\s*"?(?<value>[^"]+?)"?\s*$""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
