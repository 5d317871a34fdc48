using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

/// <summary>How many bytes a plan expects to move: snapshot n of these wrote n bytes, and refers to 100.</summary>
public class EstimateTests
{
    [Fact]
    public void An_increment_brings_what_each_snapshot_after_its_base_wrote() =>
        Estimates("@a,1 @b,2 @c,3 @d,4", "@a,1").ShouldBe([9UL]);

    [Fact]
    public void What_an_excluded_snapshot_wrote_comes_with_the_next_one_that_arrives() =>
        Estimates("@d1,1 @h1,2 @d2,3 @d3,4 @h2,5 @d4,6", "@d1,1", Edge.Only("d*")).ShouldBe([5UL, 4UL, 11UL]);

    [Fact]
    public void A_first_replication_brings_the_oldest_snapshot_whole_and_the_changes_after_it() =>
        Estimates("@a,1 @b,2 @c,3", null).ShouldBe([100UL, 5UL]);

    [Fact]
    public void A_bookmark_is_a_base_like_any_other() => Estimates("#a,1 @b,2 @c,3", "@a,1").ShouldBe([2UL, 3UL]);

    [Fact]
    public void An_increment_whose_snapshots_size_nobody_told_is_not_estimated() =>
        Plan("@a,1 @b,2 @c,3", "@a,1", changed: s => s.Label == "b" ? s with { WrittenBytes = null } : s)
            .ShouldBeOfType<Incremental>()
            .Steps.Single()
            .EstimatedBytes.ShouldBeNull();

    [Theory]
    [InlineData(3, 1, 2, 3)] // @b and @c, less what is there
    [InlineData(3, 1, 9, 0)]
    [InlineData(1, null, 60, 40)]
    [InlineData(3, 77, 2, null)] // the base is gone
    public void A_receive_that_was_cut_lacks_the_rest(int to, int? from, int received, int? rest)
    {
        var token = new ResumeToken(
            "1-abc",
            new SnapshotGuid((ulong)to),
            from is { } guid ? new SnapshotGuid((ulong)guid) : null,
            "tank/data@x",
            (ulong)received
        );
        StepPlanner
            .Rest(token, Sized(Edge.Of("@a,1 @b,2 @c,3", null)).Source!.Snapshots)
            .EstimatedBytes.ShouldBe((ulong?)rest);
    }

    private static IEnumerable<ulong?> Estimates(string source, string? target, EdgePolicy? policy = null) =>
        Plan(source, target, policy) switch
        {
            Full full => full.Steps.Select(step => step.EstimatedBytes),
            Incremental increment => increment.Steps.Select(step => step.EstimatedBytes),
            var other => throw new InvalidOperationException(other.Text()),
        };

    private static ReplicationDecision Plan(
        string source,
        string? target,
        EdgePolicy? policy = null,
        Func<Snapshot, Snapshot>? changed = null
    ) => Sized(Edge.Of(source, target), changed).Plan(policy);

    private static EdgeFacts Sized(EdgeFacts facts, Func<Snapshot, Snapshot>? changed = null) =>
        facts.Source(dataset =>
            dataset with
            {
                Snapshots =
                [
                    .. dataset
                        .Snapshots.Select(s => s with { WrittenBytes = s.Guid.Value, ReferencedBytes = 100 })
                        .Select(changed ?? (s => s)),
                ],
            }
        );
}
