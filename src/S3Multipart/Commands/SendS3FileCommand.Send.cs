using System.Collections.Concurrent;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Objects;
using S3Multipart.Core.Text;
using S3Multipart.Errors;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>What becomes of a file: it is left as it is, sent by one request, or sent in parts and completed.</summary>
public sealed partial class SendS3FileCommand
{
    private readonly RunCount _count;
    private readonly ConcurrentDictionary<PendingUpload, bool> _pending = new();

    /// <summary>Makes the command.</summary>
    public SendS3FileCommand() => _count = new RunCount(Requests);

    private protected override bool Completes => true;

    private protected override bool IsRepeatable => true;

    private protected override IEnumerable<PendingUpload> TakePending() => _pending.Keys;

    private async Task SendAsync(FileSend send, CancellationToken token)
    {
        CreateInput input = send.Input;
        try
        {
            // Inputs that waited in the queue are not tried either.
            Shared.ThrowIfKnown(input.BucketName);
            ObjectSearch there = await FindObjectAsync(send.Client, input, KeyPrefix, token);
            if (there.Unchanged is { } unchanged)
            {
                await LeaveAsync(send, unchanged, token);
            }
            else if (IsWhatIf)
            {
                SendPlan plan = await send.Client.PlanAsync(input, send.IsPut, token);
                Pipeline.Post(() => WritePlan(send, plan));
            }
            else
            {
                await (send.IsPut ? PutAsync(send, token) : BeginAsync(send, token));
                ReportRefusal(there, input);
            }

            Shared.Succeed(input.BucketName);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The pipeline was stopped; what is left to report is reported when the cmdlet ends.
        }
        catch (Exception e)
        {
            Shared.Fail(input.BucketName, input.Key, e);
            Pipeline.Post(() => Fail(send, e, upload: null));
        }
    }

    private async Task LeaveAsync(FileSend send, MultipartUpload unchanged, CancellationToken token)
    {
        CompletedUpload completed = await send.Client.CompleteAsync(unchanged, parts: null, new CompletionOptions(), token);
        send.Progress.Keep(completed.Size);
        Pipeline.Post(() => End(send, completed));
    }

    private async Task PutAsync(FileSend send, CancellationToken token)
    {
        CompletedUpload completed;
        try
        {
            PutOptions options = new() { SendContentMD5 = ContentMD5, NeedsProof = Verify, Sent = send.Progress.Move };
            completed = await Run.PutAsync(send.Input, send.Client, options, token);
        }
        catch (PreconditionFailedException) when (NoClobber)
        {
            // Somebody else has made an object meanwhile, or a try whose response was lost has.
            ObjectSearch there = await send.Client.FindUnchangedAsync(send.Input, token);
            if (there.Unchanged is not { } unchanged)
            {
                throw Failure.ObjectExists(S3Uri.Of(send.Input.BucketName, send.Input.Key), there.Reason);
            }

            await LeaveAsync(send, unchanged, token);
            return;
        }

        ReportEncryption(send.Input, completed.Encryption);
        Pipeline.Post(() => End(send, completed));
    }

    private async Task BeginAsync(FileSend send, CancellationToken token)
    {
        CreateInput input = send.Input;
        PendingUpload pending = new(S3Uri.Of(input.BucketName, input.Key), send.Connection, input.BucketName);
        _ = _pending.TryAdd(pending, true);
        MultipartUpload upload;
        try
        {
            // A file that cannot be read is refused before anything is begun for it.
            _ = FileArgument.StampOf(send.Path);
            upload = await ResumeAsync(send.Client, pending, input, token);
            pending.End(upload);
        }
        catch (S3MultipartException)
        {
            _ = _pending.TryRemove(pending, out _);
            throw;
        }

        if (token.IsCancellationRequested)
        {
            return;
        }

        Unfinished.Begin(upload);
        _ = _pending.TryRemove(pending, out _);
        TransferState transfer = UploadState.Of(upload).Transfer;
        transfer.Source = new PartSource.File(send.Path);
        transfer.IsRepeatable = true;
        TransferOptions options = new() { SendContentMD5 = ContentMD5, AbortOnError = StopOnError };
        Run.Begin(upload, send.Client, options, new Sink(this, send, upload))
            .SendFile(new FileInput(send.Path, input.Plan!.Value, input.Stamp!.Value, PartNumbers: null, input.PartSize));
    }

    private Task CompleteAsync(FileSend send, MultipartUpload upload, IReadOnlyList<UploadPart> parts, CancellationToken token)
    {
        CompletionOptions options = new()
        {
            IfNoneMatch = NoClobber,
            ChecksFirst = send.Connection.EndpointUrl is not null,
            PartCount = parts.Count,
            PartsAreAll = true,
            Verify = Verify,
        };
        return CompleteAsync(
            send.Client, upload, parts, options, upload.Length,
            completed => End(send, completed), failure => Fail(send, failure, upload), token);
    }

    private void End(FileSend send, CompletedUpload completed)
    {
        send.Progress.End();
        WarnOfSize(completed, send.Connection);
        _count.Add(completed, send.ReusedParts);
        send.IsCounted = true;
        if (IsWhatIf)
        {
            _ = ShouldProcess(completed.ToString(), $"Leave as it is, because it holds the bytes of {send.Path}");
            return;
        }

        WriteReport(report => report.Write(send, completed));
        WriteLast(() => WriteObject(completed));
    }

    private void Fail(FileSend send, Exception failure, MultipartUpload? upload)
    {
        send.Progress.Fail();
        bool isToReport = upload is not null || Shared.IsToReport(send.Input.BucketName, failure);
        if (isToReport && !send.IsCounted)
        {
            send.IsCounted = true;
            _count.AddFailure();
        }

        WriteReport(report => report.Write(send, failure, isTried: isToReport));
        if (upload is not null)
        {
            WriteUploadFailure(failure, upload, send.Path);
        }
        else if (isToReport)
        {
            WriteFailure(failure, send.Path);
        }
    }

    private void WritePlan(FileSend send, SendPlan plan)
    {
        send.Progress.End();
        _count.Add(plan);
        string bytes = ByteSize.Format(plan.BytesSent);
        string parts = Failure.Invariant($"{plan.PartCount:N0} {(plan.PartCount == 1 ? "part" : "parts")}");
        string action = plan switch
        {
            { Outcome: UploadOutcome.Resumed } =>
                $"Resume {send.Path}, {bytes} in {parts}, {ByteSize.Format(plan.BytesReused)} there already",
            { PartCount: 0 } => $"Send {send.Path}, {bytes} by one request",
            _ => $"Send {send.Path}, {bytes} in {parts}",
        };
        _ = ShouldProcess(S3Uri.Of(send.Input.BucketName, send.Input.Key), action);
    }

    /// <summary>Writes to the report where there is one. A report that cannot be written to any more is reported once.</summary>
    private void WriteReport(Action<RunReport> write)
    {
        try
        {
            if (_report is { } report)
            {
                write(report);
            }
        }
        catch (S3MultipartException e)
        {
            _report!.Dispose();
            _report = null;
            WriteFailure(e, Report);
        }
    }

    /// <summary>Takes what becomes of the parts of one file, and completes its upload with the last.</summary>
    private sealed class Sink(SendS3FileCommand cmdlet, FileSend send, MultipartUpload upload) : ITransferSink
    {
        private readonly List<UploadPart> _parts = [];

        public void Stored(UploadPart part)
        {
            if (part.Resumed)
            {
                send.Progress.Keep(part);
            }
            else
            {
                send.Progress.Store(part);
            }

            UploadPart[]? whole = null;
            lock (_parts)
            {
                _parts.Add(part);
                send.ReusedParts += part.Resumed ? 1 : 0;
                if (_parts.Count == UploadState.Of(upload).Transfer.PartCount)
                {
                    whole = [.. _parts];
                }
            }

            if (whole is not null)
            {
                cmdlet.Run.Start(token => cmdlet.CompleteAsync(send, upload, whole, token));
            }
        }

        public void Failed(MultipartUpload failed, Exception failure, int? partNumber)
        {
            cmdlet.Shared.Fail(failed.BucketName, failed.Key, failure);
            Exception explained = UploadFailure.OfPart(failure, failed, partNumber);
            cmdlet.Unfinished.Fail(failed, explained);
            cmdlet.Pipeline.Post(() => cmdlet.Fail(send, explained, failed));
        }

        public void Unchanged(MultipartUpload gone, MultipartUpload unchanged)
        {
            cmdlet.Unfinished.Ended(gone);
            cmdlet.Run.Start(token => cmdlet.LeaveAsync(send, unchanged, token));
        }

        public void EncryptionUnseen(MultipartUpload resumed) => cmdlet.ReportEncryptionUnseen(resumed);

        public void Resumed(MultipartUpload resumed, ResumeReport report) =>
            cmdlet.Pipeline.Post(() => cmdlet.WriteResumed(resumed, report));

        public void Moved(MultipartUpload sent, long bytes) => send.Progress.Move(bytes);
    }
}
