using LocalS3.Protocol;

namespace LocalS3.Signing;

/// <summary>The parts of <c>Authorization: AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...</c>.</summary>
internal sealed record AuthorizationHeader(
    string AccessKey, string Date, string Region, string Service, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <summary>Whether this is Signature Version 4A, which has its Regions in a header and not in the scope.</summary>
    public bool IsAsymmetric => Region.Length == 0;

    public string Algorithm => IsAsymmetric ? SigV4A.Algorithm : SigV4.Algorithm;

    public string Scope => IsAsymmetric ? $"{Date}/{Service}/aws4_request" : $"{Date}/{Region}/{Service}/aws4_request";

    public static AuthorizationHeader Parse(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        string scheme = space < 0 ? text : text[..space];
        if (scheme is not (SigV4.Algorithm or SigV4A.Algorithm))
        {
            throw scheme.StartsWith("AWS", StringComparison.Ordinal)
                ? S3Errors.InvalidRequest("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
                : S3Errors.InvalidArgument("Unsupported Authorization Type", "Authorization", text);
        }
        Dictionary<string, string> parts = [];
        foreach (string part in text[(space + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                throw Malformed($"the authorization component \"{part}\" is malformed.");
            parts[part[..equals]] = part[(equals + 1)..];
        }
        string credential = parts.GetValueOrDefault("Credential") ?? throw Malformed("missing Credential.");
        string signedHeaders = parts.GetValueOrDefault("SignedHeaders") ?? throw Malformed("missing SignedHeaders.");
        string signature = parts.GetValueOrDefault("Signature") ?? throw Malformed("missing Signature.");

        // An access key may contain slashes, so the scope is read from the end.
        string[] pieces = credential.Split('/');
        int scope = scheme == SigV4A.Algorithm ? 3 : 4;
        if (pieces.Length <= scope)
            throw Malformed("the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        if (pieces[^1] != "aws4_request")
            throw Malformed($"incorrect terminal \"{pieces[^1]}\". This endpoint uses \"aws4_request\".");
        string[] names = signedHeaders.Split(';');
        return new AuthorizationHeader(
            string.Join('/', pieces[..^scope]), pieces[^scope], scope == 3 ? "" : pieces[^3], pieces[^2], names, signature);
    }

    public static S3Exception Malformed(string reason, params (string, string)[] details) =>
        new("AuthorizationHeaderMalformed", 400, "The authorization header is malformed; " + reason, details);
}
