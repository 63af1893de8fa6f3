using System.Net.Sockets;
using LocalS3.Auth;
using LocalS3.Control;
using LocalS3.Http;
using LocalS3.Operations;
using LocalS3.Stores;
using Microsoft.AspNetCore.Connections;

namespace LocalS3;

/// <summary>Takes one request from its raw target to its record in the log.</summary>
internal sealed class S3Pipeline(
    Router router, Authenticator authenticator, RequestLog log, ControlPlane control,
    FaultTable faults, RuntimeSettings settings, Credentials credentials, StoreCharacter? character)
{
    private const string ControlPrefix = "/_/";

    public async Task InvokeAsync(HttpContext http)
    {
        S3Request request = new(http);
        if (request.RawTarget.StartsWith(ControlPrefix, StringComparison.Ordinal))
        {
            string[] parts = request.RawTarget[ControlPrefix.Length..].Split('?', 2);
            await control.AnswerAsync(http, parts[0], parts.Length > 1 ? parts[1] : "");
            return;
        }
        log.Began();
        S3Response? response = null;
        string? error = null;
        bool answering = false;
        try
        {
            (response, error) = await ServeAsync(request);
            if (settings.DelayMs is > 0 and int delay)
                await Task.Delay(delay, request.Aborted);
            log.Answering();
            answering = true;
            await ResponseWriter.WriteAsync(request, response);
        }
        catch (Exception gone) when (IsClientGone(gone, request))
        {
            error = gone.Message;
            response?.Content?.Dispose();
            response = null;
            http.Abort();
        }
        finally
        {
            response?.Content?.Dispose();
            log.Ended(Record(request, response, error), answering);
        }
    }

    private async Task<(S3Response Response, string? Error)> ServeAsync(S3Request request)
    {
        try
        {
            request.Target = S3Target.Parse(request.RawTarget, request.Headers.Host.ToString());
            request.Operation = Router.Name(request);
            authenticator.Authenticate(request);
            return (await RunAsync(request), null);
        }
        catch (S3Exception error)
        {
            return (S3Response.Error(error, request.RequestId, request.HostId), error.Message);
        }
        catch (Exception error) when (!IsClientGone(error, request))
        {
            await Console.Error.WriteLineAsync($"{request.Method} {request.RawTarget}: {error}");
            S3Exception inside = new("InternalError", 500, "We encountered an internal error. Please try again.");
            return (S3Response.Error(inside, request.RequestId, request.HostId), error.ToString());
        }
    }

    private async Task<S3Response> RunAsync(S3Request request)
    {
        if (faults.Strike(request) is not { } fault)
            return await RunAsStoreAsync(request);
        request.Fault = fault;
        if (fault.Action == "expire-sessions")
        {
            credentials.ExpireSessions();
            throw S3Errors.ExpiredToken();
        }
        S3Response response = await FaultRunner.BeforeAsync(request, fault) ?? await RunAsStoreAsync(request);
        return await FaultRunner.AfterAsync(request, fault, response);
    }

    private async Task<S3Response> RunAsStoreAsync(S3Request request)
    {
        if (character is null)
            return await router.RunAsync(request);
        try
        {
            // Kept before the store takes away what it ignores.
            request.SentHeaders = RequestLog.MaskedHeaders(request);
            character.Before(request);
            S3Response response = await router.RunAsync(request);
            character.After(request, response);
            return response;
        }
        catch (S3Exception error)
        {
            throw character.Error(request, error);
        }
    }

    private static bool IsClientGone(Exception error, S3Request request) =>
        error is ConnectionResetException or ConnectionAbortedException or ConnectionResetOnPurposeException
            or BadHttpRequestException or SocketException
        || error is IOException { Source: "System.Net.Security" }
        || (error is OperationCanceledException or IOException && request.Aborted.IsCancellationRequested);

    private static RequestRecord Record(S3Request request, S3Response? response, string? error) => new()
    {
        Start = request.Started,
        DurationMs = Math.Round((DateTime.UtcNow - request.Started).TotalMilliseconds, 3),
        Method = request.Method,
        Target = request.RawTarget,
        Host = request.Headers.Host.ToString(),
        Tls = request.IsSecure,
        Operation = request.Operation,
        Bucket = request.Target?.Bucket ?? "",
        Key = request.Target?.Key ?? "",
        Status = response?.Status ?? 0,
        ErrorCode = response?.ErrorCode,
        ErrorMessage = error,
        Fault = request.Fault?.Action,
        BytesReceived = request.RawBody.BytesRead,
        Headers = request.SentHeaders ?? RequestLog.MaskedHeaders(request),
    };
}
