using Shouldly;
using Xunit;
using ZfsSync.Testing;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

public sealed class StoredClockTests
{
    [Fact]
    public void What_is_told_as_now_is_what_the_database_gives_back_of_it()
    {
        var odd = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddTicks(7);
        var now = new StoredClock(new ManualTimeProvider(odd)).GetUtcNow();

        ColumnMapping.FromMicroseconds(ColumnMapping.ToMicroseconds(now)).ShouldBe(now);
        (odd - now).Ticks.ShouldBe(7);
    }
}
