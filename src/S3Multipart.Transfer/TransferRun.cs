using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Sending;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer;

/// <summary>The transfers of one cmdlet, with one scheduler and one bandwidth for all of them.</summary>
internal sealed class TransferRun(RunLimits limits, Action changed, CancellationToken cancellation) : ITransferRun
{
    private readonly TransferScheduler _scheduler = new(limits.Requests, changed, cancellation);
    private readonly Bandwidth? _bandwidth = limits.Bandwidth is { } limit ? new Bandwidth(limit, limits.Requests) : null;

    private readonly ReadAheadLimit _readAheadLimit = new(limits.Requests);

    public bool HasRoom => _scheduler.HasRoom;

    public bool IsIdle => _scheduler.IsIdle;

    public void Start(Func<CancellationToken, Task> operation) => _scheduler.Open(token => operation(token));

    public Task<CompletedUpload> PutAsync(
        CreateInput input, IUploadClient client, PutOptions options, CancellationToken cancellationToken) =>
        ((UploadClient)client).PutAsync(input, options, _bandwidth, cancellationToken);

    public IUploadTransfer Begin(MultipartUpload upload, IUploadClient client, TransferOptions options, ITransferSink sink) =>
        new UploadTransfer(
            _scheduler,
            new PartTransfer(upload, ((UploadClient)client).Store, sink, _scheduler, options)
            {
                Bandwidth = _bandwidth,
                ReadAheadLimit = _readAheadLimit,
            },
            limits.Requests);

    /// <summary>One upload's part of the run, whatever its source is.</summary>
    private sealed class UploadTransfer(TransferScheduler scheduler, PartTransfer transfer, int inFlight) : IUploadTransfer
    {
        public void SendFile(FileInput input) => new FileTransfer(scheduler, transfer, input.Path, input.Plan, input.PartNumbers)
        {
            Expected = input.Stamp,
            RequestedPartSize = input.RequestedPartSize,
        }.Open();

        public void SendBytes(int partNumber, ReadOnlyMemory<byte> bytes) =>
            scheduler.Open(token => transfer.SendAsync(partNumber, new BufferPartBody(bytes), partCount: null, token));

        public IByteInput OpenInput(long partSize) => new StreamTransfer(scheduler, transfer, partSize, inFlight);

        public void Copy(CopyInput input) => new CopyTransfer(scheduler, transfer, input).Open();

        public void Fail(Exception failure) => transfer.Fail(failure);
    }
}
