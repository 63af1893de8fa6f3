using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Pipeline;

/// <summary>
/// The uploads of one of several buckets. Its first page is requested before its turn comes; so are the rules that abort uploads, of a
/// bucket that has any.
/// </summary>
internal sealed class BucketListing
{
    private readonly IUploadClient _client;
    private readonly UploadQuery _query;
    private readonly CancellationToken _cancellation;
    private readonly IAsyncEnumerator<UploadListPage> _pages;
    private bool _knowsRules;

    internal BucketListing(IUploadClient client, UploadQuery query, CancellationToken cancellation)
    {
        (_client, _query, _cancellation) = (client, query, cancellation);
        _pages = client.ListUploadsAsync(query, cancellation).GetAsyncEnumerator(cancellation);
        First = ReadAsync();
    }

    internal string BucketName => _query.BucketName;

    internal IUploadClient Client => _client;

    /// <summary>Ends when the first page is there; false for none.</summary>
    internal Task<bool> First { get; }

    /// <summary>The rules; null where they are not known.</summary>
    internal AbortRules? Rules { get; private set; }

    /// <summary>What went wrong with the rules, other than that they may not be read; the uploads are listed all the same.</summary>
    internal S3MultipartException? RulesFailure { get; private set; }

    internal async IAsyncEnumerable<UploadListPage> PagesAsync()
    {
        for (Task<bool> next = First; await next; next = ReadAsync())
        {
            yield return _pages.Current;
        }
    }

    private async Task<bool> ReadAsync()
    {
        bool isThere = await _pages.MoveNextAsync();
        if (isThere && _pages.Current.Uploads.Count > 0 && !_knowsRules)
        {
            _knowsRules = true;
            try
            {
                Rules = await _client.FindAbortRulesAsync(BucketName, _cancellation);
            }
            catch (S3MultipartException e)
            {
                RulesFailure = e;
            }
        }

        return isThere;
    }
}
