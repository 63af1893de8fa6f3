using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Serving;

/// <summary>Sends a response.</summary>
internal static class ResponseWriter
{
    private const int BufferSize = 64 * 1024;

    public static async Task WriteAsync(S3Request request, S3Response response)
    {
        HttpResponse http = request.Http.Response;
        http.StatusCode = response.Status;
        http.Headers["x-amz-request-id"] = request.RequestId;
        http.Headers["x-amz-id-2"] = request.HostId;
        http.Headers.Server = "AmazonS3";
        foreach ((string name, string value) in response.Headers)
            http.Headers[name] = value;
        if (response.Status is 204 or 304)
            return;
        http.ContentLength = response.AnnouncedLength ?? response.Content?.Length ?? response.Body.Length;
        if (request.IsHead)
        {
            // An error in response to HEAD has neither a body nor a Content-Length.
            if (response.ErrorCode is not null)
                http.ContentLength = null;
            return;
        }
        if (response.TruncateAfter is { } limit)
            await TruncateAsync(request, response, limit);
        else if (response.Content is { } content)
            await CopyAsync(http, content, request.Aborted);
        else if (response.Body.Length > 0)
            await http.Body.WriteAsync(response.Body, request.Aborted);
    }

    private static async Task TruncateAsync(S3Request request, S3Response response, long limit)
    {
        HttpResponse http = request.Http.Response;
        byte[] start = new byte[limit];
        if (response.Content is { } content)
            content.Read(start);
        else
            response.Body.AsSpan(0, (int)Math.Min(limit, response.Body.Length)).CopyTo(start);
        // Even a response without a body has to announce more than it has.
        http.ContentLength = Math.Max(http.ContentLength ?? 0, limit + 1);
        await http.Body.WriteAsync(start, request.Aborted);
        await http.Body.FlushAsync(request.Aborted);
        await Task.Delay(20);
        request.Http.Abort();
        throw new InjectedResetException();
    }

    private static async Task CopyAsync(HttpResponse http, ObjectContent content, CancellationToken cancellationToken)
    {
        while (content.Remaining > 0)
        {
            Memory<byte> memory = http.BodyWriter.GetMemory(BufferSize);
            http.BodyWriter.Advance(content.Read(memory.Span));
            await http.BodyWriter.FlushAsync(cancellationToken);
        }
    }
}
