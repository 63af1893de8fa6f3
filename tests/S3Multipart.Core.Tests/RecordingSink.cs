using System.Collections.Concurrent;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Sending;

namespace S3Multipart.Tests;

internal sealed class RecordingSink : ITransferSink
{
    internal ConcurrentQueue<UploadPart> Stored { get; } = new();

    internal ConcurrentQueue<(Exception Failure, int? PartNumber)> Failures { get; } = new();

    internal static MultipartUpload Upload(string key = "key") => new UploadState { IsNew = true }.AttachTo(
        new MultipartUpload { BucketName = "bucket", Key = key, UploadId = "id" });

    internal static PartTransfer Transfer(FakeStore store, RecordingSink sink, TransferScheduler scheduler,
        MultipartUpload? upload = null) =>
        new(upload ?? Upload(), store, sink, scheduler);

    internal static async Task DrainAsync(TransferScheduler scheduler)
    {
        for (int i = 0; !scheduler.IsIdle; i++)
        {
            Assert.True(i < 3_000, "the scheduler did not come to rest");
            await Task.Delay(10);
        }
    }

    void ITransferSink.Stored(UploadPart part) => Stored.Enqueue(part);

    void ITransferSink.Failed(MultipartUpload upload, Exception failure, int? partNumber) => Failures.Enqueue((failure, partNumber));

    internal ConcurrentQueue<MultipartUpload> FoundUnchanged { get; } = new();

    void ITransferSink.Unchanged(MultipartUpload upload, MultipartUpload unchanged) => FoundUnchanged.Enqueue(unchanged);

    internal ConcurrentQueue<ResumeReport> Reports { get; } = new();

    void ITransferSink.Resumed(MultipartUpload upload, ResumeReport report) => Reports.Enqueue(report);

    internal int Unseen { get; private set; }

    void ITransferSink.EncryptionUnseen(MultipartUpload upload) => Unseen++;

    void ITransferSink.Moved(MultipartUpload upload, long bytes)
    {
    }
}
