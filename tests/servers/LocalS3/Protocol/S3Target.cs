using System.Net;
using System.Text.RegularExpressions;

namespace LocalS3.Protocol;

internal enum EndpointKind
{
    /// <summary>An address or localhost, in path style.</summary>
    Local,
    Regional,

    /// <summary>A multi-Region access point; here it is the bucket ALIAS.mrap.</summary>
    MultiRegion,

    /// <summary>The host of a directory bucket's zone.</summary>
    Zonal,
}

/// <summary>The bucket, the key and the query, read from the raw request target and the Host header.</summary>
internal sealed partial class S3Target
{
    private const string MultiRegionSuffix = ".mrap.accesspoint.s3-global.amazonaws.com";

    private S3Target(string rawPath, string rawQuery)
    {
        RawPath = rawPath;
        Query = new QueryParameters(rawQuery);
    }

    public string RawPath { get; }
    public QueryParameters Query { get; }
    public EndpointKind Endpoint { get; private set; }
    public bool IsVirtualHost { get; private set; }
    public string? Region { get; private set; }
    public string? Zone { get; private set; }
    public string Bucket { get; private set; } = "";
    public string Key { get; private set; } = "";

    public static S3Target Parse(string rawTarget, string host)
    {
        // A client that uses the server as its proxy sends the absolute form.
        if (rawTarget.Length > 0 && rawTarget[0] != '/')
        {
            int scheme = rawTarget.IndexOf("://", StringComparison.Ordinal);
            if (scheme < 0)
                throw S3Errors.InvalidUri();
            int slash = rawTarget.IndexOf('/', scheme + 3);
            rawTarget = slash < 0 ? "/" : rawTarget[slash..];
        }
        int question = rawTarget.IndexOf('?', StringComparison.Ordinal);
        S3Target target = question < 0 ? new(rawTarget, "") : new(rawTarget[..question], rawTarget[(question + 1)..]);
        target.ReadHost(HostName(host));
        target.ReadPath();
        return target;
    }

    private static string HostName(string host)
    {
        if (host.StartsWith('['))
            return host[..(host.IndexOf(']', StringComparison.Ordinal) + 1)];
        int colon = host.LastIndexOf(':');
        return (colon < 0 ? host : host[..colon]).ToLowerInvariant();
    }

    private void ReadHost(string host)
    {
        if (IPAddress.TryParse(host, out _) || host is "localhost" or "")
            return;
        if (ZonalHost().Match(host) is { Success: true } zonal)
        {
            (Endpoint, Zone, Region) = (EndpointKind.Zonal, zonal.Groups["zone"].Value, zonal.Groups["region"].Value);
            (IsVirtualHost, Bucket) = (zonal.Groups["bucket"].Success, zonal.Groups["bucket"].Value);
            return;
        }
        if (host.EndsWith(MultiRegionSuffix, StringComparison.Ordinal))
        {
            (Endpoint, IsVirtualHost, Bucket) = (EndpointKind.MultiRegion, true, host[..^MultiRegionSuffix.Length] + ".mrap");
            return;
        }
        if (RegionalHost().Match(host) is { Success: true } regional)
        {
            Endpoint = EndpointKind.Regional;
            Region = regional.Groups["region"] is { Success: true } named ? named.Value : null;
            (IsVirtualHost, Bucket) = (regional.Groups["bucket"].Success, regional.Groups["bucket"].Value);
            return;
        }
        // Any other host name is that of a bucket, as with a CNAME record that points to S3.
        (IsVirtualHost, Bucket) = (true, host);
    }

    private void ReadPath()
    {
        if (IsVirtualHost)
        {
            Key = UriText.Decode(RawPath.AsSpan(1));
            return;
        }
        int slash = RawPath.IndexOf('/', 1);
        Bucket = UriText.Decode(slash < 0 ? RawPath.AsSpan(1) : RawPath.AsSpan(1, slash - 1));
        Key = slash < 0 ? "" : UriText.Decode(RawPath.AsSpan(slash + 1));
    }

    [GeneratedRegex(@"^((?<bucket>.+)\.)?s3express-(fips-)?(?!control\.)(?<zone>[a-z0-9-]+)\.(dualstack\.)?"
        + @"(?<region>[a-z0-9-]+)\.amazonaws\.com$")]
    private static partial Regex ZonalHost();

    [GeneratedRegex(@"^((?<bucket>.+)\.)?s3(-accelerate|-fips)?(\.dualstack)?([.-](?<region>[a-z]{2}(-[a-z]+)+-\d))?\.amazonaws\.com$")]
    private static partial Regex RegionalHost();
}
