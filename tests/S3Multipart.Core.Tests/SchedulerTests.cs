using S3Multipart.Transfer.Scheduling;
using Work = S3Multipart.Transfer.Scheduling.TransferScheduler.Work;

namespace S3Multipart.Tests;

public sealed class SchedulerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Never_more_than_the_limit_is_in_flight_and_the_limit_is_used(int limit)
    {
        TransferScheduler scheduler = new(limit, () => { }, CancellationToken.None);
        int now = 0, most = 0, done = 0;
        for (int lane = 0; lane < 10; lane++)
        {
            scheduler.Open(Enumerable.Repeat<Work>(
                async token =>
                {
                    int running = Interlocked.Increment(ref now);
                    InterlockedMax(ref most, running);
                    await Task.Delay(2, token);
                    _ = Interlocked.Decrement(ref now);
                    _ = Interlocked.Increment(ref done);
                },
                10));
        }

        await RecordingSink.DrainAsync(scheduler);
        Assert.Equal(limit, most);
        Assert.Equal(100, done);
    }

    [Fact]
    public async Task Lanes_take_turns_so_that_a_small_one_does_not_wait_for_a_large_one()
    {
        TransferScheduler scheduler = new(1, () => { }, CancellationToken.None);
        List<string> order = [];
        TaskCompletionSource gate = new();
        Work Step(string name) => async _ =>
        {
            await gate.Task;
            order.Add(name);
        };
        scheduler.Open(Enumerable.Range(1, 100).Select(i => Step($"large {i}")));
        scheduler.Open([Step("small")]);
        gate.SetResult();
        await RecordingSink.DrainAsync(scheduler);
        Assert.InRange(order.IndexOf("small"), 0, 3);
    }

    [Fact]
    public async Task Work_is_made_only_when_its_turn_comes()
    {
        TransferScheduler scheduler = new(2, () => { }, CancellationToken.None);
        int made = 0;
        TaskCompletionSource gate = new();
        IEnumerable<Work> Make()
        {
            while (made < 10_000)
            {
                made++;
                yield return _ => gate.Task;
            }
        }

        scheduler.Open(Make());
        Assert.InRange(made, 2, 4);
        gate.SetResult();
        await RecordingSink.DrainAsync(scheduler);
        Assert.Equal(10_000, made);
    }

    [Fact]
    public async Task A_lane_ends_once_and_after_its_last_request()
    {
        TransferScheduler scheduler = new(3, () => { }, CancellationToken.None);
        int running = 0, ended = 0, runningAtEnd = -1;
        scheduler.Open(
            Enumerable.Repeat<Work>(
                async token =>
                {
                    _ = Interlocked.Increment(ref running);
                    await Task.Delay(5, token);
                    _ = Interlocked.Decrement(ref running);
                },
                7),
            () =>
            {
                ended++;
                runningAtEnd = running;
            });
        await RecordingSink.DrainAsync(scheduler);
        Assert.Equal((1, 0), (ended, runningAtEnd));
    }

    [Fact]
    public async Task Cancelling_ends_what_runs_and_drops_what_waits()
    {
        using CancellationTokenSource stop = new();
        TransferScheduler scheduler = new(2, () => { }, stop.Token);
        int begun = 0, ended = 0;
        for (int lane = 0; lane < 5; lane++)
        {
            scheduler.Open(
                Enumerable.Repeat<Work>(
                    async token =>
                    {
                        _ = Interlocked.Increment(ref begun);
                        await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
                    },
                    100),
                () => Interlocked.Increment(ref ended));
        }

        await stop.CancelAsync();
        await RecordingSink.DrainAsync(scheduler);
        Assert.InRange(begun, 0, 2);
        Assert.Equal(5, ended);
    }

    [Fact]
    public async Task No_lane_is_lost_or_counted_twice_while_lanes_open_and_end_side_by_side()
    {
        for (int round = 0; round < 20; round++)
        {
            TransferScheduler scheduler = new(32, () => { }, CancellationToken.None);
            int done = 0, ended = 0;
            for (int lane = 0; lane < 5_000; lane++)
            {
                scheduler.Open([_ => Task.FromResult(Interlocked.Increment(ref done))], () => Interlocked.Increment(ref ended));
            }

            await RecordingSink.DrainAsync(scheduler);
            Assert.Equal((5_000, 5_000, 0), (done, ended, scheduler.OpenLanes));
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
        {
            _ = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
