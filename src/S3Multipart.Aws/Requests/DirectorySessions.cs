using System.Collections.Concurrent;
using Amazon.S3;
using Amazon.S3.Model;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// The sessions that requests to directory buckets are signed with: one for each bucket, made by the SDK's CreateSession when it is
/// first needed, shared by all requests, and renewed when a fifth of its life is left. The SDK's own provider does the same, but
/// assumes that a session lives for more than a minute.
/// </summary>
/// <param name="makeClient">Makes the client that requests sessions, once, and only where a bucket needs one: it takes long.</param>
internal sealed class DirectorySessions(Func<IAmazonS3> makeClient)
{
    private readonly Lazy<IAmazonS3> _client = new(makeClient);
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    internal async Task<SessionCredentials> CredentialsOfAsync(string bucketName, CancellationToken cancellationToken)
    {
        Slot slot = _slots.GetOrAdd(bucketName, _ => new Slot());
        if (slot.Current is { } fresh)
        {
            return fresh;
        }

        // Requests that find no session wait for the one that requests it.
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (slot.Current is { } made)
            {
                return made;
            }

            CreateSessionResponse response =
                await _client.Value.CreateSessionAsync(new CreateSessionRequest { BucketName = bucketName }, cancellationToken);
            slot.Set(response.Credentials);
            return response.Credentials;
        }
        finally
        {
            _ = slot.Gate.Release();
        }
    }

    /// <summary>
    /// Drops the session that S3 says has expired, unless another request that was refused with it has put a new one in its place. False
    /// if the bucket has none.
    /// </summary>
    /// <param name="bucketName">The bucket.</param>
    /// <param name="token">The token of the session that was refused.</param>
    internal bool Forget(string bucketName, string? token)
    {
        if (!_slots.TryGetValue(bucketName, out Slot? slot))
        {
            return false;
        }

        slot.Forget(token);
        return true;
    }

    private sealed class Slot
    {
        private SessionCredentials? _credentials;
        private DateTime _renewal;

        internal SemaphoreSlim Gate { get; } = new(1);

        internal SessionCredentials? Current => DateTime.UtcNow < _renewal ? _credentials : null;

        internal void Forget(string? token)
        {
            if (_credentials?.SessionToken == token)
            {
                _renewal = default;
            }
        }

        internal void Set(SessionCredentials credentials)
        {
            DateTime now = DateTime.UtcNow;
            _credentials = credentials;
            _renewal = now + (0.8 * (credentials.Expiration!.Value.ToUniversalTime() - now));
        }
    }
}
