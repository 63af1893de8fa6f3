using S3Multipart.Core.Inputs;
using S3Multipart.Core.Planning;

namespace S3Multipart.Core.Engine;

/// <summary>The requests of one cmdlet, of which a limited number is in flight at a time.</summary>
internal interface ITransferRun
{
    /// <summary>True while more work may be added: enough waits behind what is in flight to keep all requests busy.</summary>
    bool HasRoom { get; }

    /// <summary>True when nothing runs and nothing will.</summary>
    bool IsIdle { get; }

    /// <summary>Runs an operation when its turn comes. It reports its own failure.</summary>
    void Start(Func<CancellationToken, Task> operation);

    /// <summary>Sends a file by one request, within the bandwidth of the run.</summary>
    Task<CompletedUpload> PutAsync(CreateInput input, IUploadClient client, PutOptions options, CancellationToken cancellationToken);

    /// <summary>Begins the transfer of parts to one upload.</summary>
    IUploadTransfer Begin(MultipartUpload upload, IUploadClient client, TransferOptions options, ITransferSink sink);
}

/// <summary>The transfer of parts to one upload, from one source.</summary>
internal interface IUploadTransfer
{
    void SendFile(FileInput input);

    /// <summary>Sends one part from memory.</summary>
    void SendBytes(int partNumber, ReadOnlyMemory<byte> bytes);

    /// <summary>Begins an input of unknown length, which is cut as it comes.</summary>
    IByteInput OpenInput(long partSize);

    void Copy(CopyInput input);

    /// <summary>Ends the transfer with a failure, unless it has one already.</summary>
    void Fail(Exception failure);
}

/// <summary>Takes bytes of unknown number.</summary>
internal interface IByteInput : IDisposable
{
    /// <summary>False while all buffers are being sent.</summary>
    bool CanWrite { get; }

    /// <summary>Takes as many bytes as there is room for now; fewer than given means that all buffers are being sent.</summary>
    int Write(ReadOnlySpan<byte> bytes);

    /// <summary>Reads a stream to its end.</summary>
    Task ReadAsync(Stream stream, CancellationToken cancellation);

    /// <summary>Sends what is left as the last part.</summary>
    void End();
}

/// <summary>How parts are sent.</summary>
internal sealed record TransferOptions
{
    /// <summary>Sends the MD5 of each part too.</summary>
    internal bool SendContentMD5 { get; init; }

    /// <summary>Aborts the upload when it has failed, after its last request has ended.</summary>
    internal bool AbortOnError { get; init; }

    /// <summary>True when the user named the parts by their numbers.</summary>
    internal bool IsSelection { get; init; }
}

/// <summary>What to copy.</summary>
/// <param name="Source">The object.</param>
/// <param name="PartSize">The requested size of a part, or null to have it chosen.</param>
/// <param name="Range">FIRST-LAST, both included; null for the whole source.</param>
/// <param name="PartNumbers">Which parts to copy, or with a range the one number that its first piece gets; null for all from 1.</param>
internal sealed record CopyInput(CopySource Source, long? PartSize, string? Range, IReadOnlyList<int>? PartNumbers);

/// <summary>What to send of a file.</summary>
/// <param name="Path">The file's full path.</param>
/// <param name="Plan">How the file is cut, unless parts that S3 holds say otherwise.</param>
/// <param name="Stamp">The state in which the file is to be.</param>
/// <param name="PartNumbers">Which parts to send; null for all.</param>
/// <param name="RequestedPartSize">The part size that the user requested; null where it was chosen.</param>
internal sealed record FileInput(
    string Path, PartPlan Plan, FileStamp Stamp, IReadOnlyCollection<int>? PartNumbers, long? RequestedPartSize);
