using System.Management.Automation;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Text;
using S3Multipart.Errors;
using S3Multipart.Formatting;
using S3Multipart.Isolation;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>A cmdlet whose requests overlap: it takes more input while earlier requests are still in flight.</summary>
public abstract partial class S3TransferCmdlet : S3Cmdlet
{
    private ITransferRun? _run;
    private bool _isWarningSilent;
    private UnfinishedUploads? _unfinished;

    private protected S3TransferCmdlet()
    {
    }

    /// <summary>The most requests of this cmdlet in flight at a time, over all its input: 1 to 256.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    private protected ITransferRun Run => _run ??= EngineLoader.Engine.StartRun(Limits, Pipeline.Wake, StopToken);

    private protected virtual RunLimits Limits => new(ThrottleLimit);

    /// <summary>What this cmdlet has begun and not ended, for the warnings when it is stopped.</summary>
    private protected UnfinishedUploads Unfinished => _unfinished ??= new UnfinishedUploads(Completes);

    /// <summary>What fails for all inputs of a bucket alike.</summary>
    private protected SharedFailures Shared { get; } = new();

    /// <summary>True for the cmdlet that completes uploads.</summary>
    private protected virtual bool Completes => false;

    /// <summary>True for a cmdlet that resumes by itself when its line is run again.</summary>
    private protected virtual bool IsRepeatable => false;

    private protected override bool IsBusy => _run is { IsIdle: false };

    /// <summary>Writes what has finished, and returns when there is room for more input.</summary>
    private protected void AwaitRoom() => Pipeline.PumpWhile(() => StopToken.IsCancellationRequested ? IsBusy : _run is { HasRoom: false });

    /// <summary>Writes what finishes until everything has.</summary>
    private protected void Drain() => Pipeline.PumpWhile(() => IsBusy);

    /// <summary>Reports at the end how many inputs were not tried.</summary>
    private protected void WriteNotTried()
    {
        foreach ((string bucketName, S3MultipartException failure) in Shared.TakeSummaries(IsRepeatable))
        {
            WriteFailure(failure, S3Uri.Of(bucketName, key: null));
        }
    }

    /// <summary>Completes an upload when its turn has come.</summary>
    /// <param name="client">The operations.</param>
    /// <param name="upload">The upload.</param>
    /// <param name="parts">Its parts; null to list them.</param>
    /// <param name="options">What is demanded of it.</param>
    /// <param name="size">The bytes of the whole, where they are known.</param>
    /// <param name="done">Takes the object, on the pipeline thread.</param>
    /// <param name="failed">Takes the failure with the line that resumes the upload, on the pipeline thread.</param>
    /// <param name="token">Cancels the requests.</param>
    private protected async Task CompleteAsync(
        IUploadClient client, MultipartUpload upload, IReadOnlyList<UploadPart>? parts, CompletionOptions options, long? size,
        Action<CompletedUpload> done, Action<Exception> failed, CancellationToken token)
    {
        try
        {
            CompletedUpload completed = await client.CompleteAsync(upload, parts, options, token);
            Unfinished.Ended(upload);
            Pipeline.Post(() => done(completed));
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The pipeline was stopped; there is nobody to report to.
        }
        catch (Exception e)
        {
            TransferState state = UploadState.Of(upload).Transfer;
            state.IsCompleting = false;
            string condition = options.IfNoneMatch ? " -NoClobber"
                : options.IfMatch is { } etag ? " -IfMatch " + ResumeLine.Quote(etag) : "";
            Exception explained = UploadFailure.OfCompletion(e, upload, size ?? state.CompletedBytes, condition);
            Unfinished.Fail(upload, explained);
            Pipeline.Post(() => failed(explained));
        }
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();

        // Read now, because the last warnings are written when the session may not be read any more.
        object? preference = MyInvocation.BoundParameters.GetValueOrDefault("WarningAction") ?? GetVariableValue("WarningPreference");
        _isWarningSilent = LanguagePrimitives.TryConvertTo(preference, out ActionPreference action)
            && action is ActionPreference.SilentlyContinue or ActionPreference.Ignore;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);

        foreach (string message in _unfinished?.TakeMessages() ?? [])
        {
            WarnHost(message);
        }
    }

    /// <summary>A pipeline that was stopped takes no more output, so the last warnings go to the host, if there is one that shows
    /// them.</summary>
    private protected void WarnHost(string message)
    {
        if (!_isWarningSilent)
        {
            HostConsole.Warn(Host, message);
        }
    }

    /// <summary>
    /// Writes the failure of an upload, which counts as reported only once it is written: where the pipeline has ended, it stays
    /// for the last warnings.
    /// </summary>
    private protected void WriteUploadFailure(Exception failure, MultipartUpload upload, object target)
    {
        bool isWritten = true;
        try
        {
            WriteFailure(failure, target);
        }
        catch (PipelineStoppedException)
        {
            isWritten = false;
            throw;
        }
        finally
        {
            if (isWritten)
            {
                Unfinished.Ended(upload);
            }
        }
    }

    /// <summary>
    /// Warns of an upload that an earlier command of the pipeline has begun and that stays as it is, because of -WhatIf or an answer.
    /// One that the user has in a variable needs no warning.
    /// </summary>
    private protected void WarnOfLeft(MultipartUpload upload)
    {
        bool isPiped = MyInvocation is { ExpectingInput: true, PipelinePosition: > 1 };
        if (isPiped && UploadState.Of(upload) is var state && (state.IsNew || state.Transfer.HasBegun) && state.Transfer.ReportLeftOnce())
        {
            WriteWarning($"'{upload}' was begun before this and stays in S3 as it is. To remove it: {ResumeLine.Stop(upload)}");
        }
    }
}
