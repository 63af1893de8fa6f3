using System.Net;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Comparing;

/// <summary>Compares a file with an object for Compare-S3Object, where nothing is to be sent.</summary>
internal static class FileComparison
{
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
}
