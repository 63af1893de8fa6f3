namespace S3Multipart.Aws;

/// <summary>Exchanges the content that the SDK made, which reads nothing, for the part itself.</summary>
internal sealed class PartContentHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (PartSending.Current is { } sending && request.Method == HttpMethod.Put && request.Content is { } made)
        {
            PartContent content = new(sending);
            HttpHeaderCopy.Copy(made.Headers, content.Headers, except: "Content-Length");
            request.Content = content;

            // Waiting for leave to send costs a round trip for each part, and a second where the server does not know it.
            request.Headers.ExpectContinue = false;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
