using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Commands;

/// <summary>Stops a multipart upload and frees its parts.</summary>
[Cmdlet(VerbsLifecycle.Stop, "S3MultipartUpload", DefaultParameterSetName = UploadSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StoppedUpload))]
public sealed class StopS3MultipartUploadCommand : S3TransferCmdlet
{
    private const string UploadSet = "Upload";
    private const string UploadIdSet = "UploadId";

    /// <summary>The upload to stop.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = UploadSet)]
    [UploadTransformation]
    public MultipartUpload? Upload { get; set; }

    /// <summary>The bucket of the upload.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string? BucketName { get; set; }

    /// <summary>The key of the upload.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public string? Key { get; set; }

    /// <summary>The id of the upload.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UploadIdCompleter))]
    public string? UploadId { get; set; }

    /// <summary>Does not ask for confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits each stopped upload with the parts and bytes that were freed, for which they are listed first.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Stops the upload only if it began at this time, to the second.</summary>
    [Parameter]
    public DateTime? IfMatchInitiatedTime { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        MultipartUpload upload = Upload ?? new MultipartUpload { BucketName = BucketName!, Key = Key!, UploadId = UploadId! };
        string target = upload.ToString();
        try
        {
            if (IfMatchInitiatedTime is not null && BucketAddress.Parse(upload.BucketName).Type != BucketType.Directory)
            {
                throw InputFailure.OnlyForDirectoryBuckets("IfMatchInitiatedTime");
            }

            if (ShouldChange(target, $"Abort multipart upload {upload.Id} and delete its parts", Force))
            {
                MultipartUpload reached = Reach(upload);
                GiveKey(reached, key: null, force: false);
                IUploadClient client = ClientOf(reached);
                Run.Start(token => AbortAsync(client, reached, token));
            }
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, target);
        }

        AwaitRoom();
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Drain();

    private async Task AbortAsync(IUploadClient client, MultipartUpload upload, CancellationToken cancellation)
    {
        try
        {
            StoppedUpload stopped = await client.AbortAsync(upload, PassThru, IfMatchInitiatedTime?.ToUniversalTime(), cancellation);
            if (PassThru)
            {
                Pipeline.Post(() => WriteObject(stopped));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The pipeline was stopped; nothing can be reported any more.
        }
        catch (Exception e)
        {
            Pipeline.Post(() => WriteFailure(e, upload.ToString()));
        }
    }
}
