using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;

namespace ZfsSync.Core.Tests.Replication;

public sealed class EdgeGatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static HostStanding Host(string name) =>
        new(name) { Silence = TimeSpan.FromMinutes(1), SilenceLimit = TimeSpan.FromMinutes(15) };

    [Fact]
    public void Two_hosts_in_good_standing_may_be_compared() =>
        EdgeGates.BeforeComparing(Host("alpha"), Host("beta")).ShouldBeNull();

    [Fact]
    [Trait("Scenario", "98")]
    public void A_host_silent_for_too_long_is_not_believed()
    {
        var silent = Host("beta") with { Silence = TimeSpan.FromHours(3) };
        var gate = EdgeGates.BeforeComparing(Host("alpha"), silent).ShouldNotBeNull();
        gate.Reason.ShouldBe(ReasonCode.TargetStale);
        gate.Detail.ShouldContain("beta has been silent for 3 h, longer than 15 min");
        EdgeGates.BeforeComparing(silent, Host("alpha"))!.Reason.ShouldBe(ReasonCode.SourceStale);
    }

    [Fact]
    public void A_host_that_never_reported_is_named()
    {
        var unheard = Host("gamma") with { Silence = null };
        EdgeGates.BeforeComparing(unheard, Host("b"))!.Reason.ShouldBe(ReasonCode.SourceNeverReported);
        EdgeGates.BeforeComparing(Host("a"), unheard)!.Reason.ShouldBe(ReasonCode.TargetNeverReported);
    }

    [Fact]
    [Trait("Scenario", "99")]
    public void A_frozen_host_stands_still_and_says_why()
    {
        var frozen = Host("alpha") with { FrozenReason = "60 of 100 snapshots vanished." };
        var gate = EdgeGates.BeforeComparing(frozen, Host("beta")).ShouldNotBeNull();
        gate.Reason.ShouldBe(ReasonCode.HostFrozen);
        gate.Detail.ShouldContain("60 of 100 snapshots vanished.");
    }

    [Fact]
    [Trait("Scenario", "85")]
    public void A_cut_report_decides_nothing() =>
        EdgeGates
            .BeforeComparing(Host("alpha"), Host("beta") with { IsComplete = false })!
            .Reason.ShouldBe(ReasonCode.InventoryIncomplete);

    [Fact]
    [Trait("Scenario", "92")]
    public void An_executor_without_ssh_name_of_the_other_host_sends_nothing()
    {
        var gate = EdgeGates.BeforeSending(new SendStanding { Now = Now, MissingIdentity = ("beta", "alpha") });
        gate!.Reason.ShouldBe(ReasonCode.MissingSshIdentity);
        gate.Detail.ShouldContain("set ssh_hostname");
    }

    [Fact]
    public void A_retry_is_waited_for_until_its_instant()
    {
        var standing = new SendStanding
        {
            Now = Now,
            Failures = 2,
            RetryAt = Now.AddSeconds(60),
        };
        var gate = EdgeGates.BeforeSending(standing)!;
        gate.Reason.ShouldBe(ReasonCode.BackingOff);
        gate.Detail.ShouldBe("The last 2 attempts failed; the next attempt is due at 2026-01-02 03:05:05Z, in 60 s.");
        EdgeGates.BeforeSending(standing with { Now = Now.AddSeconds(60) }).ShouldBeNull();
    }

    [Fact]
    public void A_retry_further_off_than_any_wait_is_of_a_clock_that_was_put_back() =>
        EdgeGates
            .BeforeSending(
                new SendStanding
                {
                    Now = Now,
                    Failures = 2,
                    RetryAt = Now.AddDays(30),
                }
            )
            .ShouldBeNull();

    [Fact]
    [Trait("Scenario", "55")]
    public void A_child_waits_for_its_parent() =>
        EdgeGates
            .BeforeSending(new SendStanding { Now = Now, WaitsFor = "backup/home" })!
            .Reason.ShouldBe(ReasonCode.WaitsForParent);

    [Fact]
    public void A_group_that_is_switched_off_sends_nothing() =>
        EdgeGates
            .BeforeSending(new SendStanding { Now = Now, IsGroupEnabled = false })!
            .Reason.ShouldBe(ReasonCode.GroupDisabled);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(7, 1920)]
    [InlineData(8, 3600)]
    [InlineData(1_000_000, 3600)]
    public void The_wait_doubles_up_to_an_hour(int failures, int seconds) =>
        BackOff.After(failures).ShouldBe(TimeSpan.FromSeconds(seconds));
}
