using System.Collections.Concurrent;
using System.Security.Cryptography;
using LocalS3.Protocol;

namespace LocalS3.Signing;

/// <summary>Who signed the request. All keys belong to the one test account.</summary>
internal sealed record Caller(string AccessKey, Session? Session);

/// <summary>The bucket for which CreateSession issued a set of keys.</summary>
internal sealed record Session(string Bucket);

internal sealed record Credential(string AccessKey, string SecretKey, string? Token, DateTime? Expires, Session? Session);

/// <summary>The keys that the server accepts.</summary>
internal sealed class Credentials
{
    private readonly ConcurrentDictionary<string, Credential> _all = new(StringComparer.Ordinal);

    public Credentials() => Add(new Credential(TestAccount.AccessKey, TestAccount.SecretKey, null, null, null));

    public void Add(Credential credential) => _all[credential.AccessKey] = credential;

    public Credential? Find(string accessKey) => _all.GetValueOrDefault(accessKey);

    public bool Remove(string accessKey) => _all.TryRemove(accessKey, out _);

    /// <summary>Expires all keys that CreateSession issued.</summary>
    public void ExpireSessions()
    {
        foreach (Credential session in _all.Values.Where(c => c.Session is not null))
            Add(session with { Expires = DateTime.UtcNow });
    }

    public Credential CreateSession(string bucket, TimeSpan lifetime)
    {
        foreach (Credential old in _all.Values)
        {
            if (old.Session is not null && old.Expires < DateTime.UtcNow - TimeSpan.FromMinutes(10))
                _all.TryRemove(old.AccessKey, out _);
        }
        Credential session = new(
            "ASIA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(300)),
            DateTime.UtcNow + lifetime,
            new Session(bucket));
        Add(session);
        return session;
    }
}
