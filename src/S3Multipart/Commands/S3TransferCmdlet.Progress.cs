using System.Collections.Concurrent;
using System.Management.Automation;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;
using S3Multipart.Formatting;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

public abstract partial class S3TransferCmdlet
{
    private static readonly ConcurrentDictionary<string, bool> s_reportedEndpoints = new();

    /// <summary>The bars; null for a cmdlet that shows none.</summary>
    private protected TransferProgress? Progress { get; private set; }

    /// <param name="isInputEnded">True where no more uploads will come than the first.</param>
    private protected void ShowProgress(bool isInputEnded)
    {
        int height = HostConsole.Ask(Host, terminal => terminal.WindowSize.Height);
        Progress = new TransferProgress(this, Requests, height, Cells.Measure(Host)) { IsInputEnded = isInputEnded };
    }

    private protected override void WriteFailure(Exception failure, object? target) => WriteLast(() => base.WriteFailure(failure, target));

    private protected override void OnTick()
    {
        base.OnTick();
        Progress?.Show();
    }

    /// <summary>Writes, and takes the bars away where that ends the pipeline, because nothing else of the cmdlet runs then.</summary>
    private protected void WriteLast(Action write)
    {
        try
        {
            write();
        }
        catch
        {
            try
            {
                Progress?.Close();
            }
            catch (PipelineStoppedException)
            {
                // The host takes away the bars of a pipeline that was stopped.
            }

            throw;
        }
    }

    /// <summary>Warns once per endpoint and process where a store proves no bytes, because it holds for all that is sent there.</summary>
    private protected void WarnOfSize(CompletedUpload completed, S3Connection connection)
    {
        if (completed.Evidence == Evidence.Size.ToString() && s_reportedEndpoints.TryAdd(connection.EndpointUrl ?? "", true))
        {
            string store = connection.EndpointUrl ?? "The store";
            WriteWarning($"{store} gives nothing of a completed object but its size, so its bytes are not proven: '{completed}'.");
        }
    }

    private protected void WriteResumed(MultipartUpload upload, ResumeReport report)
    {
        WriteVerbose(Failure.Invariant(
            $"Resumed '{upload}': {report.Reused:N0} of {Count.Of(report.Plan.Count, "part")} of '{report.Path}' already there."));
        if (report.Differing > 0)
        {
            WriteWarning($"{Count.Of(report.Differing, "part")} that S3 held of '{upload}' could not be compared with '{report.Path}' or "
                + "differed from it, and had to be sent again.");
        }

        if (report.RequestedPartSize is long requested && requested != report.Plan.PartSize)
        {
            WriteWarning($"'{upload}' continues in parts of {ByteSize.Format(report.Plan.PartSize)}, as S3 holds them, "
                + $"and not of {ByteSize.Format(requested)}.");
        }
    }

    private protected void ReportEncryptionUnseen(MultipartUpload upload) => Warn(
        $"Whether '{upload}', which was resumed, is encrypted as requested could not be seen: the store names no encryption.");
}
