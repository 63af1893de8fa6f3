using System.Diagnostics;
using S3Multipart.Aws.Requests;

namespace S3Multipart.Aws.Tests.Requests;

public sealed class StallGuardTests
{
    private static readonly CancellationToken s_nobody = CancellationToken.None;

    [Fact]
    public async Task Silence_ends_a_request()
    {
        using StallGuard guard = new(TimeSpan.FromMilliseconds(50), s_nobody);
        await EndOf(guard);
        Assert.True(guard.HasStalled);
    }

    [Fact]
    public void A_stop_of_the_user_ends_it_too_and_is_told_apart()
    {
        using CancellationTokenSource user = new();
        using StallGuard guard = new(TimeSpan.FromHours(1), user.Token);
        user.Cancel();
        Assert.True(guard.Token.IsCancellationRequested);
        Assert.False(guard.HasStalled);
    }

    [Fact]
    public async Task A_store_gets_time_for_the_bytes_that_it_has_to_put_away()
    {
        using StallGuard guard = new(TimeSpan.FromMilliseconds(50), s_nobody);
        Stopwatch time = Stopwatch.StartNew();
        // At 16 MiB a second.
        guard.AwaitResponse(16 << 20);
        await EndOf(guard);
        Assert.InRange(time.Elapsed.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task Bytes_that_move_put_the_end_off()
    {
        TimeSpan silence = TimeSpan.FromSeconds(2);
        Stopwatch time = Stopwatch.StartNew();
        using StallGuard guard = new(silence, s_nobody);
        await Task.Delay(600, TestContext.Current.CancellationToken);
        TimeSpan moved = time.Elapsed;
        guard.Moved();
        Assert.SkipWhen(moved > silence, "This machine was too busy to move a byte in time.");
        await EndOf(guard);
        Assert.True(time.Elapsed > moved + silence - TimeSpan.FromMilliseconds(100), $"It ended after {time.Elapsed}.");
    }

    [Fact]
    public void A_request_that_is_over_may_still_report_its_last_bytes()
    {
        StallGuard guard = new(TimeSpan.FromHours(1), s_nobody);
        guard.Dispose();
        guard.AwaitResponse(5);
        guard.Moved();
        Assert.Equal(TimeSpan.FromHours(1), guard.IdleTimeout);
    }

    private static Task EndOf(StallGuard guard)
    {
        TaskCompletionSource ended = new();
        _ = guard.Token.Register(ended.SetResult);
        return ended.Task.WaitAsync(TestContext.Current.CancellationToken);
    }
}
