using Amazon.S3;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Tests.Endpoints;

/// <summary>The place that finds endpoints, made of settings written as words.</summary>
internal sealed class EndpointUnderTest
{
    private readonly EndpointMap _map;

    internal EndpointUnderTest(
        string region, string options = "", string? url = null, string? profile = null, string? location = null)
    {
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Empty(words.Except(["dualstack", "fips", "accelerate", "path", "host"]));
        ConnectionSettings settings = new()
        {
            Region = region,
            EndpointUrl = url,
            ProfileName = profile,
            ProfileLocation = location,
            UseDualstackEndpoint = words.Contains("dualstack"),
            UseFipsEndpoint = words.Contains("fips"),
            UseAccelerateEndpoint = words.Contains("accelerate"),
            ForcePathStyle = words.Contains("path") ? true : words.Contains("host") ? false : null,
        };
        _map = new EndpointMap(ConfigOf(region), ConfigOf);

        AmazonS3Config ConfigOf(string name) => AwsClientConfig.Make(settings, name, AwsHttp.Of(TlsTrust.Of(settings)));
    }

    /// <summary>Where an object is, and the scope of its signature: REGION/SERVICE, and "session" or "all Regions" behind it.</summary>
    internal (string Url, string Scope) Find(string bucket, string key = "k", bool usesSession = true)
    {
        S3Endpoint endpoint = _map.For(bucket, usesSession);
        Assert.Equal(endpoint.Origin[(endpoint.Origin.IndexOf("://", StringComparison.Ordinal) + 3)..], endpoint.Authority);
        string scope = endpoint.Scheme switch
        {
            SigningScheme.Session => $"{endpoint.Region}/{endpoint.Service} session",
            SigningScheme.AllRegions => $"{endpoint.Service} all Regions",
            _ => $"{endpoint.Region}/{endpoint.Service}",
        };
        return (endpoint.Origin + endpoint.PathOf(key), scope);
    }

    internal bool Move(string bucket, string region) => _map.Move(bucket, region, wantsSignature: false, _map.For(bucket));
}
