namespace S3Multipart.Aws;

/// <summary>
/// Reads each answer to its end before the SDK sees it. Left to the SDK, an answer whose request is cancelled is read and disposed at
/// the same time, and its connection can go back to the pool with bytes that the next request takes for its own answer. It also
/// bounds what a server may send: the largest answer there is, a page of 1,000 parts, has well under a megabyte.
/// </summary>
internal sealed class WholeAnswerHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MaxBytes = 16 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        try
        {
            HttpContent streamed = response.Content;
            ByteArrayContent whole = new(await ReadAsync(streamed, cancellationToken));
            HttpHeaderCopy.Copy(streamed.Headers, whole.Headers);
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

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream whole = new();
        byte[] buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellationToken) is int count and > 0)
        {
            if (whole.Length + count > MaxBytes)
            {
                throw new HttpRequestException(Failure.Invariant($"The server's answer is longer than {MaxBytes:N0} bytes."));
            }

            whole.Write(buffer, 0, count);
        }

        return whole.ToArray();
    }
}
