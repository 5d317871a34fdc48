using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Shouldly;
using Xunit;

namespace ZfsSync.Core.Tests.Properties;

/// <summary>What holds for every mesh whose hosts have not diverged.</summary>
public class MeshProperties
{
    private static readonly Gen<byte[]> Scripts = Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf();

    [Fact]
    public void Adding_a_target_changes_no_other_edge() =>
        ForAll(mesh =>
        {
            var before = Edges(mesh);
            mesh.AddHost();
            Edges(mesh).Where(e => e.Target < mesh.Hosts.Count - 1).ShouldBe(before);
        });

    [Fact]
    public void Each_target_has_one_source_and_never_itself() =>
        ForAll(mesh =>
        {
            var edges = Edges(mesh);
            edges.Select(e => e.Target).ShouldBeUnique();
            edges.ShouldAllBe(e => e.Giver != e.Target);
        });

    [Fact]
    public void Nobody_gives_to_a_host_that_gives_to_it() =>
        ForAll(mesh =>
        {
            var edges = Edges(mesh);
            foreach (var (giver, target) in edges)
                edges.ShouldNotContain((target, giver));
        });

    [Fact]
    public void Carrying_out_the_edges_brings_every_host_to_the_newest_snapshot()
    {
        var (stuck, edgesDone) = (0, 0);
        ForAll(mesh =>
        {
            for (var round = 0; mesh.Plan() is { Count: > 0 } edges; round++)
            {
                round.ShouldBeLessThan(mesh.Hosts.Count + 1);
                edgesDone += edges.Count;
                foreach (var edge in edges)
                    mesh.Execute(edge);
            }
            // A host whose last common snapshot is gone everywhere else is a conflict for people, not an edge.
            var newest = mesh.Hosts.Max(h => h.Snapshots.Count == 0 ? 0 : h.Snapshots[^1].Guid.Value);
            if (newest > 0 && mesh.Hosts.Any(h => h.Snapshots.Count == 0 || h.Snapshots[^1].Guid.Value != newest))
                stuck++;
        });
        edgesDone.ShouldBeGreaterThan(4000);
        stuck.ShouldBeLessThan(40);
    }

    private static List<(int Giver, int Target)> Edges(ModelMesh mesh) =>
        [.. mesh.Plan().Select(e => (e.Giver, e.Target))];

    private static void ForAll(Action<ModelMesh> holds) =>
        Check.One(
            Config
                .QuickThrowOnFailure.WithQuietOnSuccess(true)
                .WithMaxTest(2000)
                .WithStartSize(4)
                .WithEndSize(60)
                .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260102, 9), FSharpOption<int>.None))),
            Prop.ForAll(Arb.From(Scripts), script => holds(new ModelMesh(3 + script.Length % 3, script)))
        );
}
