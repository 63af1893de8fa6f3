namespace S3Multipart.Aws.Requests;

/// <summary>The hosts of Amazon S3 in all partitions. An endpoint elsewhere is another store's.</summary>
internal static class AmazonHosts
{
    private static readonly string[] s_domains =
    [
        ".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws", ".c2s.ic.gov", ".sc2s.sgov.gov", ".cloud.adc-e.uk",
        ".csp.hci.ic.gov",
    ];

    internal static bool Has(Uri url) => s_domains.Any(domain => url.Host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
}
