namespace S3Multipart.Aws.Requests;

/// <summary>How requests to an endpoint are signed.</summary>
internal enum SigningScheme
{
    /// <summary>Signature Version 4, for one Region.</summary>
    OneRegion,

    /// <summary>Signature Version 4 with the keys of a directory bucket's session.</summary>
    Session,

    /// <summary>Signature Version 4A, for all Regions of a multi-Region access point.</summary>
    AllRegions,
}

/// <summary>Where the requests to one bucket go, and for whom they are signed.</summary>
internal sealed record S3Endpoint(string Origin, string Authority, string BasePath, string Region, string Service, SigningScheme Scheme)
{
    internal bool NeedsSession => Scheme == SigningScheme.Session;

    /// <summary>The path of a key, escaped as it is both sent and signed.</summary>
    internal string PathOf(string key) => BasePath + "/" + Escape(key);

    /// <summary>Text as S3 has it in a path: all escaped but letters, digits, four marks, and the slash.</summary>
    internal static string Escape(string text) => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);
}
