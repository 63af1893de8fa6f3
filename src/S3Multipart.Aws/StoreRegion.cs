using System.Text.RegularExpressions;

namespace S3Multipart.Aws;

/// <summary>The Region that an endpoint's host has in its name, at stores that sign for it and refuse others.</summary>
internal static partial class StoreRegion
{
    /// <summary>The Region; null for a host that shows none.</summary>
    internal static string? Of(string? endpointUrl)
    {
        if (!Uri.TryCreate(endpointUrl, UriKind.Absolute, out Uri? url))
        {
            return null;
        }

        // R2 has one Region for all of its places.
        return url.Host.EndsWith(".r2.cloudflarestorage.com", StringComparison.OrdinalIgnoreCase) ? "auto"
            : Named().Match(url.Host) is { Success: true } match ? match.Groups["region"].Value.ToLowerInvariant()
            : null;
    }

    [GeneratedRegex(
        """
        ^(?:
            (?:[^.]+\.)?s3\.(?<region>[a-z0-9-]+)\.
            (?:backblazeb2\.com|wasabisys\.com|scw\.cloud|(?:(?:io|perf)\.)?cloud\.ovh\.(?:net|us|ca))
            |
            (?:[^.]+\.)?(?<region>[a-z0-9-]+)\.digitaloceanspaces\.com
        )$
        """,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Named();
}
