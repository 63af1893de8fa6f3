using System.Threading.Channels;
using S3Multipart.Core.Planning;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Scheduling;
using S3Multipart.Transfer.Sending;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Tests;

public sealed class ReadAheadTests
{
    private static readonly RequiredDigests s_required = new("CRC64NVME", MD5: false, Sha256: true);
    private readonly Channel<int> _read = Channel.CreateUnbounded<int>();

    [Fact]
    public async Task The_parts_after_one_that_is_sent_are_read_within_the_limit()
    {
        ReadAheadLimit limit = new(requests: 8);
        FileReadAhead readAhead = Of([1, 2, 3, 4], limit);
        Assert.Null(readAhead.Take(0));
        readAhead.Continue(s_required, TestContext.Current.CancellationToken);
        await WaitForAsync(2, 3);
        PartBody second = readAhead.Take(1)!;
        BodyDigests digests = await second.DigestAsync(s_required, TestContext.Current.CancellationToken);
        Assert.Equal(await new CountingBody(2, _ => { }).DigestAsync(s_required, TestContext.Current.CancellationToken), digests);
        readAhead.Continue(s_required, TestContext.Current.CancellationToken);
        await WaitForAsync(4);
    }

    [Fact]
    public async Task What_was_read_ahead_serves_one_try_and_only_for_what_it_was_read_for()
    {
        CountingBody body = new(1, Note);
        body.ReadAhead(s_required, TestContext.Current.CancellationToken);
        BodyDigests first = await body.DigestAsync(s_required, TestContext.Current.CancellationToken);
        await WaitForAsync(1);
        Assert.Equal(first, await body.DigestAsync(s_required, TestContext.Current.CancellationToken));
        await WaitForAsync(1);
        body.ReadAhead(s_required, TestContext.Current.CancellationToken);
        Assert.NotNull((await body.DigestAsync(s_required with { MD5 = true }, TestContext.Current.CancellationToken)).MD5);
    }

    [Fact]
    public async Task A_file_that_ends_leaves_the_limit_to_others()
    {
        ReadAheadLimit limit = new(requests: 4);
        FileReadAhead one = Of([1, 2, 3], limit);
        one.Continue(s_required, TestContext.Current.CancellationToken);
        await WaitForAsync(1);
        FileReadAhead other = Of([11, 12], limit);
        other.Continue(s_required, TestContext.Current.CancellationToken);
        Assert.Null(other.Take(0));
        one.End();
        one.Continue(s_required, TestContext.Current.CancellationToken);
        other.Continue(s_required, TestContext.Current.CancellationToken);
        await WaitForAsync(12);
    }

    [Fact]
    public async Task Parts_that_need_not_be_sent_are_passed_over()
    {
        FileReadAhead readAhead = new([1, 2, 3], number => number == 3 ? new CountingBody(3, Note) : null, new(requests: 1));
        readAhead.Continue(s_required, TestContext.Current.CancellationToken);
        await WaitForAsync(3);
    }

    [Fact]
    public async Task A_file_whose_parts_are_read_ahead_arrives_as_it_is()
    {
        byte[] bytes = new byte[9 * (5 << 20)];
        new Random(5).NextBytes(bytes);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        try
        {
            FakeStore store = new()
            {
                OnPart = async (part, token) => Assert.Equal(
                    await new BufferPartBody(bytes.AsMemory((part.PartNumber - 1) * (5 << 20), 5 << 20)).DigestAsync(s_required, token),
                    await part.Body.DigestAsync(s_required, token)),
            };
            RecordingSink sink = new();
            TransferScheduler scheduler = new(2, () => { }, CancellationToken.None);
            PartTransfer transfer = RecordingSink.Transfer(store, sink, scheduler);
            new FileTransfer(scheduler, transfer, path, PartPlan.For(bytes.Length, 5 << 20), null).Open();
            await RecordingSink.DrainAsync(scheduler);
            Assert.Empty(sink.Failures);
            Assert.Equal(9, sink.Stored.Count);
            Assert.Equal(bytes, store.Whole());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private FileReadAhead Of(int[] order, ReadAheadLimit limit) =>
        new(order, number => new CountingBody(number, Note), limit);

    private void Note(int number) => Assert.True(_read.Writer.TryWrite(number));

    /// <summary>Waits until so many more parts are read, which are to be these and no others.</summary>
    private async Task WaitForAsync(params int[] expected)
    {
        List<int> read = [];
        while (read.Count < expected.Length)
        {
            read.Add(await _read.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(
                TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        Assert.Equal(expected, read.Order());
        Assert.Equal(0, _read.Reader.Count);
    }

    /// <summary>A body of one byte, which reports that it is read.</summary>
    private sealed class CountingBody(int number, Action<int> read) : PartBody
    {
        internal override long Length => 1;

        internal override ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            read(number);
            destination.Span[0] = (byte)number;
            return new ValueTask<int>(1);
        }
    }
}
