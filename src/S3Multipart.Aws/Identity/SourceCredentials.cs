using Amazon.Runtime;

namespace S3Multipart.Aws.Identity;

/// <summary>Credentials that are requested before each request, renew themselves, and fail with the module's errors.</summary>
internal abstract class SourceCredentials : AWSCredentials
{
    /// <summary>Drops keys that S3 says have expired. False where the next request would get the same ones.</summary>
    internal virtual bool Renew()
    {
        if (Current() is not RefreshingAWSCredentials refreshing)
        {
            return false;
        }

        refreshing.ClearCredentials();
        return true;
    }

    public sealed override ImmutableCredentials GetCredentials()
    {
        try
        {
            return Current().GetCredentials();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Own(e) ?? FailureOf(e);
        }
    }

    public sealed override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            // Else on a thread of its own, because some sources search for keys before they return a task.
            if (AtHand is { } ready)
            {
                return ready.GetCredentials();
            }

            return await Task.Run(() => Current().GetCredentialsAsync()).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Own(e) ?? FailureOf(e);
        }
    }

    /// <summary>Keys that are known without a request; null where one may be needed.</summary>
    protected virtual AWSCredentials? AtHand => null;

    protected abstract AWSCredentials Current();

    protected abstract S3MultipartException FailureOf(Exception e);

    private static S3MultipartException? Own(Exception? e)
    {
        while (e is not null and not S3MultipartException)
        {
            e = e.InnerException;
        }

        return e as S3MultipartException;
    }
}
