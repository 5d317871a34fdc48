using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Tests.Replication;

public sealed class EdgeLagTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static DatasetInventory Dataset(string name, params int[] hours) =>
        new()
        {
            Name = DatasetName.Parse(name),
            Snapshots =
            [
                .. hours.Select(h => new Snapshot(new SnapshotGuid((ulong)h), $"h{h}", (ulong)h)
                {
                    CreatedAt = Start.AddHours(h),
                }),
            ],
        };

    private static EdgeLag Measure(DatasetInventory? source, DatasetInventory? target, EdgePolicy? policy = null) =>
        EdgeLag.Measure(
            new EdgeFacts
            {
                Source = source,
                Target = target,
                TargetName = DatasetName.Parse("b/d"),
                Now = Start.AddHours(100),
            },
            policy ?? EdgePolicy.Default
        );

    [Fact]
    public void A_target_with_everything_is_not_behind() =>
        Measure(Dataset("a/d", 1, 2, 3), Dataset("b/d", 2, 3))
            .ShouldSatisfyAllConditions(
                lag => lag.Snapshots.ShouldBe(0),
                lag => lag.Behind.ShouldBe(TimeSpan.Zero),
                lag => lag.Proven!.Label.ShouldBe("h3")
            );

    [Fact]
    public void Lag_counts_from_the_newest_common_snapshot() =>
        Measure(Dataset("a/d", 1, 2, 3, 7), Dataset("b/d", 2))
            .ShouldSatisfyAllConditions(
                lag => lag.Snapshots.ShouldBe(2),
                lag => lag.Behind.ShouldBe(TimeSpan.FromHours(5)),
                lag => lag.Proven!.Label.ShouldBe("h2")
            );

    [Fact]
    public void An_absent_target_lacks_everything_and_has_no_age() =>
        Measure(Dataset("a/d", 1, 2), null).ShouldBe(new EdgeLag(2, null, null));

    [Fact]
    public void A_copy_lacks_something_since_the_oldest_missing_snapshot_was_old_enough()
    {
        var policy = new EdgePolicy { MinAge = TimeSpan.FromHours(5) };
        Measure(Dataset("a/d", 1, 2, 3, 7), Dataset("b/d", 2), policy).MissingSince.ShouldBe(Start.AddHours(3 + 5));
        Measure(Dataset("a/d", 1, 2), Dataset("b/d", 2), policy).MissingSince.ShouldBeNull();
        Measure(Dataset("a/d", 1, 2), null, policy).MissingSince.ShouldBeNull("nothing is copied yet");
    }

    [Fact]
    public void Snapshots_that_are_not_wanted_or_too_young_do_not_count() =>
        Measure(
            Dataset("a/d", 1, 2, 3, 99),
            Dataset("b/d", 1),
            new EdgePolicy { Snapshots = new SnapshotSelection([], ["h2"]), MinAge = TimeSpan.FromHours(5) }
        )
            .Snapshots.ShouldBe(1);

    [Fact]
    public void Hosts_without_guids_are_matched_by_name_and_second()
    {
        var guidless = Dataset("b/d", 1, 2) is var d
            ? d with
            {
                Snapshots = [.. d.Snapshots.Select(s => s with { Guid = SnapshotGuid.Unknown })],
            }
            : null;
        Measure(Dataset("a/d", 1, 2, 3), guidless).Snapshots.ShouldBe(1);
    }
}
