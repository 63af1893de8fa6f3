using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;

namespace S3Multipart.Commands;

/// <summary>How a run is bounded, resumed, and ended before its time.</summary>
public sealed partial class AddS3UploadPartCommand
{
    private const long LeastPerConnection = 8 << 20;

    private readonly HashSet<(string, string)> _targets = [];

    /// <summary>Stops an upload of which a part failed, so that nothing of it is billed.</summary>
    [Parameter]
    [Alias("AbortOnError")]
    public SwitchParameter StopOnError { get; set; }

    /// <summary>The most bytes to send in a second, over all parts in flight: at least 1 KB, in bytes or with a unit (50MB).</summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = ValueSet)]
    [Parameter(ParameterSetName = StreamSet)]
    [ByteSizeTransformation]
    [ValidateRange(1024, long.MaxValue)]
    public long? MaxBandwidth { get; set; }

    /// <summary>As few parts at a time as carry what is allowed: many that share little would all be stored only at the end.</summary>
    private protected override RunLimits Limits => new(
        MaxBandwidth is long most ? (int)Math.Clamp(most / LeastPerConnection, 1, ThrottleLimit) : ThrottleLimit, MaxBandwidth);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _input?.Dispose();
    }

    private void WarnIfAgain(MultipartUpload upload)
    {
        if (PartNumber is not null)
        {
            // Whoever names the parts knows of the others.
            return;
        }

        Unfinished.Begin(upload);
        if (ParameterSetName == FileSet && !_targets.Add((upload.BucketName, upload.Key)))
        {
            WriteWarning($"Another upload of '{upload}' was sent to in this pipeline already. Only the one completed last will be the "
                + "object; choose one with -UploadId, and stop the other.");
        }
    }

    private void WriteResumed(MultipartUpload upload, ResumeReport report)
    {
        WriteVerbose(Failure.Invariant(
            $"Went on with '{upload}': {report.Reused} of {report.Plan.Count} parts were in S3 and the same as in '{report.Path}'."));
        if (report.Differing > 0)
        {
            WriteWarning(Failure.Invariant($"{report.Differing} part(s) that S3 held of '{upload}' were not those of '{report.Path}', ")
                + "or could not be compared, and were sent again.");
        }

        if (report.RequestedPartSize is long requested && requested != report.Plan.PartSize)
        {
            WriteWarning($"'{upload}' continues in parts of {ByteSize.Format(report.Plan.PartSize)}, as S3 holds them, "
                + $"and not of {ByteSize.Format(requested)}.");
        }
    }
}
