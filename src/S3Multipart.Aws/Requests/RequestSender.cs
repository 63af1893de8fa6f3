using Amazon.Runtime;
using Amazon.S3;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// Sends requests past the SDK's pipeline, which costs more than all else of a small request: signed by our own signer, to the endpoint
/// and with the credentials of the SDK. One call is one try; retries are Core's.
/// </summary>
internal sealed class RequestSender(EndpointMap endpoints, DirectorySessions sessions, SourceCredentials credentials)
{
    private readonly RequestSigner _signer = new();

    internal async Task<S3Answer> SendAsync(S3Request request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        RequestRepair? repair = null;
        while (true)
        {
            Try tried = new();
            ServiceError error;
            try
            {
                S3Answer answer = await SendOnceAsync(request, tried, timeout, cancellationToken);
                if (!answer.IsFailure)
                {
                    return answer;
                }

                error = answer.ToError();
            }
            catch (AmazonS3Exception e) when (e.StatusCode != 0)
            {
                // What CreateSession was answered before a request to a directory bucket could be sent. It is signed as a copy is.
                error = ServiceError.From(e);
                tried.Endpoint = endpoints.For(request.BucketName, usesSession: false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                throw AwsFailure.Translate(e, request.ToString());
            }
            catch (Exception e)
            {
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }

            repair ??= new RequestRepair(endpoints, sessions, credentials);
            if (!repair.TryRepair(request.BucketName, error, tried.Endpoint, tried.Token))
            {
                throw AwsFailure.FromService(error, request.ToString());
            }
        }
    }

    private async Task<S3Answer> SendOnceAsync(S3Request request, Try tried, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using StallGuard guard = new(timeout, cancellationToken);
        try
        {
            S3Endpoint endpoint = endpoints.For(request.BucketName, request.UsesSession);
            ImmutableCredentials? keys = await KeysAsync(endpoint, request.BucketName, guard.Token);
            (tried.Endpoint, tried.Token) = (endpoint, keys?.Token);
            // Signed as late as can be, because S3 takes a signature for 15 minutes only.
            using HttpRequestMessage message = _signer.Sign(
                request, endpoint, keys, DateTime.UtcNow + RequestRepair.ClockOffset, request.Content?.Invoke(guard));
            if (request.Content is null)
            {
                guard.AwaitAnswer(request.Size);
            }

            using HttpResponseMessage response = await AwsHttp.Direct.SendAsync(message, guard.Token);
            return new S3Answer(response, await AnswerReader.ReadAsync(response.Content, guard, guard.Token));
        }
        catch (Exception e) when (guard.HasStalled)
        {
            throw AwsFailure.TimedOut(request.ToString(), guard.Silence, e);
        }
    }

    private async ValueTask<ImmutableCredentials?> KeysAsync(S3Endpoint endpoint, string bucketName, CancellationToken cancellationToken)
    {
        if (endpoint.NeedsSession)
        {
            Amazon.S3.Model.SessionCredentials session = await sessions.ResolveSessionCredentialsAsync(bucketName, cancellationToken);
            return new ImmutableCredentials(session.AccessKeyId, session.SecretAccessKey, session.SessionToken);
        }

        return await credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
    }

    /// <summary>Where one try went, and what signed it.</summary>
    private sealed class Try
    {
        internal S3Endpoint? Endpoint { get; set; }

        internal string? Token { get; set; }
    }
}
