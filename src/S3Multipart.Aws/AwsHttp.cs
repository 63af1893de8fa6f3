using System.Net;
using Amazon.Runtime;

namespace S3Multipart.Aws;

/// <summary>The one pool of connections of this process: pipelines that follow each other find them warm.</summary>
internal sealed class AwsHttp : HttpClientFactory
{
    internal static readonly AwsHttp Factory = new();

    private static readonly HttpClient s_client = new(new PartContentHandler(new WholeAnswerHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        UseCookies = false,
    })))
    {
        // The time that a request may take depends on its size; the SDK and the caller's token bound it.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => s_client;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
}
