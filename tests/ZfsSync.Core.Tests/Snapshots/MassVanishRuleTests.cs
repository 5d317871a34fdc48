using Shouldly;
using Xunit;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Tests.Snapshots;

public class MassVanishRuleTests
{
    [Theory, Trait("Scenario", "99")]
    [InlineData(100, 51, true)]
    [InlineData(100, 50, false)]
    [InlineData(10, 10, true)]
    [InlineData(9, 9, false)]
    [InlineData(0, 0, false)]
    public void More_than_half_and_at_least_ten_freeze_the_host(int known, int vanished, bool freezes) =>
        (MassVanishRule.Default.Reason(known, vanished) is not null).ShouldBe(freezes);

    [Fact, Trait("Scenario", "99")]
    public void The_reason_has_the_numbers() =>
        MassVanishRule.Default.Reason(200, 150)!.ShouldContain("150 of 200 snapshots");
}
