namespace S3Multipart.Core.Encryption;

/// <summary>Keys, and what KMS protects, are not sent over plain http, except to this machine.</summary>
internal static class TransportRule
{
    /// <summary>True for a plain http endpoint on another machine.</summary>
    internal static bool IsExposed(string? endpointUrl) =>
        endpointUrl is not null
        && Uri.TryCreate(endpointUrl, UriKind.Absolute, out Uri? uri)
        && uri.Scheme == Uri.UriSchemeHttp
        && !uri.IsLoopback
        && !uri.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
