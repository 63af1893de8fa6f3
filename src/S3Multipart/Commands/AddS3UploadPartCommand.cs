using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Planning;
using S3Multipart.Errors;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>Sends the parts of a multipart upload.</summary>
[Cmdlet(VerbsCommon.Add, "S3UploadPart", DefaultParameterSetName = FileSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(UploadPart), typeof(MultipartUpload))]
public sealed partial class AddS3UploadPartCommand : S3TransferCmdlet
{
    private const string FileSet = "File";
    private const string ValueSet = "Value";
    private const string StreamSet = "Stream";
    private const string CopySet = "Copy";

    /// <summary>
    /// The upload: what New-S3MultipartUpload or Get-S3MultipartUpload emits, also after serialisation, or a hashtable with BucketName, Key
    /// and UploadId.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = FileSet)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ValueSet)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = StreamSet)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = CopySet)]
    [UploadTransformation]
    public MultipartUpload Upload { get; set; } = null!;

    /// <summary>The file with the bytes.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>
    /// Bytes: one part with PartNumber, else as many parts of PartSize as they make. A file object stands for its bytes.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ValueSet)]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>A stream to read to its end; it need not be seekable nor of known length.</summary>
    [Parameter(Mandatory = true, ParameterSetName = StreamSet)]
    public Stream? InputStream { get; set; }

    /// <summary>
    /// About how many bytes are to come, in bytes or with a unit (3TB), to choose a part size with which they fit into 10,000 parts.
    /// </summary>
    [Parameter(ParameterSetName = StreamSet)]
    [Parameter(ParameterSetName = ValueSet)]
    [ByteSizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long? ExpectedSize { get; set; }

    /// <summary>
    /// Which parts to send, 1 to 10,000: for a file or a copy, those of its parts; for Value, the number that the bytes become; for a copy
    /// of a Range, the number that its first piece becomes.
    /// </summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = ValueSet)]
    [Parameter(ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    public int[]? PartNumber { get; set; }

    /// <summary>The size of each part but the last: 5 MiB to 5 GiB, in bytes or with a unit (64MB).</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? PartSize { get; set; }

    /// <summary>Sends the MD5 of each part too (Content-MD5), for stores and object locks that require it.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = ValueSet)]
    [Parameter(ParameterSetName = StreamSet)]
    public SwitchParameter ContentMD5 { get; set; }

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

    private protected override bool IsBusy => _reading is { IsCompleted: false } || base.IsBusy;

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

            foreach (int number in PartNumber ?? [])
            {
                PartPlan.CheckPartNumber(number);
            }

            if (Range is not null && PartNumber is { Length: > 1 })
            {
                throw ParameterFailure.OneNumberForRange();
            }

            if (ParameterSetName == ValueSet && PartNumber is { Length: > 1 })
            {
                throw ParameterFailure.OneNumberForValue();
            }
        }
        catch (S3MultipartException e)
        {
            ThrowTerminatingFailure(e);
        }

        // With a stream, bytes or an upload that is not piped, no more uploads will come.
        _isValueGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Value));
        bool isOne = ParameterSetName == StreamSet || (ParameterSetName == ValueSet && !_isValueGiven) || !MyInvocation.ExpectingInput;
        ShowProgress(isInputEnded: isOne);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            switch (ParameterSetName)
            {
                case ValueSet: TakeValue(); break;
                case StreamSet: ReadStream(); break;
                case CopySet: Copy(); break;
                default: SendFile(LiteralPath); break;
            }
        }
        catch (S3MultipartException e)
        {
            string? file = LiteralPath ?? (Unwrapped.Of(Value) as FileSystemInfo)?.FullName;
            WriteFailure(e, file ?? Upload?.LiteralPath ?? Upload?.ToString());
        }

        AwaitRoom();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Progress!.IsInputEnded = true;
        _value?.Input?.End();
        Drain();
        WriteNotTried();
        Unfinished.Clear();
        Progress.Close();
    }

    private void SendFile(string? given)
    {
        MultipartUpload upload = Upload;
        if (upload.IsUnchanged && given is null && PartNumber is null)
        {
            // It needs no part; Complete-S3MultipartUpload says what became of its file.
            WriteLast(() => WriteObject(upload));
            return;
        }

        if (Shared.Skip(upload.BucketName))
        {
            return;
        }

        string path = (given is null ? upload.LiteralPath : FileArgument.Resolve(this, given))
            ?? throw SourceFailure.PathMissing(upload.ToString());
        FileStamp stamp = FileArgument.StampOfKnown(path);
        long fileLength = stamp.Length;
        PartPlan plan = PartPlan.For(fileLength, PartSize ?? upload.PartSize);
        FileArgument.CheckUnchanged(upload, path, stamp);
        int[]? numbers = PartNumber?.Distinct().ToArray();
        foreach (int number in numbers?.Where(number => number > plan.Count) ?? [])
        {
            WriteFailure(SourceFailure.PartNumberNotInPlan(number, plan.Count), path);
        }

        numbers = numbers?.Where(number => number <= plan.Count).ToArray();
        if (numbers is [])
        {
            return;
        }

        if (PrepareToSend(upload, $"Upload parts of {path}") is { } reached)
        {
            long length = numbers is null ? plan.Length : numbers.Sum(plan.SizeOf);
            TransferOf(reached, length, new PartSource.File(path), numbers?.Length)
                .SendFile(new FileInput(path, plan, stamp, numbers, PartSize ?? upload.PartSize));
        }
    }

    /// <summary>
    /// The upload as it is reached, once all that can be refused has been looked at, so that -WhatIf refuses it too; null where nothing
    /// is to be sent.
    /// </summary>
    private MultipartUpload? PrepareToSend(MultipartUpload given, string action)
    {
        if (given.IsUnchanged)
        {
            throw Failure.UploadUnchanged(given.ToString());
        }

        if (ContentMD5)
        {
            DirectoryBucketRules.CheckContentMD5(given.Kind);
        }

        MultipartUpload upload = Reach(given);
        GiveKey(upload, SseCustomerKey, Force);
        UploadState.Of(upload).RequireKey(upload);
        if (ShouldChange(given.ToString(), action))
        {
            return upload;
        }

        WarnOfLeft(given);
        return null;
    }

    private IUploadTransfer TransferOf(MultipartUpload upload, long? length, PartSource source, int? partCount = null)
    {
        WarnIfAgain(upload);
        UploadState.Of(upload).Transfer.Source = source;
        UploadProgress progress = Progress!.Begin(upload, length, partCount);
        TransferOptions options = new() { SendContentMD5 = ContentMD5, AbortOnError = StopOnError, IsSelection = PartNumber is not null };
        Sink sink = new(this, progress, (source as PartSource.File)?.Path ?? upload.ToString());
        return Run.Begin(upload, ClientOf(upload), options, sink);
    }
}
