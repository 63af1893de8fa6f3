using LocalS3.Storage;

namespace LocalS3.Http;

/// <summary>Puts an answer on the wire.</summary>
internal static class ResponseWriter
{
    private const int CopySize = 64 * 1024;

    public static async Task WriteAsync(S3Request request, S3Response answer)
    {
        HttpResponse response = request.Http.Response;
        response.StatusCode = answer.Status;
        response.Headers["x-amz-request-id"] = request.RequestId;
        response.Headers["x-amz-id-2"] = request.HostId;
        response.Headers.Server = "AmazonS3";
        foreach ((string name, string value) in answer.Headers)
            response.Headers[name] = value;
        if (answer.Status is 204 or 304)
            return;
        response.ContentLength = answer.AnnouncedLength ?? answer.Content?.Length ?? answer.Body.Length;
        if (request.IsHead)
        {
            // An error to a HEAD has neither a body nor a length of one.
            if (answer.ErrorCode is not null)
                response.ContentLength = null;
            return;
        }
        if (answer.TruncateAfter is { } most)
            await TruncateAsync(request, answer, most);
        else if (answer.Content is { } content)
            await CopyAsync(response, content, request.Aborted);
        else if (answer.Body.Length > 0)
            await response.Body.WriteAsync(answer.Body, request.Aborted);
    }

    private static async Task TruncateAsync(S3Request request, S3Response answer, long most)
    {
        HttpResponse response = request.Http.Response;
        byte[] start = new byte[most];
        if (answer.Content is { } content)
            content.Read(start);
        else
            answer.Body.AsSpan(0, (int)Math.Min(most, answer.Body.Length)).CopyTo(start);
        // Even an answer without a body must look as if more were to come.
        response.ContentLength = Math.Max(response.ContentLength ?? 0, most + 1);
        await response.Body.WriteAsync(start, request.Aborted);
        await response.Body.FlushAsync(request.Aborted);
        await Task.Delay(20);
        request.Http.Abort();
        throw new ConnectionResetOnPurposeException();
    }

    private static async Task CopyAsync(HttpResponse response, ObjectContent content, CancellationToken cancellationToken)
    {
        while (content.Remaining > 0)
        {
            Memory<byte> memory = response.BodyWriter.GetMemory(CopySize);
            response.BodyWriter.Advance(content.Read(memory.Span));
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }
}
