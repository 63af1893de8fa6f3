using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Formatting;

namespace S3Multipart.Commands;

/// <summary>Stops a multipart upload and frees its parts.</summary>
[Cmdlet(VerbsLifecycle.Stop, "S3MultipartUpload", DefaultParameterSetName = UploadSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StoppedUpload))]
public sealed class StopS3MultipartUploadCommand : S3TransferCmdlet
{
    private const string UploadSet = "Upload";
    private const string UploadIdSet = "UploadId";

    private readonly Dictionary<string, (bool YesToAll, bool NoToAll)> _answers = new(StringComparer.Ordinal);

    /// <summary>The upload to stop.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = UploadSet)]
    [UploadTransformation]
    public MultipartUpload? Upload { get; set; }

    /// <summary>
    /// The bucket of the upload. An upload or a part names its own, beside which that of $PSDefaultParameterValues counts for nothing.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UploadIdSet)]
    [Parameter(ParameterSetName = UploadSet)]
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

            CheckBucketGiven(upload.BucketName, target);
            MultipartUpload reached = Reach(upload);
            GiveKey(reached, key: null, force: false);
            IUploadClient client = ClientOf(reached);
            if (ShouldAbort(client, reached, target))
            {
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

    /// <summary>
    /// Asks as PowerShell does, and says what would be lost. Of uploads from buckets that the user has not named, each bucket is a question
    /// of its own: yes to all, which PowerShell would keep for the whole call, holds for one bucket.
    /// </summary>
    private bool ShouldAbort(IUploadClient client, MultipartUpload upload, string target)
    {
        string action = $"Abort multipart upload {upload.Id} and delete its parts";
        if (Force || IsWhatIf || !IsAsked)
        {
            return ShouldChange(target, action, Force);
        }

        bool isOfManyBuckets = UploadState.Of(upload).IsOfManyBuckets;
        string answered = isOfManyBuckets ? upload.BucketName : "";
        (bool yesToAll, bool noToAll) = _answers.GetValueOrDefault(answered);
        if (yesToAll || noToAll)
        {
            return yesToAll;
        }

        string caption = isOfManyBuckets ? $"Abort uploads of the bucket '{upload.BucketName}'?" : "Abort the multipart upload?";
        string scope = isOfManyBuckets ? $" Yes to All and No to All hold for the bucket '{upload.BucketName}' alone." : "";
        bool isConfirmed = ShouldContinue(
            $"Performing the operation \"{action}\" on target \"{target}\". {Describe(client, upload)}{scope}",
            caption, ref yesToAll, ref noToAll);
        _answers[answered] = (yesToAll, noToAll);
        return isConfirmed;
    }

    /// <summary>How old the upload is and what S3 holds of it, which is looked up where it did not come with it.</summary>
    private string Describe(IUploadClient client, MultipartUpload upload)
    {
        string begun = upload.Initiated is null ? "" : $"It was begun {DisplayText.Age(upload.Initiated)} ago. ";
        MultipartUpload listed = upload;
        try
        {
            listed = upload.PartCount is null ? Pipeline.Wait(client.AddPartsAsync(upload, StopToken)) : upload;
        }
        catch (S3MultipartException e)
        {
            // Who may abort may perhaps not list, so the question is asked all the same.
            return $"{begun}What S3 holds of it could not be listed: {PlainText.Line(e.Message)}";
        }

        return $"{begun}S3 holds {Count.Of(listed.PartCount ?? 0, "part")} of it, {DisplayText.FullSize(listed.StoredBytes)}.";
    }

    /// <summary>Whether PowerShell would ask: by -Confirm, or by the preference of the session.</summary>
    private bool IsAsked => MyInvocation.BoundParameters.TryGetValue("Confirm", out object? bound)
        ? ((SwitchParameter)bound).IsPresent
        : LanguagePrimitives.TryConvertTo(GetVariableValue("ConfirmPreference"), out ConfirmImpact least) && least != ConfirmImpact.None;

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
