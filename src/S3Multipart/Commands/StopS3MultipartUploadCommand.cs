using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Inputs;
using S3Multipart.Names;
using S3Multipart.Store;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>
/// <para type="synopsis">Stops a multipart upload and frees its parts.</para>
/// <para type="description">Sends AbortMultipartUpload until S3 lists no part of the upload any more. What was uploaded is lost, so the
/// cmdlet asks first; Force answers.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "S3MultipartUpload", DefaultParameterSetName = UploadSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StoppedUpload))]
public sealed class StopS3MultipartUploadCommand : S3TransferCmdlet
{
    private const string UploadSet = "Upload";
    private const string UploadIdSet = "UploadId";

    /// <summary>
    /// <para type="description">The upload to stop.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = UploadSet)]
    [UploadTransformation]
    public MultipartUpload? Upload { get; set; }

    /// <summary>
    /// <para type="description">The bucket of the upload.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string? BucketName { get; set; }

    /// <summary>
    /// <para type="description">The key of the upload.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public string? Key { get; set; }

    /// <summary>
    /// <para type="description">The id of the upload.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = UploadIdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UploadIdCompleter))]
    public string? UploadId { get; set; }

    /// <summary>
    /// <para type="description">Does not ask. WhatIf still changes nothing.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para type="description">Emits each stopped upload with the parts and bytes that were freed, for which they are listed first.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>
    /// <para type="description">Stops the upload only if it began at this time, to the second. Directory buckets only.</para>
    /// </summary>
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

            if (ShouldChange(target, $"Abort multipart upload {upload.UploadId} and delete its parts", Force))
            {
                MultipartUpload reached = Reach(upload);
                GiveKey(reached, key: null, force: false);
                IObjectStore store = StoreOf(reached.Connection!);
                Scheduler.Open(token => StopAsync(store, reached, token));
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

    private async Task StopAsync(IObjectStore store, MultipartUpload upload, CancellationToken cancellation)
    {
        try
        {
            StoppedUpload stopped = await Abortion.RunAsync(store, upload, PassThru, IfMatchInitiatedTime?.ToUniversalTime(), cancellation);
            if (PassThru)
            {
                Pipeline.Post(() => WriteObject(stopped));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The pipeline was stopped; nobody is left to tell.
        }
        catch (Exception e)
        {
            Pipeline.Post(() => WriteFailure(e, upload.ToString()));
        }
    }
}
