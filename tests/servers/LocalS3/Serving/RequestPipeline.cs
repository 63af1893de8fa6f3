using System.Net.Sockets;
using LocalS3.Control;
using LocalS3.Faults;
using LocalS3.Http;
using LocalS3.Operations;
using LocalS3.Protocol;
using LocalS3.Signing;
using LocalS3.StoreProfiles;
using Microsoft.AspNetCore.Connections;

namespace LocalS3.Serving;

/// <summary>Serves one request: address, signature, fault, store profile, operation, response, log.</summary>
internal sealed class RequestPipeline(
    Router router, Authenticator authenticator, RequestLog log, ControlEndpoint control,
    FaultTable faults, RuntimeSettings settings, Credentials credentials, StoreProfile? profile)
{
    private const string ControlPrefix = "/_/";

    public async Task InvokeAsync(HttpContext http)
    {
        S3Request request = new(http);
        if (request.RawTarget.StartsWith(ControlPrefix, StringComparison.Ordinal))
        {
            string[] parts = request.RawTarget[ControlPrefix.Length..].Split('?', 2);
            await control.HandleAsync(http, parts[0], parts.Length > 1 ? parts[1] : "");
            return;
        }
        log.Begin();
        S3Response? response = null;
        string? error = null;
        bool responding = false;
        try
        {
            (response, error) = await ServeAsync(request);
            if (settings.DelayMs is > 0 and int delay)
                await Task.Delay(delay, request.Aborted);
            log.BeginResponse();
            responding = true;
            await ResponseWriter.WriteAsync(request, response);
        }
        catch (Exception closed) when (IsConnectionClosed(closed, request))
        {
            error = closed.Message;
            response?.Content?.Dispose();
            response = null;
            http.Abort();
        }
        finally
        {
            response?.Content?.Dispose();
            log.End(Record(request, response, error), responding);
        }
    }

    private async Task<(S3Response Response, string? Error)> ServeAsync(S3Request request)
    {
        try
        {
            request.Target = S3Target.Parse(request.RawTarget, request.Headers.Host.ToString());
            request.Operation = OperationNames.Of(request);
            authenticator.Authenticate(request);
            return (await RunAsync(request), null);
        }
        catch (S3Exception error)
        {
            return (S3Response.Error(error, request.RequestId, request.HostId), error.Message);
        }
        catch (Exception error) when (!IsConnectionClosed(error, request))
        {
            await Console.Error.WriteLineAsync($"{request.Method} {request.RawTarget}: {error}");
            S3Exception internalError = new("InternalError", 500, "We encountered an internal error. Please try again.");
            return (S3Response.Error(internalError, request.RequestId, request.HostId), error.ToString());
        }
    }

    private async Task<S3Response> RunAsync(S3Request request)
    {
        if (faults.Next(request.Operation, request.Target.Bucket, request.Key, request.Query["partNumber"]) is not { } fault)
            return await RunOperationAsync(request);
        request.Fault = fault;
        if (fault.Action == "expire-sessions")
        {
            credentials.ExpireSessions();
            throw S3Errors.ExpiredToken();
        }
        S3Response response = await FaultApplier.BeforeAsync(request, fault) ?? await RunOperationAsync(request);
        return await FaultApplier.AfterAsync(request, fault, response);
    }

    private async Task<S3Response> RunOperationAsync(S3Request request)
    {
        if (profile is null)
            return await router.RunAsync(request);
        try
        {
            // Recorded before the profile removes the headers that it ignores.
            request.SentHeaders = RequestLog.MaskedHeaders(request);
            profile.Before(request);
            S3Response response = await router.RunAsync(request);
            profile.After(request, response);
            return response;
        }
        catch (S3Exception error)
        {
            throw profile.Error(request, error);
        }
    }

    private static bool IsConnectionClosed(Exception error, S3Request request) =>
        error is ConnectionResetException or ConnectionAbortedException or InjectedResetException
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
