using S3Multipart.Core.Errors;
using S3Multipart.Errors;

namespace S3Multipart.Pipeline;

/// <summary>
/// What fails for every input of a bucket alike, such as a bucket that is not there: it is reported once, later inputs for that bucket are
/// not tried, and at the end one error has their number. Inputs for other buckets are not concerned.
/// </summary>
internal sealed class SharedFailures
{
    /// <summary>A right may be missing for some keys only, so this many must be denied, and none may have succeeded.</summary>
    private const int DeniedKeys = 8;

    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Fails with what keeps all inputs of the bucket from succeeding, once that is known.</summary>
    internal void ThrowIfKnown(string bucketName)
    {
        lock (_buckets)
        {
            if (Find(bucketName).Cause is { } cause)
            {
                throw cause;
            }
        }
    }

    /// <summary>True for an input that need not be tried; it is counted.</summary>
    internal bool Skip(string bucketName)
    {
        lock (_buckets)
        {
            Bucket bucket = Find(bucketName);
            bucket.NotTried += bucket.Cause is null ? 0 : 1;
            return bucket.Cause is not null;
        }
    }

    internal void Succeed(string bucketName)
    {
        lock (_buckets)
        {
            Find(bucketName).HasSucceeded = true;
        }
    }

    /// <summary>Notes how an input has failed.</summary>
    internal void Fail(string bucketName, string key, Exception failure)
    {
        lock (_buckets)
        {
            Bucket bucket = Find(bucketName);
            if (bucket.Cause is null && failure is S3MultipartException own && IsShared(bucket, key, own))
            {
                bucket.Cause = own;
            }
        }
    }

    /// <summary>True for a failure that is to be written: any that is not shared, and of those that are the first.</summary>
    internal bool IsToReport(string bucketName, Exception failure)
    {
        lock (_buckets)
        {
            Bucket bucket = Find(bucketName);
            if (bucket.Cause is not { } cause || failure is not S3MultipartException own || own.ErrorId != cause.ErrorId)
            {
                return true;
            }

            bucket.NotTried += bucket.IsReported ? 1 : 0;
            bool isFirst = !bucket.IsReported;
            bucket.IsReported = true;
            return isFirst;
        }
    }

    /// <summary>How many inputs were not tried, or failed as others before.</summary>
    internal long NotTried
    {
        get
        {
            lock (_buckets)
            {
                return _buckets.Values.Sum(bucket => (long)bucket.NotTried);
            }
        }
    }

    /// <summary>The errors that end a run, one for each bucket of which inputs were not tried.</summary>
    internal IReadOnlyList<(string BucketName, S3MultipartException Failure)> TakeSummaries(bool isRepeatable)
    {
        lock (_buckets)
        {
            (string, S3MultipartException)[] summaries =
            [
                .. _buckets.Where(bucket => bucket.Value.NotTried > 0).Select(
                    bucket => (bucket.Key, ParameterFailure.InputsNotTried(
                        bucket.Key, bucket.Value.NotTried, bucket.Value.Cause!, isRepeatable))),
            ];
            _buckets.Clear();
            return summaries;
        }
    }

    private static bool IsShared(Bucket bucket, string key, S3MultipartException failure) => failure.ErrorId switch
    {
        "NoSuchBucket" or "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" => true,
        FailureIds.CredentialsNotFound or FailureIds.CredentialsUnusable or FailureIds.SsoLoginNeeded or FailureIds.MfaCodeNeeded => true,
        FailureIds.EndpointUnreachable => true,
        "AccessDenied" => !bucket.HasSucceeded && bucket.Denied.Add(key) && bucket.Denied.Count >= DeniedKeys,
        _ => false,
    };

    private Bucket Find(string name)
    {
        if (!_buckets.TryGetValue(name, out Bucket? bucket))
        {
            _buckets.Add(name, bucket = new Bucket());
        }

        return bucket;
    }

    private sealed class Bucket
    {
        internal S3MultipartException? Cause { get; set; }

        internal bool IsReported { get; set; }

        internal bool HasSucceeded { get; set; }

        internal int NotTried { get; set; }

        internal HashSet<string> Denied { get; } = new(StringComparer.Ordinal);
    }
}
