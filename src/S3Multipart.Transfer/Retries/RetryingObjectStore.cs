using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Retries;

/// <summary>Retries each request where that may help, within the limit of requests in flight.</summary>
/// <param name="store">Sends a request once.</param>
/// <param name="maxRetry">How often a request is sent again.</param>
/// <param name="limiter">The limiter of all requests to the same place.</param>
/// <param name="log">Receives a line for each retry; called from any thread.</param>
/// <param name="monitor">Counts the requests, and tells which are retried; null to watch none.</param>
/// <param name="wait">Waits; for tests.</param>
internal sealed class RetryingObjectStore(
    IObjectStore store, int maxRetry, RequestLimiter limiter, Action<string> log, RequestMonitor? monitor = null,
    Func<TimeSpan, CancellationToken, Task>? wait = null) : IObjectStore
{
    private readonly Func<TimeSpan, CancellationToken, Task> _wait = wait ?? Task.Delay;

    public Task<CreatedUpload> CreateMultipartUploadAsync(CreateInput input, CancellationToken cancellationToken) =>
        SendAsync(token => store.CreateMultipartUploadAsync(input, token), cancellationToken, isCreate: true);

    public Task<StoredPart> UploadPartAsync(PartInput input, CancellationToken cancellationToken) =>
        SendAsync(token => store.UploadPartAsync(input, token), cancellationToken);

    public Task<StoredPart> UploadPartCopyAsync(PartCopyInput input, CancellationToken cancellationToken) =>
        SendAsync(token => store.UploadPartCopyAsync(input, token), cancellationToken);

    public async Task<CompletedObject> CompleteMultipartUploadAsync(CompleteInput input, CancellationToken cancellationToken)
    {
        bool isUnknown = false;
        try
        {
            return await SendAsync(
                token => store.CompleteMultipartUploadAsync(input, token), cancellationToken,
                failure => isUnknown |= RetryRule.IsOutcomeUnknown(failure));
        }
        catch (S3ServiceException e) when (isUnknown && e.ErrorCode is "NoSuchUpload" or "NoSuchKey" or "PreconditionFailed")
        {
            // An earlier try may have done it and only its response was lost. Then the object is there, and is that of the upload.
            // The condition may also fail because of another writer's object: an upload that is still listed has not become one.
            bool isCompleted = e is not PreconditionFailedException || !await IsListedAsync(input.Target, cancellationToken);
            if (isCompleted && await new CompletionProof(input).FindAsync(this, cancellationToken) is { } completed)
            {
                return completed;
            }

            throw;
        }
    }

    public async Task<string?> AbortMultipartUploadAsync(UploadTarget target, DateTime? ifInitiated, CancellationToken cancellationToken)
    {
        bool isUnknown = false;
        try
        {
            return await SendAsync(
                token => store.AbortMultipartUploadAsync(target, ifInitiated, token), cancellationToken,
                failure => isUnknown |= RetryRule.IsOutcomeUnknown(failure));
        }
        catch (NoSuchUploadException) when (isUnknown)
        {
            return null;
        }
    }

    public Task<PartPage> ListPartsAsync(UploadTarget target, int marker, CancellationToken cancellationToken) =>
        SendAsync(token => store.ListPartsAsync(target, marker, token), cancellationToken);

    public Task<UploadPage> ListMultipartUploadsAsync(UploadQuery query, CancellationToken cancellationToken) =>
        SendAsync(token => store.ListMultipartUploadsAsync(query, token), cancellationToken);

    public Task<CompletedObject> PutObjectAsync(PutInput input, CancellationToken cancellationToken) =>
        SendAsync(token => store.PutObjectAsync(input, token), cancellationToken);

    public Task<KeyPage> ListKeysAsync(string bucketName, string? prefix, string? token, CancellationToken cancellationToken) =>
        SendAsync(cancel => store.ListKeysAsync(bucketName, prefix, token, cancel), cancellationToken);

    public Task<BucketPage> ListBucketsAsync(string? marker, CancellationToken cancellationToken) =>
        SendAsync(token => store.ListBucketsAsync(marker, token), cancellationToken);

    public Task<AbortRules?> GetAbortRulesAsync(string bucketName, CancellationToken cancellationToken) =>
        SendAsync(token => store.GetAbortRulesAsync(bucketName, token), cancellationToken);

    public Task<FoundObject> HeadObjectAsync(CopySource source, CancellationToken cancellationToken) =>
        SendAsync(token => store.HeadObjectAsync(source, token), cancellationToken);

    public Task<ObjectPartPage> ListObjectPartsAsync(CopySource source, int marker, CancellationToken cancellationToken) =>
        SendAsync(token => store.ListObjectPartsAsync(source, marker, token), cancellationToken);

    public Task<FoundPart> HeadPartAsync(CopySource source, int partNumber, CancellationToken cancellationToken) =>
        SendAsync(token => store.HeadPartAsync(source, partNumber, token), cancellationToken);

    private async Task<bool> IsListedAsync(UploadTarget target, CancellationToken cancellationToken)
    {
        try
        {
            _ = await ListPartsAsync(target, 0, cancellationToken);
            return true;
        }
        catch (NoSuchUploadException)
        {
            return false;
        }
        catch (S3MultipartException e)
        {
            throw Failure.CompletionUnknown(target.ToString(), "whether its upload is still there could not be looked up: " + e.Message);
        }
    }

    private async Task<T> SendAsync<T>(
        Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken, Action<Exception>? failed = null, bool isCreate = false)
    {
        // How many retries there were, with the one that is under way.
        int retries = 0;
        try
        {
            while (true)
            {
                S3MultipartException failure;
                try
                {
                    return await SendOnceAsync(send, isRetry: retries > 0, cancellationToken);
                }
                catch (S3MultipartException e)
                {
                    failed?.Invoke(e);
                    // Where the response to a creation cannot be read, the upload exists; each retry would leave another.
                    bool isDone = isCreate && e.ErrorId == FailureIds.ResponseInvalid;
                    if (retries >= maxRetry || isDone || !RetryRule.IsTransient(e, retries, limiter.WasReached))
                    {
                        if (retries > 0)
                        {
                            throw e.AfterTries(retries + 1);
                        }

                        throw;
                    }

                    failure = e;
                }

                retries++;
                TimeSpan pause = RetryRule.WaitBefore(retries, failure, Random.Shared.NextDouble());
                monitor?.Waits(retries, maxRetry, pause, (failure as S3ServiceException)?.ErrorCode ?? failure.ErrorId);
                log(Failure.Invariant($"Retry {retries} of {maxRetry} in {pause.TotalSeconds:0.0} s: {failure.Message}"));
                await _wait(pause, cancellationToken);
            }
        }
        finally
        {
            if (retries > 0)
            {
                monitor?.EndsRetrying();
            }
        }
    }

    /// <summary>Sends a request when its turn has come.</summary>
    private async Task<T> SendOnceAsync<T>(Func<CancellationToken, Task<T>> send, bool isRetry, CancellationToken cancellationToken)
    {
        bool isThrottled = false;
        bool hasSucceeded = false;
        int turn = await limiter.EnterAsync(cancellationToken);
        monitor?.Sends(isRetry);
        try
        {
            T result = await send(cancellationToken);
            hasSucceeded = true;
            monitor?.Succeeds();
            limiter.Reach();
            return result;
        }
        catch (S3ServiceException e)
        {
            isThrottled = RetryRule.IsThrottled(e);
            limiter.Reach();
            throw;
        }
        finally
        {
            limiter.Leave(turn, isThrottled, hasSucceeded);
        }
    }
}
