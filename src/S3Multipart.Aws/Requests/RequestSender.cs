using System.Net.Http.Headers;
using Amazon.Runtime;
using Amazon.S3;
using S3Multipart.Aws.Identity;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// Sends requests past the SDK's pipeline, which costs more than all else of a small request: signed by our own signer, to the endpoint
/// and with the credentials of the SDK. One call is one try; retries are Core's.
/// </summary>
internal sealed class RequestSender(
    HttpMessageInvoker http, EndpointMap endpoints, DirectorySessions sessions, SourceCredentials credentials)
{
    private readonly RequestSigner _signer = new();

    internal async Task<S3Response> SendAsync(S3Request request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        RequestRecovery? recovery = null;
        while (true)
        {
            Try tried = new();
            ServiceError error;
            try
            {
                S3Response response = await SendOnceAsync(request, tried, timeout, cancellationToken);
                if (!response.IsFailure)
                {
                    return response;
                }

                error = response.ToError();
            }
            catch (AmazonS3Exception e) when (e.StatusCode != 0)
            {
                // What CreateSession was answered before a request to a directory bucket could be sent. It is signed as a copy is.
                tried.Filter.Hide(await credentials.GetCredentialsAsync().WaitAsync(cancellationToken));
                error = ServiceError.From(e, tried.Filter);
                tried.Endpoint = endpoints.For(request.BucketName, usesSession: false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                throw AwsFailure.Translate(e, request.ToString(), tried.Endpoint?.Origin, tried.Filter);
            }
            catch (Exception e)
            {
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }

            recovery ??= new RequestRecovery(endpoints, sessions, credentials);
            if (!recovery.TryRecover(request.BucketName, error, tried.Endpoint, tried.Token))
            {
                throw AwsFailure.FromService(error, request.ToString(), tried.Endpoint);
            }
        }
    }

    private async Task<S3Response> SendOnceAsync(S3Request request, Try tried, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using StallGuard guard = new(timeout, cancellationToken);
        tried.Filter.Hide(request);
        try
        {
            S3Endpoint endpoint = endpoints.For(request.BucketName, request.UsesSession);
            ImmutableCredentials? keys = await KeysAsync(endpoint, request.BucketName, guard.Token);
            (tried.Endpoint, tried.Token) = (endpoint, keys?.Token);
            tried.Filter.Hide(keys);
            // Signed as late as can be, because S3 takes a signature for 15 minutes only.
            using HttpRequestMessage message = _signer.Sign(
                request, endpoint, keys, StoreClock.UtcNow(endpoint), request.Content?.Invoke(guard));
            bool isSigned = message.Headers.NonValidated.TryGetValues("Authorization", out HeaderStringValues signature);
            tried.Filter.Hide(request, isSigned ? signature.ToString() : null);
            if (request.Content is null)
            {
                guard.AwaitResponse(request.Size);
            }

            OutgoingBody? outgoing = request.Content is null ? null : OutgoingBody.Begin();
            using HttpResponseMessage response = await http.SendAsync(message, guard.Token);
            if (outgoing?.Broken is { } broken && response.IsSuccessStatusCode)
            {
                // What was not sent cannot have been stored.
                throw broken;
            }

            byte[] body = await ResponseReader.ReadAsync(response.Content, guard, guard.Token);
            return new S3Response(response, ResponseReader.Parse(body, tried.Filter, guard.Token), tried.Filter);
        }
        catch (Exception e) when (guard.HasStalled)
        {
            throw AwsFailure.TimedOut(request.ToString(), guard.IdleTimeout, e);
        }
    }

    private async ValueTask<ImmutableCredentials?> KeysAsync(S3Endpoint endpoint, string bucketName, CancellationToken cancellationToken)
    {
        if (endpoint.NeedsSession)
        {
            Amazon.S3.Model.SessionCredentials session = await sessions.CredentialsOfAsync(bucketName, cancellationToken);
            return new ImmutableCredentials(session.AccessKeyId, session.SecretAccessKey, session.SessionToken);
        }

        return await credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
    }

    /// <summary>Where one try was sent, and what signed it.</summary>
    private sealed class Try
    {
        internal S3Endpoint? Endpoint { get; set; }

        internal string? Token { get; set; }

        /// <summary>The filter of its response, which knows the secrets that the request was sent with.</summary>
        internal OutsideText Filter { get; } = new();
    }
}
