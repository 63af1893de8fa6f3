using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Errors;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>Completes a multipart upload: S3 puts the object together from its parts.</summary>
[Cmdlet(VerbsLifecycle.Complete, "S3MultipartUpload", DefaultParameterSetName = PartSet, SupportsShouldProcess = true)]
[OutputType(typeof(CompletedUpload))]
public sealed class CompleteS3MultipartUploadCommand : S3TransferCmdlet
{
    private const string PartSet = "Part";
    private const string UploadSet = "Upload";
    private const string UploadIdSet = "UploadId";

    private readonly PartGroups _groups = new();

    /// <summary>The parts of the object, as Add-S3UploadPart or Get-S3UploadPart emits them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PartSet)]
    [PartTransformation]
    public UploadPart[]? Part { get; set; }

    /// <summary>The upload, whose parts are then listed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = UploadSet)]
    [UploadTransformation]
    public MultipartUpload? Upload { get; set; }

    /// <summary>
    /// The bucket of the upload. An upload or a part names its own, beside which that of $PSDefaultParameterValues counts for nothing.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UploadIdSet)]
    [Parameter(ParameterSetName = PartSet)]
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

    /// <summary>Completes only if no object has the key (If-None-Match: *); S3 answers PreconditionFailed otherwise.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Completes only if the object that has the key now has this ETag.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IfMatch { get; set; }

    /// <summary>The size that the whole object must have, in bytes or with a unit.</summary>
    [Parameter]
    [Alias("ObjectSize")]
    [ByteSizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long? MpuObjectSize { get; set; }

    /// <summary>
    /// Reads the file once more before the upload is completed and compares each part with what S3 holds, by its checksum or by its MD5
    /// ETag; afterwards compares the object's ETag where S3 gives no checksum.
    /// </summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>
    /// The customer key (SSE-C) of an upload that comes from elsewhere: 32 bytes, their base64, or a SecureString of that.
    /// </summary>
    [Parameter]
    [Alias("ServerSideEncryptionCustomerProvidedKey")]
    [SseCustomerKeyTransformation]
    public SseCustomerKey? SseCustomerKey { get; set; }

    /// <summary>Sends a customer key over plain http to another machine too, with a warning.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _ = HeaderText.Check(nameof(IfMatch), IfMatch);
            if (NoClobber && IfMatch is not null)
            {
                throw ParameterFailure.NoClobberAndIfMatch();
            }
        }
        catch (S3MultipartException e)
        {
            ThrowTerminatingFailure(e);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case UploadIdSet:
                Start(new MultipartUpload { BucketName = BucketName!, Key = Key!, UploadId = UploadId! }, parts: null, Options);
                break;
            case UploadSet when Upload!.IsUnchanged:
                LeaveAsItIs(Upload);
                break;
            case UploadSet:
                Start(Upload!, parts: null, Options);
                break;
            default:
                foreach (UploadPart part in Part!)
                {
                    Take(part);
                }

                break;
        }

        AwaitRoom();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Groups that never had all parts by count: those of an unknown number, or what an error left.
        foreach (PartGroup group in _groups.Open)
        {
            CompleteGroup(group);
            AwaitRoom();
        }

        Drain();
    }

    private void Take(UploadPart part)
    {
        if (!_groups.TryAdd(part, out PartGroup? whole))
        {
            WriteFailure(Failure.PartTooLate(part.ToString()), part);
        }
        else if (whole is not null)
        {
            CompleteGroup(whole);
        }
    }

    private void CompleteGroup(PartGroup group)
    {
        CompletionOptions options = Options with { PartCount = group.PartCount, PartsAreAll = !group.IsListed };
        Start(group.Upload, group.Parts, options);
    }

    private CompletionOptions Options => new() { IfMatch = IfMatch, ObjectSize = MpuObjectSize, Verify = Verify };

    /// <summary>True where no object may be replaced: as the parameters say, else as the upload was begun.</summary>
    private bool KeepsObject(MultipartUpload upload) =>
        MyInvocation.BoundParameters.ContainsKey(nameof(NoClobber)) ? NoClobber : IfMatch is null && upload.NoClobber;

    private protected override bool Completes => true;

    /// <summary>Emits the object of a file that did not need to be sent. Nothing is changed, so nothing is confirmed either.</summary>
    private void LeaveAsItIs(MultipartUpload given)
    {
        // Parts that were sent to it before another run completed it are in no upload any more.
        _groups.Remove(given.BucketName, given.Key);
        try
        {
            CheckBucketGiven(given.BucketName, given.ToString());
            MultipartUpload upload = Reach(given);
            GiveKey(upload, SseCustomerKey, Force);
            if (MpuObjectSize is long size && size != upload.Length)
            {
                throw Failure.UnchangedSizeMismatch(upload.ToString(), size, upload.Length);
            }

            IUploadClient client = ClientOf(upload);
            Run.Start(async token =>
            {
                try
                {
                    CompletedUpload unchanged = await client.CompleteAsync(upload, parts: null, Options, token);
                    Pipeline.Post(() => WriteObject(unchanged));
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    // The pipeline was stopped; nothing can be reported any more.
                }
                catch (Exception e)
                {
                    Pipeline.Post(() => WriteFailure(e, upload.ToString()));
                }
            });
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, given.ToString());
        }
    }

    /// <summary>Completes an upload from parts, or where there are none from the list of those that S3 holds.</summary>
    private void Start(MultipartUpload given, IReadOnlyList<UploadPart>? parts, CompletionOptions options)
    {
        string target = given.ToString();
        try
        {
            CheckBucketGiven(given.BucketName, target);
            MultipartUpload upload = Reach(given);
            GiveKey(upload, SseCustomerKey, Force);
            if (!ShouldChange(target, "Complete multipart upload"))
            {
                WarnOfLeft(given);
                return;
            }

            S3Connection connection = UploadState.Of(upload).Connection!;
            IUploadClient client = ClientOf(connection);
            options = options with { IfNoneMatch = KeepsObject(given), ChecksFirst = connection.EndpointUrl is not null };
            Unfinished.Begin(upload);
            Run.Start(token => CompleteAsync(
                client,
                upload,
                parts,
                options,
                MpuObjectSize ?? upload.Length,
                completed =>
                {
                    WarnOfSize(completed, connection);
                    WriteObject(completed);
                },
                failure => WriteUploadFailure(failure, upload, target),
                token));
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, target);
        }
    }
}
