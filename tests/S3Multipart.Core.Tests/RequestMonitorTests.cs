using S3Multipart.Core.Engine;
using S3Multipart.Pipeline;
using Xunit;

namespace S3Multipart.Tests;

public sealed class RequestMonitorTests
{
    private readonly ManualClock _clock = new();
    private readonly RequestMonitor _monitor;
    private readonly StallWarning _warning;

    public RequestMonitorTests()
    {
        _monitor = new RequestMonitor(_clock);
        _warning = new StallWarning(_monitor);
    }

    [Fact]
    public void ARetryIsToldAsLongAsItLasts()
    {
        _monitor.Sends(isRetry: false);
        Assert.Null(_monitor.RetryText);
        _monitor.Waits(1, 8, TimeSpan.FromSeconds(4), "SlowDown");
        Assert.Equal("retry 1 of 8 in 4 s: SlowDown", _monitor.RetryText);
        _clock.Add(1.5);
        Assert.Equal("retry 1 of 8 in 3 s: SlowDown", _monitor.RetryText);
        _clock.Add(3);
        _monitor.Sends(isRetry: true);
        Assert.Equal("retry 1 of 8: SlowDown", _monitor.RetryText);
        _monitor.Waits(2, 8, TimeSpan.FromSeconds(9), "ConnectionLost");
        Assert.Equal("retry 2 of 8 in 9 s: ConnectionLost", _monitor.RetryText);
        Assert.Equal(1, _monitor.Retrying);
        _monitor.EndsRetrying();
        Assert.Null(_monitor.RetryText);
        Assert.Equal((2, 1), (_monitor.Requests, _monitor.Retries));
    }

    [Fact]
    public void AMinuteWithoutSuccessIsAWarningAndSoIsEachMinuteAfterIt()
    {
        _clock.Add(600);
        _monitor.Sends(isRetry: false);
        _monitor.Waits(1, 8, TimeSpan.FromSeconds(1), "SlowDown");
        Assert.Null(_warning.Take());
        _clock.Add(59);
        Assert.Null(_warning.Take());
        _clock.Add(2);
        Assert.Equal(
            "No request has succeeded for 1 minute; being retried: 1. The latest: retry 1 of 8: SlowDown.", _warning.Take());
        Assert.Null(_warning.Take());
        _clock.Add(60);
        Assert.StartsWith("No request has succeeded for 2 minutes", _warning.Take(), StringComparison.Ordinal);
        _monitor.Succeeds();
        _clock.Add(59);
        Assert.Null(_warning.Take());
        _clock.Add(1);
        Assert.NotNull(_warning.Take());
    }

    [Fact]
    public void AMinuteWithoutSuccessIsNoWarningWhereNothingIsRetried()
    {
        _monitor.Sends(isRetry: false);
        _clock.Add(120);
        Assert.Null(_warning.Take());
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_ticks);

        internal void Add(double seconds) => _ticks += TimeSpan.FromSeconds(seconds).Ticks;
    }
}
