using System.Management.Automation;
using System.Management.Automation.Host;
using S3Multipart.Pipeline;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>A cmdlet whose requests overlap: input is taken on while earlier requests are still in flight.</summary>
public abstract class S3TransferCmdlet : S3Cmdlet
{
    private TransferScheduler? _scheduler;
    private UnfinishedUploads? _unfinished;

    private protected S3TransferCmdlet()
    {
    }

    /// <summary>
    /// <para type="description">The most requests of this cmdlet in flight at a time, over all its input: 1 to 256. Default 8.
    /// With 1, each input is done before the next is taken.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    private protected TransferScheduler Scheduler => _scheduler ??= new TransferScheduler(RequestsInFlight, Pipeline.Wake, StopToken);

    private protected virtual int RequestsInFlight => ThrottleLimit;

    /// <summary>What this cmdlet has begun and not ended, for its last words.</summary>
    private protected UnfinishedUploads Unfinished => _unfinished ??= new UnfinishedUploads(Completes);

    /// <summary>True for the cmdlet that completes uploads.</summary>
    private protected virtual bool Completes => false;

    private protected override bool IsBusy => !Scheduler.IsIdle;

    /// <summary>Writes what has finished, and returns when there is room for more input.</summary>
    private protected void AwaitRoom() => Pipeline.PumpWhile(() => StopToken.IsCancellationRequested ? IsBusy : !Scheduler.HasRoom);

    /// <summary>Writes what finishes until everything has.</summary>
    private protected void Drain() => Pipeline.PumpWhile(() => IsBusy);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);

        foreach (string words in _unfinished?.TakeWords() ?? [])
        {
            TellHost(words);
        }
    }

    /// <summary>A pipeline that was stopped takes no more output, so the last words go to the host, if there is one that shows
    /// them.</summary>
    private protected void TellHost(string words)
    {
        try
        {
            Host?.UI?.WriteWarningLine(words);
        }
        catch (Exception e)
            when (e is PSInvalidOperationException or NotImplementedException or PipelineStoppedException or HostException)
        {
        }
    }

    /// <summary>
    /// Writes the failure of an upload, which is told only then: one that the end of the pipeline keeps from being written stays among the
    /// last words.
    /// </summary>
    private protected void WriteUploadFailure(Exception failure, MultipartUpload upload, object target)
    {
        bool isTold = true;
        try
        {
            WriteFailure(failure, target);
        }
        catch (PipelineStoppedException)
        {
            isTold = false;
            throw;
        }
        finally
        {
            if (isTold)
            {
                Unfinished.Ended(upload);
            }
        }
    }

    /// <summary>
    /// Tells of an upload that an earlier command of the pipeline has begun and that is left as it is, because nothing was to be changed.
    /// Of one that the user has in a variable he knows.
    /// </summary>
    private protected void WarnOfLeft(MultipartUpload upload)
    {
        bool isPiped = MyInvocation is { ExpectingInput: true, PipelinePosition: > 1 };
        if (isPiped && (upload.IsNew || upload.Progress.HasBegun) && upload.Progress.TellLeftOnce())
        {
            WriteWarning($"'{upload}' was begun before this and stays in S3 as it is. To remove it: {ResumeLine.Stop(upload)}");
        }
    }
}
