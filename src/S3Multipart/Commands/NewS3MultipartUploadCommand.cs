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
public sealed partial class NewS3MultipartUploadCommand : S3TransferCmdlet
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private OrderedOutput<PendingUpload, MultipartUpload>? _output;
    private string? _root;
    private ObjectInput _object = new();
    private EncryptionInput _encryption = new();

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

    /// <summary>The folder that keys are made relative to, so that the folders below it are kept in the keys.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RelativeTo { get; set; }

    /// <summary>The size of each part but the last: 5 MiB to 5 GiB, in bytes or with a unit (64MB).</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? PartSize { get; set; }

    /// <summary>
    /// Leaves an object as it is that holds just the bytes of the file already; else resumes the oldest upload in progress of the same
    /// key, storage class and checksum; begins one only where there is neither.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>
    /// Begins nothing where an object has the key: the error is ObjectExists, except that with Resume an object with the bytes of the file
    /// is left as it is without one. Complete-S3MultipartUpload does not replace one either that has come meanwhile.
    /// </summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _output = new OrderedOutput<PendingUpload, MultipartUpload>(Pipeline.Post, WriteObject, WriteFailureOnce);
        try
        {
            if (PartSize is long size)
            {
                PartPlan.CheckPartSize(size);
            }

            if (Path is not null && LiteralPath is not null)
            {
                throw ParameterFailure.PathAndLiteralPath();
            }

            if ((ChecksumAlgorithm ?? ChecksumType) is not null)
            {
                _ = ChecksumAlgorithms.Choose(BucketType.GeneralPurpose, ChecksumAlgorithm, ChecksumType);
            }

            _object = ReadObject();
            _root = RelativeTo is null ? null : FileArgument.Resolve(this, RelativeTo);
        }
        catch (S3MultipartException e)
        {
            ThrowTerminatingFailure(e, RelativeTo);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            _encryption = ReadEncryption();
        }
        catch (S3MultipartException e)
        {
            ThrowTerminatingFailure(e);
        }

        if (Path is null && LiteralPath is null)
        {
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
            string key = KeyFor(file);
            target = S3Uri.Of(bucket.Name, key);
            CreateInput input = new()
            {
                BucketName = bucket.Name,
                Key = key,
                Object = _object,
                Encryption = _encryption,
                ChecksumAlgorithm = ChecksumAlgorithm,
                ChecksumType = ChecksumType,
                FileName = file,
                Plan = plan,
                Stamp = stamp,
                PartSize = PartSize,
                IsResume = Resume,
                NoClobber = NoClobber,
            };
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

    /// <summary>The key for a file. Two files of one pipeline with the same key would leave only one of them in the bucket.</summary>
    private string KeyFor(string? file)
    {
        string key = Key is not null ? KeyPrefix + Key
            : file is not null ? ObjectKey.ForFile(file, KeyPrefix, _root)
            : throw Failure.KeyMissing();
        ObjectKey.Check(key);
        return _keys.Add(BucketName + '/' + key) ? key : throw Failure.KeyNotUnique(key, file ?? "the input");
    }

    /// <summary>Refuses what this kind of bucket or this connection does not take, before anything is sent.</summary>
    private S3Connection Check(BucketAddress bucket, CreateInput input)
    {
        DirectoryBucketRules.Check(input);
        if ((ChecksumAlgorithm ?? ChecksumType) is not null)
        {
            _ = ChecksumAlgorithms.Choose(bucket.Type, ChecksumAlgorithm, ChecksumType);
        }

        S3Connection connection = ConnectionFor(bucket);
        if (input.Encryption.NeedsTls)
        {
            CheckTransport(connection, Force);
        }

        return connection;
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
