namespace S3Multipart.Aws.Requests;

/// <summary>Where the requests to one bucket go, and for whom they are signed.</summary>
internal sealed record S3Endpoint(string Origin, string Authority, string BasePath, string Region, string Service, bool NeedsSession)
{
    /// <summary>The path of a key, escaped as it is both sent and signed.</summary>
    internal string PathOf(string key) => BasePath + "/" + Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal);
}
