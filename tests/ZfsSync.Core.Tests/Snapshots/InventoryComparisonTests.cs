using Shouldly;
using Xunit;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Tests.Snapshots;

public class InventoryComparisonTests
{
    [Fact, Trait("Scenario", "80")]
    public void The_same_report_again_changes_nothing() => Compare("@a,1 @b,2", "@b,2 @a,1").IsUnchanged.ShouldBeTrue();

    [Fact, Trait("Scenario", "82")]
    public void What_a_complete_report_no_longer_names_has_vanished()
    {
        var change = Compare("@a,1 @b,2 @c,3", "@a,1 @d,4");
        change.Vanished.Select(s => s.Label).ShouldBe(["b", "c"]);
        change.Appeared.Select(s => s.Label).ShouldBe(["d"]);
    }

    [Fact, Trait("Scenario", "27")]
    public void A_renamed_snapshot_neither_vanishes_nor_appears()
    {
        var change = Compare("@a,1 @b,2", "@x,1 @b,2");
        change.Renamed.ShouldHaveSingleItem().FormerLabel.ShouldBe("a");
        change.Appeared.ShouldBeEmpty();
        change.Vanished.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_name_with_another_guid_is_another_snapshot()
    {
        var change = Compare("@a,1", "@a,2");
        change.Vanished.ShouldHaveSingleItem().Guid.Value.ShouldBe(1UL);
        change.Appeared.ShouldHaveSingleItem().Guid.Value.ShouldBe(2UL);
    }

    [Fact]
    public void Without_guids_label_and_second_are_the_identity()
    {
        var change = Compare("@a,0,1 @b,0,2", "@a,0,1 @b,0,3");
        change.Vanished.ShouldHaveSingleItem().CreateTxg.ShouldBe(2UL);
        change.Appeared.ShouldHaveSingleItem().CreateTxg.ShouldBe(3UL);
    }

    private static InventoryComparison Compare(string known, string reported) =>
        InventoryComparison.Of(
            SnapshotText.Dataset("tank", known).Snapshots,
            SnapshotText.Dataset("tank", reported).Snapshots
        );
}
