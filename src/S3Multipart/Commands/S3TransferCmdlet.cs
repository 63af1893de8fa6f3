using System.Management.Automation;
using System.Management.Automation.Host;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>A cmdlet whose requests overlap: input is taken on while earlier requests are still in flight.</summary>
public abstract class S3TransferCmdlet : S3Cmdlet
{
    private TransferScheduler? _scheduler;

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
    private protected UnfinishedUploads Unfinished { get; } = new();

    private protected override bool IsBusy => !Scheduler.IsIdle;

    /// <summary>Writes what has finished, and returns when there is room for more input.</summary>
    private protected void AwaitRoom() => Pipeline.PumpWhile(() => StopToken.IsCancellationRequested ? IsBusy : !Scheduler.HasRoom);

    /// <summary>Writes what finishes until everything has.</summary>
    private protected void Drain() => Pipeline.PumpWhile(() => IsBusy);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);

        // A pipeline that was stopped takes no more output, so the last words go to the host, if there is one that shows them.
        if (Unfinished.Words is { } words)
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
    }
}
