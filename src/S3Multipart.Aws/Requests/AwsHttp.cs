using System.Collections.Concurrent;
using System.Net;
using Amazon.Runtime;

namespace S3Multipart.Aws.Requests;

/// <summary>The pools of connections of this process, one for each way to trust servers: pipelines that follow find them warm.</summary>
internal sealed class AwsHttp : HttpClientFactory
{
    private static readonly ConcurrentDictionary<TlsTrust, AwsHttp> s_pools = new();

    private AwsHttp(TlsTrust trust)
    {
        SocketsHttpHandler connections = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PlaintextStreamFilter = (connection, _) => ValueTask.FromResult<Stream>(new EarlyResponseStream(connection.PlaintextStream)),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            SslOptions = trust.ToOptions(),
            UseCookies = false,
        };
        OfSdk = new HttpClient(new WholeResponseHandler(connections)) { Timeout = Timeout.InfiniteTimeSpan };
        Direct = new HttpMessageInvoker(connections);
    }

    /// <summary>For requests that the module signs itself. What a request may take depends on its size; a StallGuard bounds it.</summary>
    internal HttpMessageInvoker Direct { get; }

    /// <summary>For requests that the SDK makes: sessions of directory buckets, and names for completion.</summary>
    private HttpClient OfSdk { get; }

    internal static AwsHttp Of(TlsTrust trust) => s_pools.GetOrAdd(trust, _ => new AwsHttp(trust));

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => OfSdk;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
}
