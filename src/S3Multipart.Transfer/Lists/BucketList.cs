using System.Net;
using System.Runtime.CompilerServices;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Lists;

/// <summary>The buckets of the account, page by page, and what becomes of the uploads in one.</summary>
internal static class BucketList
{
    internal static async IAsyncEnumerable<IReadOnlyList<ListedBucket>> PagesAsync(
        IObjectStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? marker = null;
        HashSet<string> markers = [];
        do
        {
            BucketPage page = await PageAsync(store, marker, cancellationToken);
            yield return page.Buckets;

            marker = page.NextMarker;
            if (marker is not null && !markers.Add(marker))
            {
                throw Failure.ListBroken(S3Uri.Of(""));
            }
        }
        while (marker is not null);
    }

    internal static async Task<AbortRules?> FindAbortRulesAsync(IObjectStore store, string bucketName, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetAbortRulesAsync(bucketName, cancellationToken);
        }
        catch (S3ServiceException e) when (e is { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError }
            or { StatusCode: HttpStatusCode.NotImplemented })
        {
            // No right to read the rules, or a store that has none.
            return null;
        }
    }

    private static async Task<BucketPage> PageAsync(IObjectStore store, string? marker, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ListBucketsAsync(marker, cancellationToken);
        }
        catch (AccessDeniedException e)
        {
            throw SourceFailure.BucketsNotListable(e);
        }
    }
}
