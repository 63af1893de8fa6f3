using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Planning;
using S3Multipart.Core.Text;
using S3Multipart.Errors;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>Begins a multipart upload.</summary>
[Cmdlet(VerbsCommon.New, "S3MultipartUpload", DefaultParameterSetName = BucketDefaultSet, SupportsShouldProcess = true)]
[OutputType(typeof(MultipartUpload))]
public sealed class NewS3MultipartUploadCommand : S3UploadCmdlet
{
    private OrderedOutput<PendingUpload, MultipartUpload>? _output;

    /// <summary>The bucket.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string BucketName { get; set; } = "";

    /// <summary>The object's key: text, or for piped input a script block over the input, such as { 'images/' + $_.Name }.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

    /// <summary>Text put before each key, such as images/.</summary>
    [Parameter]
    public string? KeyPrefix { get; set; }

    /// <summary>Files to upload; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>A file to upload, its name taken as it is.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [PathTransformation]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>
    /// Leaves an object as it is that holds just the bytes of the file already; else resumes the oldest upload in progress of the same
    /// key, storage class and checksum; begins one only where there is neither.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Sends customer keys and KMS requests over plain http to another machine too, with a warning.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool AllowsPlainHttp => Force;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _output = new OrderedOutput<PendingUpload, MultipartUpload>(Pipeline.Post, WriteObject, WriteFailureOnce);
        WarnOfBackslash(nameof(KeyPrefix), KeyPrefix);
        WarnOfBackslash(nameof(Key), Key);
        if (Path is not null && LiteralPath is not null)
        {
            ThrowTerminatingFailure(ParameterFailure.PathAndLiteralPath());
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ReadEncryptionInput();
        if (Path is null && LiteralPath is null)
        {
            if (Key is not null && System.IO.Path.IsPathRooted(Key) && File.Exists(Key))
            {
                WriteFailure(ParameterFailure.KeyIsPath(Key), Key);
                return;
            }

            Begin(path: null);
        }

        foreach (string path in LiteralPath ?? [])
        {
            Begin(path);
        }

        foreach (string path in Path ?? [])
        {
            foreach (string file in FileArgument.Expand(this, path, e => WriteFailure(e, path)))
            {
                Begin(file);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Drain();
        WriteNotTried();
    }

    private void Begin(string? path)
    {
        string target = path ?? S3Uri.Of(BucketName, Key);
        try
        {
            string? file = path is null ? null : FileArgument.Resolve(this, path);
            target = file ?? target;
            FileStamp? stamp = file is null ? null : FileArgument.StampOf(file);
            PartPlan? plan = stamp is { } found ? PartPlan.For(found.Length, PartSize) : null;
            BucketAddress bucket = BucketAddress.Parse(BucketName);
            string? key = Key is not null ? KeyPrefix + Key : null;
            CreateInput input = InputOf(bucket, key, file, KeyPrefix, root: null, stamp, plan) with { IsResume = Resume };
            target = S3Uri.Of(input.BucketName, input.Key);
            S3Connection connection = Check(bucket, input);
            if (!ShouldChange(target, file is null ? "Create multipart upload" : $"Create multipart upload of {file}"))
            {
                return;
            }

            if (Shared.Skip(bucket.Name))
            {
                return;
            }

            PendingUpload pending = new(target, connection, bucket.Name);
            IUploadClient client = ClientOf(connection);
            Run.Start(_output!.Add(pending, token => BeginAsync(client, pending, input, token)));
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, target);
        }

        AwaitRoom();
    }

    private async Task<MultipartUpload> BeginAsync(IUploadClient client, PendingUpload pending, CreateInput input, CancellationToken token)
    {
        // Inputs that waited in the queue are not tried either.
        Shared.ThrowIfKnown(input.BucketName);
        try
        {
            MultipartUpload upload = await FindOrCreateAsync(client, pending, input, token);
            Shared.Succeed(input.BucketName);
            return upload;
        }
        catch (S3MultipartException e)
        {
            Shared.Fail(input.BucketName, input.Key, e);
            throw;
        }
    }

    private async Task<MultipartUpload> FindOrCreateAsync(
        IUploadClient client, PendingUpload pending, CreateInput input, CancellationToken token)
    {
        ObjectSearch? there = Resume && input.Plan is not null ? await FindObjectAsync(client, input, KeyPrefix, token) : null;
        if (there is { Unchanged: { } unchanged })
        {
            return unchanged;
        }

        if (there is null && NoClobber)
        {
            await client.CheckFreeAsync(input, token);
        }

        MultipartUpload upload = Resume ? await ResumeAsync(client, pending, input, token) : await CreateAsync(client, pending, input);
        if (there is not null)
        {
            ReportRefusal(there, input);
        }

        return upload;
    }

    private protected override IEnumerable<PendingUpload> TakePending()
    {
        foreach (OrderedOutput<PendingUpload, MultipartUpload>.Slot slot in _output?.TakeUnwritten() ?? [])
        {
            if (slot.Result is not null || slot.Failure is not null)
            {
                slot.Input.End(slot.Result);
            }

            yield return slot.Input;
        }
    }

    /// <summary>Writes a failure, unless it is one that later inputs share with an earlier one.</summary>
    private void WriteFailureOnce(Exception failure, PendingUpload pending)
    {
        if (Shared.IsToReport(pending.BucketName, failure))
        {
            WriteFailure(failure, pending.Target);
        }
    }
}
