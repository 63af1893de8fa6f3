using S3Multipart.Sources;
using S3Multipart.Store;

namespace S3Multipart.Commands;

/// <summary>One CreateMultipartUpload under way, so that uploads are written in the order of the input whichever answer comes
/// first.</summary>
internal sealed class Creation(string target, S3Connection connection, string bucketName, Action finished)
{
    private volatile bool _isFinished;
    private volatile bool _isRequested;

    internal string Target => target;

    internal S3Connection Connection => connection;

    internal string BucketName => bucketName;

    /// <summary>The state of the file that the upload is for.</summary>
    internal FileStamp? Stamp { get; init; }

    internal bool IsFinished => _isFinished;

    /// <summary>True once S3 was asked for an upload, and may have begun one whatever became of the answer.</summary>
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
            // The pipeline was stopped; what is left to tell is told when the cmdlet ends.
        }
        catch (Exception e)
        {
            Failure = e;
        }

        _isFinished = true;
        post(finished);
    }
}
