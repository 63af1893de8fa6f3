using System.IO.Hashing;
using System.Runtime.InteropServices;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Lists;

/// <summary>
/// Which keys have no object, known from a list of those below their common prefix: each that is not in it spares a HEAD. It is read as far
/// as the keys need it, and no further than pays: a page is as dear as several looks, and a bucket may hold millions of other objects.
/// </summary>
internal sealed class KeySearch(IObjectStore store, string bucketName, string? prefix) : IKeySearch
{
    /// <summary>So many keys are looked at one by one, before a list can pay.</summary>
    private const int FewKeys = 16;

    private readonly bool _isOrdered = BucketAddress.Parse(bucketName).Type != BucketType.Directory;
    private readonly object _gate = new();

    /// <summary>Hashes in place of keys: two keys with the same one cost a look, and nothing else.</summary>
    private readonly HashSet<ulong> _found = [];

    private Task? _reading;
    private string? _token;
    private string _last = "";
    private int _pages;
    private int _asked;
    private bool _isWhole;
    private bool _isGivenUp;

    public async ValueTask<bool> MayExistAsync(string key, CancellationToken cancellationToken)
    {
        int asked = Interlocked.Increment(ref _asked);
        while (true)
        {
            Task reading;
            lock (_gate)
            {
                if (_isWhole || (_isOrdered && _pages > 0 && string.CompareOrdinal(key, _last) <= 0 && IsAscii(key)))
                {
                    return _found.Contains(HashOf(key));
                }

                if (_isGivenUp || asked <= FewKeys || _pages >= (asked / 100) + 10
                    || !key.StartsWith(prefix ?? "", StringComparison.Ordinal))
                {
                    return true;
                }

                reading = _reading ??= ReadPageAsync(cancellationToken);
            }

            await reading;
        }
    }

    private async Task ReadPageAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        KeyPage? page = null;
        try
        {
            page = await store.ListKeysAsync(bucketName, prefix, _token, cancellationToken);
        }
        catch (S3MultipartException)
        {
            // Who may write need not be allowed to list; then each key is looked at.
        }

        lock (_gate)
        {
            _reading = null;
            if (page is null || (page.NextToken is not null && (page.Keys.Count == 0 || page.NextToken == _token)))
            {
                _isGivenUp = true;
                return;
            }

            foreach (string key in page.Keys)
            {
                _ = _found.Add(HashOf(key));
            }

            _pages++;
            _token = page.NextToken;
            _last = page.Keys.Count > 0 ? page.Keys[^1] : _last;
            _isWhole = page.NextToken is null;
        }
    }

    /// <summary>S3 orders by the bytes of UTF-8, and .NET by UTF-16, which differ beyond ASCII.</summary>
    private bool IsAscii(string key) => System.Text.Ascii.IsValid(key) && System.Text.Ascii.IsValid(_last);

    private static ulong HashOf(string key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
}
