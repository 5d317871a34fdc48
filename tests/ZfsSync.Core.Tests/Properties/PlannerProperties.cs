using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Core.Tests.Replication;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Properties;

/// <summary>What holds for every history, tried on thousands that are made up, against a model of what ZFS accepts.</summary>
public class PlannerProperties
{
    private static readonly Gen<byte[]> Scripts = Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf();

    [Fact]
    public void Executing_a_plan_and_planning_again_finds_nothing_to_do() =>
        ForAll(edge =>
        {
            for (var rounds = 0; Runs(edge.Plan()); rounds++)
            {
                rounds.ShouldBeLessThan(4);
                edge.Execute(edge.Plan()).ShouldBeTrue();
            }
            var before = edge.Plan();
            before.ShouldBeAssignableTo<ReplicationDecision>();
            (before is UpToDate or Nothing or Conflict).ShouldBeTrue();
        });

    [Fact]
    public void The_made_up_histories_meet_every_decision_often()
    {
        var met = new Dictionary<string, int>(StringComparer.Ordinal);
        ForAll(edge =>
        {
            var decision = edge.Plan();
            var kind = decision is Conflict conflict ? $"{conflict.Kind}" : decision.GetType().Name;
            met[kind] = met.GetValueOrDefault(kind) + 1;
        });
        foreach (
            var (kind, times) in new (string, int)[]
            {
                ("Full", 500),
                ("Incremental", 500),
                ("UpToDate", 300),
                ("Resume", 150),
                ("AbortPartial", 40),
                ("NoCommonAncestor", 300),
                ("Diverged", 150),
                ("TargetModified", 40),
                ("TargetAhead", 5),
                ("NameClash", 5),
            }
        )
            met.GetValueOrDefault(kind).ShouldBeGreaterThanOrEqualTo(times, kind);
    }

    [Fact]
    public void What_arrives_is_what_the_policy_wants_after_the_base_and_nothing_else() =>
        ForAll(edge =>
        {
            var had = edge.Target.Snapshots.Select(s => s.Guid).ToHashSet();
            var plan = edge.Plan();
            if (plan is not (Full or Incremental))
                return;
            var from = plan is Incremental { Base: var anchor } ? TxgAtSource(edge, anchor) : 0;
            var old = edge.Facts().Now - edge.Policy.MinAge;
            var wanted = edge
                .Source.Snapshots.Where(s =>
                    s.CreateTxg > from && edge.Policy.Snapshots.Wants(s.Label) && s.CreatedAt <= old
                )
                .Select(s => s.Guid)
                .ToList();
            if (plan is Full && edge.Policy.Initial == InitialSend.NewestOnly)
                wanted = [wanted[^1]];
            edge.Execute(plan);
            edge.Target.Snapshots.Where(s => !had.Contains(s.Guid)).Select(s => s.Guid).ShouldBe(wanted);
        });

    [Fact]
    public void No_default_plan_loses_a_snapshot_or_a_write_of_the_target() =>
        ForAll(edge =>
        {
            var had = edge.Target.Snapshots.Select(s => s.Guid).ToList();
            var written = edge.Target.Written;
            var plan = edge.Plan();
            plan.ShouldNotBeOfType<ApprovedRepair>();
            (plan as Full)?.OverwritesEmpty.ShouldBeFalse();
            if (Runs(plan))
                edge.Execute(plan);
            edge.Target.Snapshots.Take(had.Count).Select(s => s.Guid).ShouldBe(had);
            edge.Target.Written.ShouldBe(written);
        });

    [Fact]
    public void The_order_of_the_lists_does_not_matter() =>
        ForAll(edge =>
        {
            var facts = edge.Facts();
            var shuffled = facts with { Source = Shuffled(facts.Source), Target = Shuffled(facts.Target) };
            Shape(ReplicationPlanner.Plan(shuffled, edge.Policy)).ShouldBe(Shape(edge.Plan()));
        });

    [Fact]
    public void Names_do_not_matter_where_nothing_is_selected_by_name() =>
        ForAll(edge =>
        {
            var policy = edge.Policy with { Snapshots = SnapshotSelection.All };
            var facts = edge.Facts();
            // Another name for each name, so that what clashed still clashes and what did not still does not.
            static DatasetInventory? Other(DatasetInventory? dataset) =>
                dataset is null
                    ? null
                    : dataset with
                    {
                        Snapshots =
                        [
                            .. dataset.Snapshots.Select(s => s with { Label = $"zz {s.Label.Length}:{s.Label}" }),
                        ],
                        Bookmarks = [.. dataset.Bookmarks.Select(b => b with { Label = $"0-{b.Label}" })],
                    };
            var renamed = facts with { Source = Other(facts.Source), Target = Other(facts.Target) };
            Shape(ReplicationPlanner.Plan(renamed, policy)).ShouldBe(Shape(ReplicationPlanner.Plan(facts, policy)));
        });

    [Fact, Trait("Scenario", "48"), Trait("Scenario", "54")]
    public void After_any_crash_at_any_step_the_next_plan_still_reaches_the_target() =>
        ForAll(edge =>
        {
            var whole = edge.Copy();
            var arrivals = 0;
            while (Runs(whole.Plan()))
            {
                var before = whole.Target.Snapshots.Count;
                whole.Execute(whole.Plan());
                arrivals += whole.Target.Snapshots.Count - before;
            }
            for (var cut = 0; cut < arrivals; cut++)
            {
                var crashed = edge.Copy();
                var left = cut;
                for (var rounds = 0; Runs(crashed.Plan()); rounds++)
                {
                    rounds.ShouldBeLessThan(8);
                    var before = crashed.Target.Snapshots.Count;
                    crashed.Execute(crashed.Plan(), left);
                    left -= crashed.Target.Snapshots.Count - before;
                    if (left == 0)
                        left = -1;
                }
                Shape(crashed.Plan()).ShouldBe(Shape(whole.Plan()));
                Guids(crashed).ShouldBe(Guids(whole), ignoreOrder: false);
            }
        });

    [Fact, Trait("Scenario", "51"), Trait("Scenario", "41")]
    public void After_a_crash_and_the_loss_of_a_source_snapshot_the_rest_still_arrives() =>
        ForAll(edge =>
        {
            if (edge.Plan() is not (Full or Incremental))
                return;
            edge.Execute(edge.Plan(), cut: 0);
            // The snapshot that was cut is the one that goes; the base stays, as holds and bookmarks see to.
            var cutGuid = ((edge.Plan() as Resume)?.Step.Token.ToGuid) ?? default;
            for (var i = 0; i < edge.Source.Snapshots.Count; i++)
            {
                if (edge.Source.Snapshots[i].Guid == cutGuid)
                    edge.Source.Destroy(i);
            }
            for (var rounds = 0; Runs(edge.Plan()); rounds++)
            {
                rounds.ShouldBeLessThan(4);
                edge.Execute(edge.Plan());
            }
            (edge.Plan() is UpToDate or Nothing or Conflict { Kind: ConflictKind.NameClash }).ShouldBeTrue(
                Shape(edge.Plan())
            );
        });

    private static void ForAll(Action<ModelEdge> holds) =>
        Check.One(
            Config
                .QuickThrowOnFailure.WithQuietOnSuccess(true)
                .WithMaxTest(4000)
                .WithStartSize(8)
                .WithEndSize(90)
                .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260101, 7), FSharpOption<int>.None))),
            Prop.ForAll(Arb.From(Scripts, Shorter), script => holds(new ModelEdge(script)))
        );

    /// <summary>The script without one of its events.</summary>
    private static IEnumerable<byte[]> Shorter(byte[] script) =>
        Enumerable.Range(0, script.Length / 2).Select(i => (byte[])[.. script[..(i * 2)], .. script[(i * 2 + 2)..]]);

    private static bool Runs(ReplicationDecision decision) => decision is Full or Incremental or Resume or AbortPartial;

    private static ulong TxgAtSource(ModelEdge edge, Anchor anchor)
    {
        var source = edge.Facts().Source!;
        return anchor.IsBookmark
            ? source.Bookmarks.First(b => b.Guid == anchor.Guid).CreateTxg
            : source.Snapshots.Single(s => s.Guid == anchor.Guid).CreateTxg;
    }

    private static IEnumerable<SnapshotGuid> Guids(ModelEdge edge) => edge.Target.Snapshots.Select(s => s.Guid);

    private static DatasetInventory? Shuffled(DatasetInventory? dataset) =>
        dataset is null
            ? null
            : dataset with
            {
                Snapshots = [.. dataset.Snapshots.OrderBy(s => s.Guid.Value * 2654435761 % 1009)],
                Bookmarks = [.. dataset.Bookmarks.OrderBy(b => b.Guid.Value * 2654435761 % 1009).Reverse()],
            };

    /// <summary>A decision without names: kinds and guids.</summary>
    private static string Shape(ReplicationDecision decision) =>
        decision switch
        {
            UpToDate d => $"up to date {d.Newest.Guid}",
            Full d => $"{d.Abort} {Shape(d.Steps)}",
            Incremental d => $"{d.Abort} {Shape(d.Steps)}",
            Resume d => $"resume {d.Step.EndGuid}",
            Conflict d =>
                $"{d.Kind} {d.Evidence.NewestCommon?.Guid} s {Shape(d.Evidence.SourceOnly)} t {Shape(d.Evidence.TargetOnly)} {string.Join(';', d.Repairs.Select(r => $"{r.Kind} {Shape(r.Destroys)}"))}",
            _ => decision.Text(),
        };

    private static string Shape(IEnumerable<Snapshot> snapshots) => string.Join(',', snapshots.Select(s => s.Guid));

    private static string Shape(IEnumerable<SendStep> steps) =>
        string.Join(
            ' ',
            steps.Select(s =>
                s switch
                {
                    SendStep.Full f => $"full {f.To.Guid}",
                    SendStep.Incremental i => $"-i {i.From.Guid}{(i.From.IsBookmark ? "#" : "")} {i.To.Guid}",
                    SendStep.Range r => $"-I {r.From.Guid} {Shape(r.Arriving)}",
                    _ => s.ToString(),
                }
            )
        );
}
