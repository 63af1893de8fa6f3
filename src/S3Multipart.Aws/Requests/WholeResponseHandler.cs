namespace S3Multipart.Aws.Requests;

/// <summary>
/// Reads each response to its end before the SDK sees it. Left to the SDK, a response whose request is cancelled is read and disposed at
/// the same time, and its connection can go back to the pool with bytes that the next request takes for its own response.
/// </summary>
internal sealed class WholeResponseHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        try
        {
            HttpContent streamed = response.Content;
            byte[] body = await ResponseReader.ReadAsync(streamed, guard: null, cancellationToken);
            if (!ResponseReader.IsWithinBounds(body, cancellationToken))
            {
                throw new HttpRequestException("The server's response is XML that is deeper or has more elements than any of AWS.");
            }

            ByteArrayContent whole = new(body);
            foreach ((string name, IEnumerable<string> values) in streamed.Headers)
            {
                _ = whole.Headers.TryAddWithoutValidation(name, values);
            }

            response.Content = whole;
            streamed.Dispose();
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
