using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Planning;
using S3Multipart.Transfer;
using S3Multipart.Transfer.Ending;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Sending;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class TransferTests
{
    private const int PartSize = 5 << 20;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(PartSize, 1)]
    [InlineData(PartSize + 1, 2)]
    [InlineData(3 * PartSize, 3)]
    [InlineData((3 * PartSize) + 7, 4)]
    public async Task A_stream_is_cut_without_loss_and_its_last_part_knows_the_count(int length, int parts)
    {
        byte[] bytes = RandomBytes(length);
        FakeStore store = new();
        RecordingSink sink = new();
        MultipartUpload upload = RecordingSink.Upload();
        TransferScheduler scheduler = new(2, () => { }, CancellationToken.None);
        using StreamTransfer stream = new(scheduler, RecordingSink.Transfer(store, sink, scheduler, upload), PartSize, 2);
        Assert.True(UploadState.Of(upload).Transfer.IsOpen);
        await stream.ReadAsync(new DribblingStream(bytes), CancellationToken.None);
        await RecordingSink.DrainAsync(scheduler);

        Assert.True(bytes.AsSpan().SequenceEqual(store.Whole()));
        Assert.Equal(parts, store.Parts.Count);
        Assert.Equal(parts, sink.Stored.Max(part => part.PartCount));
        Assert.Equal(parts, UploadState.Of(upload).Transfer.PartCount);
        Assert.False(UploadState.Of(upload).Transfer.IsOpen);
    }

    [Fact]
    public async Task Written_bytes_wait_while_all_buffers_are_being_sent()
    {
        FakeStore store = new();
        TaskCompletionSource gate = new();
        store.OnPart = (_, _) => gate.Task;
        RecordingSink sink = new();
        TransferScheduler scheduler = new(2, () => { }, CancellationToken.None);
        using StreamTransfer stream = new(scheduler, RecordingSink.Transfer(store, sink, scheduler), PartSize, 2);
        byte[] bytes = RandomBytes(10 * PartSize);

        int taken = stream.Write(bytes);
        Assert.Equal(3 * PartSize, taken);
        Assert.False(stream.CanWrite);
        Assert.Equal(0, stream.Write(bytes.AsSpan(taken)));

        gate.SetResult();
        while (taken < bytes.Length)
        {
            taken += stream.Write(bytes.AsSpan(taken));
            await Task.Yield();
        }

        stream.End();
        await RecordingSink.DrainAsync(scheduler);
        Assert.True(bytes.AsSpan().SequenceEqual(store.Whole()));
    }

    [Fact]
    public async Task A_failed_part_ends_its_upload_once_and_no_other()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, RandomBytes(20 * PartSize), TestContext.Current.CancellationToken);
        try
        {
            FakeStore store = new()
            {
                OnPart = (input, _) => input.Target.Key == "bad" && input.PartNumber >= 3
                    ? throw S3ServiceException.Create(new("InternalError"), FailureKind.ResourceUnavailable, "no")
                    : Task.CompletedTask,
            };
            RecordingSink sink = new();
            TransferScheduler scheduler = new(4, () => { }, CancellationToken.None);
            PartPlan plan = PartPlan.For(20 * PartSize, PartSize);
            MultipartUpload bad = RecordingSink.Upload("bad"), good = RecordingSink.Upload("good");
            new FileTransfer(scheduler, RecordingSink.Transfer(store, sink, scheduler, bad), path, plan, null).Open();
            new FileTransfer(scheduler, RecordingSink.Transfer(store, sink, scheduler, good), path, plan, null).Open();
            await RecordingSink.DrainAsync(scheduler);

            Assert.Equal("InternalError", Assert.IsType<S3ServiceException>(Assert.Single(sink.Failures).Failure).ErrorCode);
            Assert.Equal(20, sink.Stored.Count(part => part.Key == "good"));
            Assert.InRange(sink.Stored.Count(part => part.Key == "bad"), 0, 2);
            Assert.NotNull(UploadState.Of(bad).Transfer.Failure);
            Assert.Null(UploadState.Of(good).Transfer.Failure);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_uploads_of_a_bucket_are_listed_over_both_markers_and_never_for_ever()
    {
        List<(string?, string?)> asked = [];
        FakeStore store = new()
        {
            OnList = query =>
            {
                asked.Add((query.KeyMarker, query.UploadIdMarker));
                return new UploadPage
                {
                    Uploads = [new ListedUpload { Key = "k", UploadId = $"{asked.Count}" }],
                    IsTruncated = true,
                    NextKeyMarker = "k",
                    NextUploadIdMarker = asked.Count < 3 ? $"{asked.Count}" : "2",
                };
            },
        };
        UploadClient client = new(new StoreConnection((_, _) => store) { Region = "us-east-1" }, store);
        List<MultipartUpload> found = [];
        S3MultipartException broken = await Assert.ThrowsAsync<S3MultipartException>(async () =>
        {
            await foreach (UploadListPage page in client.ListUploadsAsync(new UploadQuery { BucketName = "b" }, CancellationToken.None))
            {
                found.AddRange(page.Uploads);
            }
        });
        Assert.Equal("ResponseInvalid", broken.ErrorId);

        Assert.Equal([(null, null), ("k", "1"), ("k", "2")], asked);
        Assert.Equal(["1", "2", "3"], found.Select(upload => upload.UploadId));
    }

    [Fact]
    public async Task Stopping_repeats_the_abort_until_no_part_is_listed()
    {
        StoredPart part = new() { PartNumber = 1, Size = 7, ETag = "\"1\"" };
        FakeStore store = new();
        store.PartPages.Enqueue(new PartPage { Parts = [part] });
        store.PartPages.Enqueue(new PartPage { Parts = [part] });
        StoppedUpload stopped = await Abortion.RunAsync(store, RecordingSink.Upload(), countParts: true,
            ifInitiated: null, CancellationToken.None);
        Assert.Equal(2, store.Aborts);
        Assert.Equal((1, 7L), (stopped.PartCount, stopped.FreedBytes));
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Neither seekable nor generous: reads give what they like, as pipes do.</summary>
    private sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly Random _random = new(1);

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, _random.Next(1, 1 << 20))], cancellationToken);
    }
}
