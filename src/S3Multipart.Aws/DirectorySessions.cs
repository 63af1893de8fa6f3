using System.Collections.Concurrent;
using Amazon.S3;
using Amazon.S3.Model;

namespace S3Multipart.Aws;

/// <summary>
/// The sessions that requests to directory buckets are signed with: one for each bucket, made by the SDK's CreateSession when it is
/// first needed, shared by all requests, and renewed when a fifth of its life is left. The SDK's own provider does the same, but
/// assumes that a session lives for more than a minute.
/// </summary>
internal sealed class DirectorySessions : IS3ExpressCredentialProvider
{
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    /// <summary>The client that asks for sessions; known only after its configuration, which holds this object.</summary>
    internal IAmazonS3? Client { get; set; }

    public SessionCredentials ResolveSessionCredentials(string bucketName) => ResolveSessionCredentialsAsync(bucketName, CancellationToken.None).GetAwaiter().GetResult();

    public async Task<SessionCredentials> ResolveSessionCredentialsAsync(string bucketName, CancellationToken cancellationToken)
    {
        Slot slot = _slots.GetOrAdd(bucketName, _ => new Slot());
        if (slot.Current is { } fresh)
        {
            return fresh;
        }

        // Requests that find no session wait for the one that asks for it.
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (slot.Current is { } made)
            {
                return made;
            }

            CreateSessionResponse response = await Client!.CreateSessionAsync(new CreateSessionRequest { BucketName = bucketName }, cancellationToken);
            slot.Set(response.Credentials);
            return response.Credentials;
        }
        finally
        {
            _ = slot.Gate.Release();
        }
    }

    /// <summary>Drops all sessions, for S3 says that one has expired. False if there was none to drop.</summary>
    internal bool Forget()
    {
        bool had = !_slots.IsEmpty;
        _slots.Clear();
        return had;
    }

    public void Dispose()
    {
        foreach (Slot slot in _slots.Values)
        {
            slot.Gate.Dispose();
        }
    }

    private sealed class Slot
    {
        private SessionCredentials? _credentials;
        private DateTime _renewal;

        internal SemaphoreSlim Gate { get; } = new(1);

        internal SessionCredentials? Current => DateTime.UtcNow < _renewal ? _credentials : null;

        internal void Set(SessionCredentials credentials)
        {
            DateTime now = DateTime.UtcNow;
            _credentials = credentials;
            _renewal = now + (0.8 * (credentials.Expiration!.Value.ToUniversalTime() - now));
        }
    }
}
