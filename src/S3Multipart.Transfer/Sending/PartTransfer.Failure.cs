using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Comparing;
using S3Multipart.Transfer.Ending;

namespace S3Multipart.Transfer.Sending;

/// <summary>How an upload that has failed ends: reported, aborted first where that was requested, or found to be completed.</summary>
internal sealed partial class PartTransfer
{
    /// <summary>Reports a part that cannot be sent, which keeps no other from being sent.</summary>
    internal void Refuse(Exception failure) => sink.Failed(upload, failure, partNumber: null);

    /// <summary>Reports the failure once; before that, aborts the upload if that was requested.</summary>
    private void Report()
    {
        lock (_gate)
        {
            if (_isReported)
            {
                return;
            }

            _isReported = true;
        }

        if (_options.AbortOnError && _failure is not NoSuchUploadException)
        {
            scheduler.Open(AbortAsync);
        }
        else if (_failure is NoSuchUploadException && _state.IsShared && upload.LiteralPath is not null)
        {
            scheduler.Open(FindObjectAsync);
        }
        else
        {
            sink.Failed(upload, _failure!, _failedPart);
        }
    }

    /// <summary>Another run of the same line may have completed the upload.</summary>
    private async Task FindObjectAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await UnchangedObject.FindAsync(_state.Connection!, store, upload, cancellationToken) is { } unchanged)
            {
                sink.Unchanged(upload, unchanged);
                return;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is left to report is the failure.
        }

        sink.Failed(upload, _failure!, _failedPart);
    }

    private async Task AbortAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await Abortion.RunAsync(store, upload, countParts: false, ifInitiated: null, cancellationToken);
            _state.Transfer.IsAborted = true;
            sink.Failed(upload, _failure!, _failedPart);
        }
        catch (Exception e)
        {
            sink.Failed(upload, _failure!, _failedPart);
            if (e is not OperationCanceledException)
            {
                sink.Failed(upload, Failure.UploadNotStopped(upload.ToString(), e), null);
            }
        }
    }
}
