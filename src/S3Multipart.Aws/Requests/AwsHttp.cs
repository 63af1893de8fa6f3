using System.Net;
using Amazon.Runtime;

namespace S3Multipart.Aws.Requests;

/// <summary>The one pool of connections of this process: pipelines that follow each other find them warm.</summary>
internal sealed class AwsHttp : HttpClientFactory
{
    internal static readonly AwsHttp Factory = new();

    private static readonly SocketsHttpHandler s_connections = new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PlaintextStreamFilter = (connection, _) => ValueTask.FromResult<Stream>(new EarlyResponseStream(connection.PlaintextStream)),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        UseCookies = false,
    };

    private static readonly HttpClient s_ofSdk = new(new WholeResponseHandler(s_connections)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>For requests that the module signs itself. What a request may take depends on its size; a StallGuard bounds it.</summary>
    internal static HttpMessageInvoker Direct { get; } = new(s_connections);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => s_ofSdk;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
}
