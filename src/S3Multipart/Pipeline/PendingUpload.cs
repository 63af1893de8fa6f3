using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;

namespace S3Multipart.Pipeline;

/// <summary>An upload that is being created. Uploads are written in the order of the input, whichever response comes first.</summary>
internal sealed class PendingUpload(string target, S3Connection connection, string bucketName, Action finished)
{
    private volatile bool _isFinished;
    private volatile bool _isRequested;

    internal string Target => target;

    internal S3Connection Connection => connection;

    internal string BucketName => bucketName;

    internal bool IsFinished => _isFinished;

    /// <summary>True once S3 was asked to begin an upload, and may have begun one whatever became of the response.</summary>
    internal bool IsRequested => _isRequested;

    internal MultipartUpload? Upload { get; private set; }

    internal Exception? Failure { get; private set; }

    internal void Request() => _isRequested = true;

    internal async Task RunAsync(Func<Task<MultipartUpload>> create, Action<Action> post)
    {
        try
        {
            Upload = await create();
        }
        catch (OperationCanceledException)
        {
            // The pipeline was stopped; what is left to report is reported when the cmdlet ends.
        }
        catch (Exception e)
        {
            Failure = e;
        }

        _isFinished = true;
        post(finished);
    }
}
