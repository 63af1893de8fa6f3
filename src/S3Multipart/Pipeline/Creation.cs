namespace S3Multipart.Commands;

/// <summary>
/// One CreateMultipartUpload under way, so that uploads are written in the order of the input whichever answer comes first.
/// </summary>
internal sealed class Creation(string target, Action finished)
{
    private volatile bool _isFinished;

    internal string Target => target;

    internal bool IsFinished => _isFinished;

    internal MultipartUpload? Upload { get; private set; }

    internal Exception? Failure { get; private set; }

    internal async Task RunAsync(Func<Task<MultipartUpload>> create, Action<Action> post, CancellationToken cancellationToken)
    {
        try
        {
            Upload = await create();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The pipeline was stopped; nobody is left to tell.
        }
        catch (Exception e)
        {
            Failure = e;
        }

        _isFinished = true;
        post(finished);
    }
}
