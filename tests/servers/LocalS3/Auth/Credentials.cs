using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LocalS3.Auth;

/// <summary>Who signed the request. Everybody belongs to the one test account.</summary>
internal sealed record Caller(string AccessKey, Session? Session)
{
    public static readonly Caller Anonymous = new("", null);

    public bool IsAnonymous => AccessKey.Length == 0;
}

/// <summary>What CreateSession has bound a set of session keys to.</summary>
internal sealed record Session(string Bucket, bool ReadOnly);

internal sealed record Credential(string AccessKey, string SecretKey, string? Token, DateTime? Expires, Session? Session);

internal sealed class Credentials
{
    private readonly ConcurrentDictionary<string, Credential> _all = new(StringComparer.Ordinal);

    public Credentials(Options options) => Add(new Credential(options.AccessKey, options.SecretKey, null, null, null));

    public void Add(Credential credential) => _all[credential.AccessKey] = credential;

    public Credential? Find(string accessKey) => _all.GetValueOrDefault(accessKey);

    public bool Remove(string accessKey) => _all.TryRemove(accessKey, out _);

    /// <summary>All keys that CreateSession has given end now.</summary>
    public void ExpireSessions()
    {
        foreach (Credential session in _all.Values.Where(c => c.Session is not null))
            Add(session with { Expires = DateTime.UtcNow });
    }

    public Credential CreateSession(string bucket, bool readOnly, TimeSpan life)
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
            DateTime.UtcNow + life,
            new Session(bucket, readOnly));
        Add(session);
        return session;
    }
}
