using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;
using S3Multipart.Errors;
using S3Multipart.Formatting;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>How a run is limited, resumed, and stopped early.</summary>
public sealed partial class AddS3UploadPartCommand
{
    private readonly TextSet _targets = new();

    /// <summary>Stops an upload of which a part failed, so that nothing of it is billed.</summary>
    [Parameter]
    [Alias("AbortOnError")]
    public SwitchParameter StopOnError { get; set; }

    /// <summary>
    /// The most bytes to send in a second, over all parts in flight: at least 1 KB, in bytes or with a unit (50MB), or a timetable of the
    /// day in local time: @{ '08:00' = '5MB'; '19:00' = 'unlimited' }.
    /// </summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = ValueSet)]
    [Parameter(ParameterSetName = StreamSet)]
    [BandwidthTransformation]
    public BandwidthLimit? MaxBandwidth { get; set; }

    private protected override RunLimits Limits => RunLimits.For(ThrottleLimit, MaxBandwidth);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _inputs.ForEach(input => input.Dispose());
    }

    private void WarnIfAgain(MultipartUpload upload)
    {
        if (PartNumber is not null)
        {
            // With part numbers other lines may send the rest, so nothing is unfinished here.
            return;
        }

        Unfinished.Begin(upload);
        if (ParameterSetName == FileSet && !_targets.Add(upload.ToString()))
        {
            WriteWarning($"Another upload of '{upload}' was sent to in this pipeline already. Only the one completed last will be the "
                + "object; choose one with -UploadId, and stop the other.");
        }
    }

    /// <summary>Passes the results of the parts to the pipeline thread.</summary>
    private sealed class Sink(AddS3UploadPartCommand cmdlet, UploadProgress progress, string target) : ITransferSink
    {
        public void Stored(UploadPart part)
        {
            if (part.Resumed)
            {
                progress.Keep(part);
            }
            else
            {
                progress.Store(part);
            }

            cmdlet.Shared.Succeed(part.BucketName);
            cmdlet.Pipeline.Post(() => cmdlet.WriteLast(() => cmdlet.WriteObject(ViewName.WithoutChecksum(part))));
        }

        public void Failed(MultipartUpload upload, Exception failure, int? partNumber)
        {
            progress.Fail();
            // Each upload that was sent to is reported, because it has a line of its own that resumes it; the next ones are not tried.
            cmdlet.Shared.Fail(upload.BucketName, upload.Key, failure);
            Exception explained = UploadFailure.OfPart(failure, upload, partNumber);
            cmdlet.Unfinished.Fail(upload, explained);
            cmdlet.Pipeline.Post(() => cmdlet.WriteUploadFailure(explained, upload, target));
        }

        public void Unchanged(MultipartUpload upload, MultipartUpload unchanged)
        {
            progress.Fail();
            cmdlet.Unfinished.Ended(upload);
            cmdlet.Pipeline.Post(() => cmdlet.WriteLast(() => cmdlet.WriteObject(unchanged)));
        }

        public void EncryptionUnseen(MultipartUpload upload) => cmdlet.ReportEncryptionUnseen(upload);

        public void Resumed(MultipartUpload upload, ResumeReport report) => cmdlet.Pipeline.Post(() => cmdlet.WriteResumed(upload, report));

        public void Moved(MultipartUpload upload, long bytes) => progress.Move(bytes);
    }
}
