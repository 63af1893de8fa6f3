using System.Net;
using System.Runtime.CompilerServices;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Comparing;

/// <summary>Compares a file with an object for Compare-S3Object, where nothing is to be sent.</summary>
internal static class FileComparison
{
    /// <summary>The buckets that were seen over a connection.</summary>
    private static readonly ConditionalWeakTable<S3Connection, TextSet> s_buckets = [];

    internal static async Task<ComparedObject> RunAsync(
        S3Connection connection, IObjectStore store, CompareInput input, CancellationToken cancellationToken)
    {
        using FileSource file = FileSource.Open(input.Path);
        CopySource source = CopySource.OfUpload(input.BucketName, input.Key, input.CustomerKey, input.VersionId);
        FoundObject? found = null;
        Comparison result;
        try
        {
            found = await store.HeadObjectAsync(source, cancellationToken);
            result = await ObjectComparison.Of(connection, store, source).CompareAsync(found, file, input.PartSize, cancellationToken);
        }
        catch (S3ServiceException e) when (found is null && e.StatusCode == HttpStatusCode.NotFound)
        {
            await RequireBucketAsync(connection, store, input, cancellationToken);
            result = new Comparison(IsIdentical: false, Evidence: null, "there is no such object");
        }

        return new ComparedObject
        {
            LiteralPath = input.Path,
            BucketName = input.BucketName,
            Key = input.Key,
            VersionId = found?.VersionId ?? input.VersionId,
            IsIdentical = result.IsIdentical,
            Evidence = result.Evidence?.ToString(),
            Reason = result.Reason,
            Size = file.Length,
            ObjectSize = found?.Size,
            LastModified = found?.LastModified,
        };
    }

    /// <summary>HEAD is answered without a code, which would tell a missing bucket from a missing object; a list has one.</summary>
    private static async Task RequireBucketAsync(
        S3Connection connection, IObjectStore store, CompareInput input, CancellationToken cancellationToken)
    {
        TextSet seen = s_buckets.GetOrCreateValue(connection);
        if (seen.Contains(input.BucketName))
        {
            return;
        }

        try
        {
            _ = await store.ListKeysAsync(input.BucketName, input.Key, token: null, cancellationToken);
        }
        catch (S3ServiceException e) when (e.ErrorCode != "NoSuchBucket")
        {
            // Who may not list, or a store that cannot, leaves it at what HEAD said.
        }

        _ = seen.Add(input.BucketName);
    }
}
