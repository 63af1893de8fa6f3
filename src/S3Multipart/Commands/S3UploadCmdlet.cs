using System.Management.Automation;
using S3Multipart.Binding;
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

/// <summary>A cmdlet that begins uploads: what the object of a file will be, and where.</summary>
public abstract partial class S3UploadCmdlet : S3TransferCmdlet
{
    private readonly TextSet _keys = new();
    private string? _root;
    private ObjectInput _object = new();
    private EncryptionInput _encryption = new();

    private protected S3UploadCmdlet()
    {
    }

    /// <summary>The folder that keys are made relative to, so that the folders below it are kept in the keys.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RelativeTo { get; set; }

    /// <summary>The size of each part but the last: 5 MiB to 5 GiB, in bytes or with a unit (64MB).</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? PartSize { get; set; }

    /// <summary>
    /// Begins nothing where an object has the key: the error is ObjectExists, except that an object with just the bytes of the file is left
    /// as it is without one in a run that resumes. An object that has come meanwhile is not replaced at the end either.
    /// </summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            if (PartSize is long size)
            {
                PartPlan.CheckPartSize(size);
            }

            if ((ChecksumAlgorithm ?? ChecksumType) is not null)
            {
                _ = ChecksumAlgorithms.Choose(BucketType.GeneralPurpose, ChecksumAlgorithm, ChecksumType);
            }

            _object = ReadObject();
            _root = FileArgument.ResolveRoot(this, RelativeTo);
        }
        catch (S3MultipartException e)
        {
            ThrowTerminatingFailure(e, e.ErrorId == nameof(SourceFailure.FolderNotFound) ? RelativeTo : null);
        }
    }

    /// <summary>Reads the encryption, which may be bound to each input.</summary>
    private protected void ReadEncryptionInput()
    {
        try
        {
            _encryption = ReadEncryption();
        }
        catch (S3MultipartException e)
        {
            ThrowTerminatingFailure(e);
        }
    }

    /// <summary>What an upload is created with.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The whole key; null to make it of the file's name.</param>
    /// <param name="file">The file; null where there is none.</param>
    /// <param name="prefix">What a key that is made begins with.</param>
    /// <param name="root">The folder that the key is made relative to where RelativeTo is not given.</param>
    /// <param name="stamp">The state of the file.</param>
    /// <param name="plan">How it is cut.</param>
    private protected CreateInput InputOf(
        BucketAddress bucket, string? key, string? file, string? prefix, string? root, FileStamp? stamp, PartPlan? plan)
    {
        if (key is not null && key.EndsWith('/') && file is not null)
        {
            WriteWarning($"'{file}' becomes the object '{S3Uri.Of(bucket.Name, key)}', whose name ends in a slash: many tools show it as "
                + $"an empty folder. To put the file into that folder give -KeyPrefix {ResumeLine.Quote(key)} and no -Key.");
        }

        key ??= file is not null ? ObjectKey.ForFile(file, prefix, _root ?? root) : throw SourceFailure.KeyMissing();
        ObjectKey.Check(key);

        // Two files of one pipeline with the same key would leave only one of them in the bucket.
        return !_keys.Add(bucket.Name + '/' + key) ? throw SourceFailure.KeyNotUnique(key, file ?? "the input") : new CreateInput
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
            NoClobber = NoClobber,
        };
    }

    /// <summary>Refuses what this kind of bucket or this connection does not take, before anything is sent.</summary>
    private protected S3Connection Check(BucketAddress bucket, CreateInput input)
    {
        DirectoryBucketRules.Check(input);
        if ((ChecksumAlgorithm ?? ChecksumType) is not null)
        {
            _ = ChecksumAlgorithms.Choose(bucket.Type, ChecksumAlgorithm, ChecksumType);
        }

        S3Connection connection = ConnectionFor(bucket);
        if (input.Encryption.NeedsTls)
        {
            CheckTransport(connection, AllowsPlainHttp);
        }

        return connection;
    }
}
