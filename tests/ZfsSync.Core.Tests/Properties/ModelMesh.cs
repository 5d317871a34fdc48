using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Core.Topology;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Properties;

/// <summary>Some hosts with a copy of one logical dataset each, whose past is made from a script of bytes.</summary>
internal sealed class ModelMesh
{
    private readonly List<ModelDataset> hosts;
    private ulong nextGuid = 1;

    /// <param name="count">How many hosts.</param>
    /// <param name="script">Two bytes for each event. Snapshots are taken where the history is longest, so that nobody diverges.</param>
    public ModelMesh(int count, byte[] script)
    {
        hosts = [.. Enumerable.Range(0, count).Select(i => new ModelDataset($"pool{i}/data"))];
        hosts[0].Create();
        for (var i = 0; i + 1 < script.Length; i += 2)
            Happen(script[i] % 8, script[i + 1]);
    }

    public IReadOnlyList<ModelDataset> Hosts => hosts;

    /// <summary>The edges of one round of planning: who gives to whom.</summary>
    public List<(int Giver, int Target, ReplicationDecision Plan)> Plan()
    {
        var targets = Enumerable.Range(0, hosts.Count).Select(Target).ToList();
        var chosen = MeshSources.Choose([.. targets.Select(t => t.Target)]);
        return
        [
            .. from target in Enumerable.Range(0, hosts.Count)
            where chosen[target] is not null
            let offer = chosen[target]!.Value
            select (targets[target].Target.Offers[offer].Giver, target, targets[target].Plans[offer]),
        ];
    }

    public void Execute((int Giver, int Target, ReplicationDecision Plan) edge) =>
        Edge(edge.Giver, edge.Target).Execute(edge.Plan);

    public void AddHost() => hosts.Add(new ModelDataset($"pool{hosts.Count}/data"));

    private (MeshTarget Target, List<ReplicationDecision> Plans) Target(int target)
    {
        var offers = new List<MeshOffer>();
        var plans = new List<ReplicationDecision>();
        int? holder = null;
        for (var giver = 0; giver < hosts.Count; giver++)
        {
            if (giver == target)
                continue;
            var plan = Edge(giver, target).Plan();
            if (plan is UpToDate)
                holder ??= giver;
            var steps = (plan as Full)?.Steps ?? (plan as Incremental)?.Steps;
            if (steps is null)
                continue;
            plans.Add(plan);
            var end = hosts[giver].Snapshots.Single(s => s.Guid == steps[^1].EndGuid);
            offers.Add(
                new MeshOffer(giver, end, steps.Sum(s => s is SendStep.Range r ? r.Arriving.Count : 1))
                {
                    History = hosts[giver].Snapshots,
                }
            );
        }
        return (new MeshTarget(offers) { Settled = offers.Count == 0 ? holder : null }, plans);
    }

    private ModelEdge Edge(int giver, int target) => new([]) { Source = hosts[giver], Target = hosts[target] };

    private void Happen(int kind, byte argument)
    {
        var host = argument % hosts.Count;
        switch (kind)
        {
            case <= 2:
                var leader = hosts.MaxBy(h => h.Snapshots.Count == 0 ? 0 : h.Snapshots[^1].Guid.Value)!;
                leader.Take(new SnapshotGuid(nextGuid), $"s{nextGuid++}");
                break;
            case <= 6:
                var edge = Edge(argument / hosts.Count % hosts.Count, host);
                if (edge.Source != edge.Target && edge.Plan() is var plan and (Full or Incremental))
                    edge.Execute(plan);
                break;
            default:
                // The newest one stays: retention never takes a dataset's last snapshot.
                if (hosts[host].Snapshots.Count > 1)
                    hosts[host].Destroy(argument % (hosts[host].Snapshots.Count - 1));
                break;
        }
    }
}
