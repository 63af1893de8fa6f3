using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Planning;
using S3Multipart.Core.Text;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>Compares files with objects of S3, without downloading a byte.</summary>
[Cmdlet(VerbsData.Compare, "S3Object", DefaultParameterSetName = CompletedUploadSet)]
[OutputType(typeof(ComparedObject), typeof(bool))]
public sealed class CompareS3ObjectCommand : S3TransferCmdlet
{
    // The default, because what Complete-S3MultipartUpload emits has all the properties that the other set takes too.
    private const string CompletedUploadSet = "CompletedUpload";
    private const string FileSet = "File";

    private OrderedOutput<CompareInput, ComparedObject>? _output;
    private string? _root;

    /// <summary>
    /// The bucket. What Complete-S3MultipartUpload has emitted is in a bucket of its own, unless another is given here, and not by
    /// $PSDefaultParameterValues.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = CompletedUploadSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string BucketName { get; set; } = "";

    /// <summary>The object's key; without it the file's name, or with RelativeTo its path.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

    /// <summary>Text put before each key, such as images/.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public string? KeyPrefix { get; set; }

    /// <summary>A file, its name taken as it is.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [Alias("PSPath", "FullName")]
    [PathTransformation]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The folder that keys are made relative to.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? RelativeTo { get; set; }

    /// <summary>The version of the object; without it the current one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    public string? VersionId { get; set; }

    /// <summary>
    /// What Complete-S3MultipartUpload has emitted: the object, its file and, in the same session, the connection and the customer key.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = CompletedUploadSet)]
    public CompletedUpload? CompletedUpload { get; set; }

    /// <summary>The size of the object's parts, in bytes or with a unit (64MB), where it is known.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? PartSize { get; set; }

    /// <summary>Emits $true for a file whose object is identical, and $false for any other.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The customer key (SSE-C) of the object: 32 bytes, their base64, or a SecureString of that.</summary>
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
        WarnOfBackslash(nameof(KeyPrefix), KeyPrefix);
        WarnOfBackslash(nameof(Key), Key);
        _output = new OrderedOutput<CompareInput, ComparedObject>(Pipeline.Post, Write, WriteFailureOnce);
        try
        {
            if (PartSize is long size)
            {
                PartPlan.CheckPartSize(size);
            }

            _root = FileArgument.ResolveRoot(this, RelativeTo);
        }
        catch (S3MultipartException e)
        {
            ThrowTerminatingFailure(e, RelativeTo);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (CompletedUpload is { } completed)
        {
            string? other = FindOtherBucket(completed.BucketName);
            Start(completed.LiteralPath, other ?? completed.BucketName, _ => completed.Key, completed.VersionId,
                other is null ? CompletedOrigin.Of(completed) : null);
        }

        foreach (string path in ParameterSetName == FileSet ? LiteralPath ?? [] : [])
        {
            Start(path, BucketName, KeyOf, VersionId, upload: null);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Drain();
        WriteNotTried();
    }

    private protected override bool IsRepeatable => true;

    private string KeyOf(string file)
    {
        string key = Key is null ? ObjectKey.ForFile(file, KeyPrefix, _root) : KeyPrefix + Key;
        ObjectKey.Check(key);
        return key;
    }

    private void Start(string? path, string bucketName, Func<string, string> keyOf, string? versionId, MultipartUpload? upload)
    {
        string target = path ?? bucketName;
        try
        {
            string file = target = FileArgument.Resolve(this, path ?? throw SourceFailure.PathMissing(CompletedUpload!.ToString()));
            BucketAddress bucket = BucketAddress.Parse(bucketName);
            if (Shared.Skip(bucket.Name))
            {
                return;
            }

            string key = keyOf(file);
            target = S3Uri.Of(bucket.Name, key);
            UploadState? state = upload is null ? null : UploadState.Of(Reach(upload));
            S3Connection connection = state?.Connection ?? ConnectionFor(bucket);
            CompareInput input = new(file, bucket.Name, key)
            {
                VersionId = versionId is { Length: > 0 } version ? HeaderText.Check(nameof(VersionId), version) : null,
                CustomerKey = SseCustomerKey ?? state?.CustomerKey,
                PartSize = PartSize ?? upload?.PartSize,
            };
            if (input.CustomerKey is not null)
            {
                DirectoryBucketRules.CheckCustomerKey(bucket.Type);
                CheckTransport(connection, Force);
            }

            IUploadClient client = ClientOf(connection);
            Run.Start(_output!.Add(input, token => CompareAsync(client, input, token)));
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, target);
        }

        AwaitRoom();
    }

    private async Task<ComparedObject> CompareAsync(IUploadClient client, CompareInput input, CancellationToken token)
    {
        Shared.ThrowIfKnown(input.BucketName);
        try
        {
            ComparedObject compared = await client.CompareAsync(input, token);
            Shared.Succeed(input.BucketName);
            return compared;
        }
        catch (S3MultipartException e) when (e is not AccessDeniedException)
        {
            // Who may not list a bucket is denied access to what is not there, so that says nothing of other keys.
            Shared.Fail(input.BucketName, input.Key, e);
            throw;
        }
    }

    private void WriteFailureOnce(Exception failure, CompareInput input)
    {
        if (Shared.IsToReport(input.BucketName, failure))
        {
            WriteFailure(failure, S3Uri.Of(input.BucketName, input.Key));
        }
    }

    private void Write(ComparedObject result) => WriteObject(Quiet ? result.IsIdentical == true : result);
}
