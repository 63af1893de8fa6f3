using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Pipeline;
using S3Multipart.Sources;
using S3Multipart.Store;
using S3Multipart.Transfer;

namespace S3Multipart.Commands;

/// <summary>
/// <para type="synopsis">Sends the parts of a multipart upload.</para>
/// <para type="description">Sends UploadPart for each part of a file, a stream or bytes, or UploadPartCopy for each part of another
/// object, and emits each part as S3 has stored it. Parts of many uploads are in flight together. A part that fails ends its upload's
/// sending but not the pipeline; the parts already stored stay.</para>
/// </summary>
[Cmdlet(VerbsCommon.Add, "S3UploadPart", DefaultParameterSetName = FileSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(UploadPart))]
public sealed partial class AddS3UploadPartCommand : S3TransferCmdlet
{
    private const string FileSet = "File";
    private const string ValueSet = "Value";
    private const string StreamSet = "Stream";
    private const string CopySet = "Copy";

    private TransferProgress? _progress;

    /// <summary>
    /// <para type="description">The upload: what New-S3MultipartUpload or Get-S3MultipartUpload emits, also after serialisation, or a
    /// hashtable with BucketName, Key and UploadId.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = FileSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ValueSet)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = StreamSet)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = CopySet)]
    [UploadTransformation]
    public MultipartUpload Upload { get; set; } = null!;

    /// <summary>
    /// <para type="description">The file with the bytes. Default: the file that the upload was begun for.</para>
    /// </summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>
    /// <para type="description">Bytes: one part with PartNumber, else as many parts of PartSize as they make. Takes byte arrays from the
    /// pipeline, and single bytes. Text is refused, as is all else that is not bytes: then nothing of the input is completed.</para>
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ValueSet)]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>
    /// <para type="description">A stream to read to its end; it need not be seekable nor of known length.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = StreamSet)]
    public Stream? InputStream { get; set; }

    /// <summary>
    /// <para type="description">About how many bytes are to come, in bytes or with a unit (3TB), to choose a part size with which
    /// they fit into 10,000 parts.</para>
    /// </summary>
    [Parameter(ParameterSetName = StreamSet)]
    [Parameter(ParameterSetName = ValueSet)]
    [ByteSizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long? ExpectedSize { get; set; }

    /// <summary>
    /// <para type="description">Which parts to send, 1 to 10,000: for a file or a copy, those of its parts; for Value, the number that
    /// the bytes become; for a copy of a Range, the number that its first piece becomes. Default: all, numbered from 1.</para>
    /// </summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = ValueSet)]
    [Parameter(ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    public int[]? PartNumber { get; set; }

    /// <summary>
    /// <para type="description">The size of each part but the last: 5 MiB to 5 GiB, in bytes or with a unit (64MB). Default: the
    /// upload's, else 16 MiB or as much as keeps a source of known size within 10,000 parts.</para>
    /// </summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? PartSize { get; set; }

    /// <summary>
    /// <para type="description">Sends the MD5 of each part too (Content-MD5), for stores and object locks that ask for it. Costs more
    /// processor time than all else.</para>
    /// </summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = ValueSet)]
    [Parameter(ParameterSetName = StreamSet)]
    public SwitchParameter ContentMD5 { get; set; }

    /// <summary>
    /// <para type="description">The customer key (SSE-C) of an upload that comes from elsewhere: 32 bytes, their base64, or a SecureString
    /// of that. An upload piped from New-S3MultipartUpload brings it along.</para>
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

        _bandwidth = MaxBandwidth is long bytesPerSecond ? new Bandwidth(bytesPerSecond, RequestsInFlight) : null;
        // A stream, bytes and an upload that is not piped are all there will be.
        bool isOne = ParameterSetName is ValueSet or StreamSet || !MyInvocation.ExpectingInput;
        _progress = new TransferProgress(this, ConsoleHeight()) { IsInputEnded = isOne };
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
                default: SendFile(); break;
            }
        }
        catch (S3MultipartException e)
        {
            WriteFailure(e, LiteralPath ?? Upload?.LiteralPath ?? Upload?.ToString());
        }

        AwaitRoom();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _progress!.IsInputEnded = true;
        _value?.Stream?.End();
        Drain();
        Unfinished.Clear();
        _progress.Close();
    }

    private protected override void WriteFailure(Exception failure, object? target) => WriteLast(() => base.WriteFailure(failure, target));

    private protected override void OnTick() => _progress?.Show();

    /// <summary>Writes, and takes the bars away where that ends the pipeline, because nothing else of the cmdlet runs then.</summary>
    private void WriteLast(Action write)
    {
        try
        {
            write();
        }
        catch
        {
            try
            {
                _progress?.Close();
            }
            catch (PipelineStoppedException)
            {
                // The host takes away the bars of a pipeline that was stopped.
            }

            throw;
        }
    }

    private int ConsoleHeight()
    {
        try
        {
            return Host.UI?.RawUI?.WindowSize.Height ?? 0;
        }
        catch (Exception e)
            when (e is System.Management.Automation.Host.HostException or NotImplementedException or InvalidOperationException)
        {
            // A host without a window.
            return 0;
        }
    }

    private void SendFile()
    {
        MultipartUpload upload = Upload;
        string path = (LiteralPath is null ? upload.LiteralPath : FileArgument.Resolve(this, LiteralPath))
            ?? throw Failure.PathMissing(upload.ToString());
        FileStamp stamp = FileArgument.StampOfKnown(path);
        long fileLength = stamp.Length;
        PartPlan plan = PartPlan.For(fileLength, PartSize ?? upload.PartSize);
        CheckUnchanged(upload, path, stamp);
        int[]? numbers = PartNumber?.Distinct().ToArray();
        if (numbers is not null && numbers.Max() is int highest && highest > plan.Count)
        {
            throw Failure.PartNumberNotInPlan(highest, plan.Count);
        }

        if (!ShouldChange(upload.ToString(), $"Upload parts of {path}"))
        {
            WarnOfLeft(upload);
        }
        else
        {
            long length = numbers is null ? plan.Length : numbers.Sum(plan.SizeOf);
            upload.Progress.Source = PartSource.File(path);
            PartTransfer transfer = TransferOf(upload, length, path, numbers?.Length);
            new FileTransfer(Scheduler, transfer, path, plan, numbers)
            {
                AskedPartSize = PartSize ?? upload.PartSize,
                Expected = stamp
            }.Open();
        }
    }

    /// <summary>Refuses a file that is another than the upload was begun for: parts sent before would not go with those of now.</summary>
    private static void CheckUnchanged(MultipartUpload upload, string path, FileStamp now)
    {
        // Elsewhere the file may be a copy, which has times of its own.
        bool isSamePlace = path == upload.LiteralPath;
        FileStamp begun = new(
            upload.Length ?? now.Length,
            isSamePlace ? upload.FileLastWriteTime ?? now.LastWriteTime : now.LastWriteTime,
            isSamePlace ? upload.FileChangeTime : null);
        if (begun.DifferenceTo(now) is { } how)
        {
            throw Failure.FileChangedSinceNew(path, how);
        }
    }

    private PartTransfer TransferOf(MultipartUpload given, long? length, string? path = null, int? partCount = null)
    {
        MultipartUpload upload = Reach(given);
        GiveKey(upload, SseCustomerKey, Force);
        if (ContentMD5)
        {
            DirectoryBucketRules.CheckContentMD5(upload.Kind);
        }

        WarnIfAgain(upload);
        UploadCount count = _progress!.Begin(upload, length, partCount);
        return new PartTransfer(upload, StoreOf(upload.Connection!), new Sink(this, count, path ?? upload.ToString()), Scheduler)
        {
            SendContentMD5 = ContentMD5,
            StopOnError = StopOnError,
            IsSelection = PartNumber is not null,
            Bandwidth = _bandwidth,
        };
    }

    /// <summary>Brings what becomes of the parts to the pipeline thread.</summary>
    private sealed class Sink(AddS3UploadPartCommand cmdlet, UploadCount count, string target) : ITransferSink
    {
        public void Stored(UploadPart part)
        {
            if (part.Resumed)
            {
                count.Keep(part);
            }
            else
            {
                count.Store(part);
            }

            cmdlet.Pipeline.Post(() => cmdlet.WriteLast(() => cmdlet.WriteObject(part)));
        }

        public void Failed(MultipartUpload upload, Exception failure, int? partNumber)
        {
            count.Fail();
            Exception explained = UploadFailure.OfPart(failure, upload, partNumber);
            cmdlet.Unfinished.Fail(upload, explained);
            cmdlet.Pipeline.Post(() => cmdlet.WriteUploadFailure(explained, upload, target));
        }

        public void EncryptionUnseen(MultipartUpload upload) => cmdlet.Pipeline.Post(() => cmdlet.WriteWarning(
            $"Whether '{upload}', which was gone on with, is encrypted as asked could not be seen: the store names no encryption."));

        public void Resumed(MultipartUpload upload, ResumeReport report) => cmdlet.Pipeline.Post(() => cmdlet.WriteResumed(upload, report));

        public void Moved(MultipartUpload upload, long bytes) => count.Move(bytes);
    }
}
