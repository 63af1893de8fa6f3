using System.Collections.Concurrent;
using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Inputs;
using S3Multipart.Names;
using S3Multipart.Pipeline;
using S3Multipart.Store;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>
/// <para type="synopsis">Completes a multipart upload: S3 puts the object together from its parts.</para>
/// <para type="description">Takes parts, grouped by upload, and completes each upload as soon as it holds all its parts; or takes
/// uploads and lists their parts itself. What is not whole is never completed: the error names what is missing, and the parts
/// stay.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Complete, "S3MultipartUpload", DefaultParameterSetName = PartSet, SupportsShouldProcess = true)]
[OutputType(typeof(CompletedUpload))]
public sealed class CompleteS3MultipartUploadCommand : S3TransferCmdlet
{
    private const string PartSet = "Part";
    private const string UploadSet = "Upload";
    private const string UploadIdSet = "UploadId";

    private static readonly ConcurrentDictionary<string, bool> s_toldEndpoints = new();

    private readonly Dictionary<UploadTarget, PartGroup> _groups = [];

    /// <summary>
    /// <para type="description">The parts of the object, as Add-S3UploadPart or Get-S3UploadPart emits them.</para>
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PartSet)]
    [PartTransformation]
    public UploadPart[]? Part { get; set; }

    /// <summary>
    /// <para type="description">The upload, whose parts are then listed. S3's advice is to complete from the parts as they were sent; a
    /// list cannot tell whether more were to come, so that an upload whose parts all have the same size needs MpuObjectSize.</para>
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
    /// <para type="description">Completes only if no object has the key (If-None-Match: *); S3 answers PreconditionFailed
    /// otherwise.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>
    /// <para type="description">Completes only if the object that has the key now has this ETag.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IfMatch { get; set; }

    /// <summary>
    /// <para type="description">The size that the whole object must have, in bytes or with a unit. 
    /// Compared with the parts, and by S3.</para>
    /// </summary>
    [Parameter]
    [Alias("ObjectSize")]
    [ByteSizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long? MpuObjectSize { get; set; }

    /// <summary>
    /// <para type="description">Reads the file once more before the upload is completed and compares each part with what S3 holds, by its
    /// checksum or by its MD5 ETag; afterwards compares the object's ETag where S3 gives no checksum. For stores without checksums.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>
    /// <para type="description">The customer key (SSE-C) of an upload that comes from elsewhere: 32 bytes, their base64, or a SecureString
    /// of that.</para>
    /// </summary>
    [Parameter]
    [Alias("ServerSideEncryptionCustomerProvidedKey")]
    [SseCustomerKeyTransformation]
    public SseCustomerKey? SseCustomerKey { get; set; }

    /// <summary>
    /// <para type="description">Sends a customer key over plain http to another machine too, with a warning.</para>
    /// </summary>
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
                CompleteListed(new MultipartUpload { BucketName = BucketName!, Key = Key!, UploadId = UploadId! });
                break;
            case UploadSet:
                CompleteListed(Upload!);
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
        // Groups that never became whole by count: the parts of an unknown number, or what an error left.
        foreach (PartGroup group in _groups.Values.Where(group => !group.IsTaken).ToArray())
        {
            CompleteGroup(group);
            AwaitRoom();
        }

        Drain();
    }

    private void Take(UploadPart part)
    {
        UploadTarget target = new(part.BucketName, part.Key, part.UploadId);
        if (!_groups.TryGetValue(target, out PartGroup? group))
        {
            _groups.Add(target, group = new PartGroup(part));
        }

        if (group.IsTaken)
        {
            WriteFailure(Failure.PartTooLate(part.ToString()), part);
            return;
        }

        group.Add(part);
        if (group.IsWhole && !group.IsTaken)
        {
            CompleteGroup(group);
        }
    }

    private void CompleteGroup(PartGroup group)
    {
        MultipartUpload upload = group.Upload;
        List<StoredPart> parts = group.TakeParts();
        Start(
            upload,
            (reached, store, terms, token) => Completion.RunAsync(
                store, reached, parts, terms with { PartCount = group.PartCount, PartsAreAll = !group.IsListed }, token),
            () => parts.Sum(part => part.Size));
    }

    private void CompleteListed(MultipartUpload upload)
    {
        long? size = null;
        Start(
            upload,
            async (reached, store, terms, token) =>
            {
                List<StoredPart> parts = [];
                string? type = null;
                await foreach (PartPage page in PartList.PagesAsync(store, reached.Target, token))
                {
                    parts.AddRange(page.Parts);
                    type = page.ChecksumType;
                }

                size = parts.Sum(part => part.Size);
                return await Completion.RunAsync(store, reached, parts, terms with { ListedChecksumType = type }, token);
            },
            () => size);
    }

    /// <summary>The conditions, for the line that completes the upload later.</summary>
    private string Condition => NoClobber ? " -NoClobber" : IfMatch is null ? "" : " -IfMatch " + ResumeLine.Quote(IfMatch);

    private protected override bool Completes => true;

    /// <summary>Warns once per endpoint and process, because it holds for all that is sent there.</summary>
    private void WarnOfSize(CompletedUpload completed, S3Connection connection)
    {
        if (completed.Evidence == Evidence.Size.ToString() && s_toldEndpoints.TryAdd(connection.EndpointUrl ?? "", true))
        {
            string store = connection.EndpointUrl ?? "The store";
            WriteWarning($"{store} tells nothing of a completed object but its size, so its bytes are not proven: '{completed}'.");
        }
    }

    private CompletionTerms TermsAt(S3Connection connection) => new()
    {
        IfMatch = IfMatch,
        IfNoneMatch = NoClobber,
        LooksFirst = connection.EndpointUrl is not null,
        ObjectSize = MpuObjectSize,
        Verify = Verify,
    };

    private void Start(
        MultipartUpload given,
        Func<MultipartUpload, IObjectStore, CompletionTerms, CancellationToken, Task<CompletedUpload>> complete,
        Func<long?> size)
    {
        string target = given.ToString();
        try
        {
            if (!ShouldChange(target, "Complete multipart upload"))
            {
                WarnOfLeft(given);
                return;
            }

            MultipartUpload upload = Reach(given);
            GiveKey(upload, SseCustomerKey, Force);
            S3Connection connection = upload.Connection!;
            IObjectStore store = StoreOf(connection);
            CompletionTerms terms = TermsAt(connection);
            Unfinished.Begin(upload);
            Scheduler.Open(async token =>
            {
                try
                {
                    CompletedUpload completed = await complete(upload, store, terms, token);
                    Unfinished.Ended(upload);
                    Pipeline.Post(() =>
                    {
                        WarnOfSize(completed, connection);
                        WriteObject(completed);
                    });
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    // The pipeline was stopped; nobody is left to tell.
                }
                catch (Exception e)
                {
                    upload.Progress.IsCompleting = false;
                    Exception explained = UploadFailure.OfCompletion(e, upload, MpuObjectSize ?? upload.Length ?? size(), Condition);
                    Unfinished.Fail(upload, explained);
                    Pipeline.Post(() => WriteUploadFailure(explained, upload, target));
                }
            });
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, target);
        }
    }

    /// <summary>The parts of one upload as they come in; a number that comes again replaces the earlier one, as in S3.</summary>
    private sealed class PartGroup(UploadPart first)
    {
        private readonly Dictionary<int, UploadPart> _parts = [];
        private bool _mayGoOn;

        internal MultipartUpload Upload { get; } = first.Upload ?? new MultipartUpload
        {
            BucketName = first.BucketName,
            Key = first.Key,
            UploadId = first.UploadId,
            Region = first.Region,
            EndpointUrl = first.EndpointUrl,
            ProfileName = first.ProfileName,
        };

        internal int? PartCount { get; private set; }

        internal bool IsListed { get; private set; }

        internal bool IsTaken { get; private set; }

        /// <summary>True once nothing more can come: parts that were sent by number, or elsewhere, may not be all there are.</summary>
        internal bool IsWhole => !_mayGoOn && _parts.Count == PartCount;

        internal void Add(UploadPart part)
        {
            _parts[part.PartNumber] = part;

            // What comes from a list, or from another process, may be the first of more: nothing here knows how its sending ended.
            IsListed |= part.IsListed || part.Upload is null;
            _mayGoOn |= part.IsSelected || part.Upload is null;
            PartCount = part.PartCount ?? PartCount ?? Upload.Progress.PartCount;
        }

        internal List<StoredPart> TakeParts()
        {
            IsTaken = true;
            List<StoredPart> parts = [.. _parts.Values.Select(PartList.ToStored)];
            _parts.Clear();
            return parts;
        }
    }
}
