using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands.Native;

namespace ZfsSync.Tests.Tools;

/// <summary>The bucket by itself, on a clock of its own.</summary>
public sealed class RateLimitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    [InlineData(5_000_000_000)]
    public void A_minute_passes_a_minutes_bytes_and_a_buckets(long bytesPerSecond)
    {
        var clock = new SteppedClock();
        var limit = new RateLimit(bytesPerSecond, clock);
        var bytes = 0L;
        for (; clock.Elapsed < TimeSpan.FromMinutes(1); clock.Advance(limit.Delay()))
        {
            while (limit.Delay() == TimeSpan.Zero)
            {
                limit.Charge(limit.SliceBytes);
                bytes += limit.SliceBytes;
            }
        }
        ((double)bytes).ShouldBeInRange(bytesPerSecond * 59.9, bytesPerSecond * 60.2 + 2 * limit.SliceBytes);
    }

    [Fact]
    public void Low_rates_go_in_small_slices()
    {
        new RateLimit(10_000, new SteppedClock()).SliceBytes.ShouldBe(500);
        new RateLimit(1, new SteppedClock()).SliceBytes.ShouldBe(1);
    }

    [Fact]
    public void A_pause_is_not_caught_up_with()
    {
        var clock = new SteppedClock();
        var limit = new RateLimit(1000, clock);
        clock.Advance(TimeSpan.FromHours(1));
        var burst = 0;
        for (; limit.Delay() == TimeSpan.Zero; burst += limit.SliceBytes)
            limit.Charge(limit.SliceBytes);
        burst.ShouldBeLessThanOrEqualTo(150);
    }

    private sealed class SteppedClock : TimeProvider
    {
        public TimeSpan Elapsed { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public void Advance(TimeSpan by) => Elapsed += TimeSpan.FromTicks(Math.Max(by.Ticks, 1));
    }
}
