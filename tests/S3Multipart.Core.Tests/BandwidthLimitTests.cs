using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class BandwidthLimitTests
{
    private static readonly BandwidthLimit s_office = new(
    [
        (new TimeOnly(19, 0), null),
        (new TimeOnly(8, 0), 5 << 20),
    ]);

    [Theory]
    [InlineData("00:00", null)]
    [InlineData("07:59", null)]
    [InlineData("08:00", 5L << 20)]
    [InlineData("18:59", 5L << 20)]
    [InlineData("19:00", null)]
    [InlineData("23:59", null)]
    public void A_line_holds_until_the_next_and_the_last_past_midnight(string time, long? expected) =>
        Assert.Equal(expected, s_office.At(TimeOnly.Parse(time, null)));

    [Fact]
    public void One_rate_holds_all_day() =>
        Assert.Equal((1024L, 1024L, 1024L),
            (new BandwidthLimit(1024).At(TimeOnly.MinValue), new BandwidthLimit(1024).Highest, new BandwidthLimit(1024).Lowest));

    [Fact]
    public void A_time_without_a_limit_has_no_highest_rate()
    {
        Assert.Null(s_office.Highest);
        Assert.Equal(5 << 20, s_office.Lowest);
        Assert.Equal("08:00 5.0 MiB/s, 19:00 unlimited", s_office.ToString());
    }

    [Theory]
    [InlineData("5MB", true, 5L << 20)]
    [InlineData("1024", true, 1024L)]
    [InlineData("Unlimited", true, null)]
    [InlineData("1023", false, null)]
    [InlineData("0", false, null)]
    [InlineData("fast", false, null)]
    public void A_rate_is_a_size_or_unlimited(string text, bool isRate, long? expected)
    {
        Assert.Equal(isRate, BandwidthLimit.TryParseRate(text, out long? rate));
        Assert.Equal(expected, rate);
    }

    [Fact]
    public async Task The_rate_changes_while_bytes_are_sent()
    {
        Clock clock = new(new DateTime(2026, 11, 28, 7, 59, 59, DateTimeKind.Utc));
        Bandwidth bandwidth = new(new BandwidthLimit([(new TimeOnly(8, 0), 1 << 20), (new TimeOnly(19, 0), null)]), 1, clock);
        long start = Environment.TickCount64;
        await TakeAsync(bandwidth, 100);
        Assert.True(Environment.TickCount64 - start < 1000);
        clock.Now = clock.Now.AddSeconds(1);
        start = Environment.TickCount64;
        await TakeAsync(bandwidth, 5);
        // The first of five slices of a quarter MiB leaves at once.
        Assert.True(Environment.TickCount64 - start >= 900);
    }

    private static async Task TakeAsync(Bandwidth bandwidth, int slices)
    {
        for (int i = 0; i < slices; i++)
        {
            await bandwidth.TakeAsync(256 << 10, () => { }, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Clock(DateTime now) : TimeProvider
    {
        internal DateTime Now { get; set; } = now;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);
    }
}
