using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Comparing;
using S3Multipart.Transfer.Ending;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Sending;

/// <summary>
/// The first failure of an upload, and how the upload ends: reported, aborted first where that was requested, or found to be completed.
/// </summary>
internal sealed class FailedTransfer(
    MultipartUpload upload, IObjectStore store, ITransferSink sink, TransferScheduler scheduler, bool abortsUpload)
{
    private readonly UploadState _state = UploadState.Of(upload);
    private Exception? _failure;
    private int? _partNumber;
    private int _isReported;

    internal bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Takes a failure; false where an earlier one counts. Called under the lock of the transfer.</summary>
    internal bool TryTake(Exception failure, int? partNumber)
    {
        if (_failure is not null)
        {
            return false;
        }

        _partNumber = partNumber;
        Volatile.Write(ref _failure, failure);
        return true;
    }

    /// <summary>Reports the failure once; before that, aborts the upload if that was requested.</summary>
    internal void Report()
    {
        if (Interlocked.Exchange(ref _isReported, 1) != 0)
        {
            return;
        }

        if (abortsUpload && _failure is not NoSuchUploadException)
        {
            scheduler.Open(AbortAsync);
        }
        else if (_failure is NoSuchUploadException && _state.IsShared && upload.LiteralPath is not null)
        {
            scheduler.Open(FindObjectAsync);
        }
        else
        {
            Tell();
        }
    }

    private void Tell() => sink.Failed(upload, _failure!, _partNumber);

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

        Tell();
    }

    private async Task AbortAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await Abortion.RunAsync(store, upload, countParts: false, ifInitiated: null, cancellationToken);
            _state.Transfer.IsAborted = true;
            Tell();
        }
        catch (Exception e)
        {
            Tell();
            if (e is not OperationCanceledException)
            {
                sink.Failed(upload, Failure.UploadNotStopped(upload.ToString(), e), null);
            }
        }
    }
}
