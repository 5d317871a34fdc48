using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;
using ZfsSync.Simulation;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>What users do on hosts, and people at the witness. What zfs or the witness refuses was only tried.</summary>
internal sealed class FaultUsers(FaultWorld world)
{
    private readonly HashSet<string> _emptied = new(StringComparer.Ordinal);

    /// <summary>Whether users took away something below this dataset, whatever it was called then.</summary>
    public bool HaveEmptied(string host, string dataset) => _emptied.Contains($"{host}:{dataset}");

    public void Act(FaultEvent what) => world.Ledger.AsUser(() => Try(() => ActOn(what)));

    /// <summary>Approves a repair that an edge offers.</summary>
    public async Task<bool> ApproveAsync(EdgeResource edge, RepairOption repair)
    {
        world.Ledger.Approve(
            edge.Target.Hostname,
            edge.Target.Dataset,
            repair.Destroys.Select(guid => guid.Value),
            repair.LosesWrites
        );
        try
        {
            await world.Witness.Admin.ApproveAsync(
                edge.EdgeId,
                new RepairApproval { Kind = repair.Kind, Destroys = repair.Destroys },
                default
            );
            return true;
        }
        catch (WitnessException)
        {
            return false;
        }
    }

    public async Task ApproveSomeAsync(FaultEvent what)
    {
        var edges = await world.Witness.Admin.EdgesAsync(null, default);
        var offers = edges
            .SelectMany(edge => edge.Repairs.Where(r => r.Executable).Select(repair => (edge, repair)))
            .ToList();
        if (offers.Count > 0)
            await ApproveAsync(offers[what.Which % offers.Count].edge, offers[what.Which % offers.Count].repair);
    }

    public Task ThawAsync(string host) =>
        world.Witness.Admin.UpdateSystemAsync(world.Systems[host], new SystemUpdate { Frozen = false }, default);

    public void LoadKeys(string host)
    {
        foreach (
            var root in world
                .Hosts[host]
                .State.Pools.Values.SelectMany(pool => pool.Datasets)
                .Where(dataset => dataset.Encryption?.Root is { IsLoaded: false })
        )
            world.Ledger.AsUser(() =>
                Try(() => world.Hosts[host].Zfs($"load-key -L {root.Encryption!.Root!.Secret} {root.FullName}"))
            );
    }

    public Task SwitchGroupAsync(bool enabled) =>
        world.Witness.Admin.UpdateGroupAsync(world.GroupId, new GroupDefinition { Enabled = enabled }, default);

    private void ActOn(FaultEvent what)
    {
        var host = world.Hosts[world.HostNames[what.Host % world.HostNames.Length]];
        var datasets = host
            .State.Pools.Values.SelectMany(pool => pool.Datasets)
            .Where(dataset =>
                dataset.Parent is not null && !dataset.FullName.EndsWith("/copies", StringComparison.Ordinal)
            )
            .ToList();
        if (datasets.Count == 0 && what.Kind != FaultKind.CreateDataset)
            return;
        var dataset = datasets.Count == 0 ? null! : datasets[what.Which % datasets.Count];
        // The source's side is where most of the life is.
        if (what.Kind is FaultKind.Snapshot or FaultKind.Write && what.Amount % 4 != 0)
        {
            host = world.Hosts["h0"];
            var source = host.State.Pools["p0"].Datasets.Where(d => d.Parent is not null).ToList();
            if (source.Count > 0)
                dataset = source[what.Which % source.Count];
        }
        var snapshot = dataset is { Snapshots.Count: > 0 }
            ? dataset.Snapshots[what.Amount % dataset.Snapshots.Count]
            : null;
        Act(what, host, dataset!, snapshot);
    }

    private void Act(FaultEvent what, SimulatedHost host, SimDataset dataset, SimSnapshot? snapshot)
    {
        var name = dataset?.FullName ?? "";
        if (what.Kind is FaultKind.DestroyDataset or FaultKind.RenameDataset)
            _emptied.UnionWith(dataset!.SelfAndAncestors.Skip(1).Select(above => $"{host.Name}:{above.FullName}"));
        switch (what.Kind)
        {
            case FaultKind.Snapshot:
                world.Clock.Advance(TimeSpan.FromSeconds(1 + (what.Amount % 50)));
                if (what.Which % 5 != 0)
                    host.Write(name, $"f{what.Which % 3}", 1000 * (1 + what.Amount));
                // Names come again: the same hour's snapshot on two sides has one name and two guids.
                host.Zfs($"snapshot {name}@{(what.Amount % 5 == 0 ? "auto" + what.Which % 3 : "n" + world.Now)}");
                break;
            case FaultKind.Write:
                host.Write(name, $"w{what.Which % 3}", 1000 * (1 + what.Amount));
                break;
            case FaultKind.DestroySnapshot when snapshot is not null:
                host.Zfs($"destroy {snapshot.FullName}");
                break;
            case FaultKind.RenameSnapshot when snapshot is not null:
                host.Zfs(
                    $"rename {snapshot.FullName} {name}@{(what.Which % 2 == 0 ? "r" + world.Now : "auto" + what.Which % 3)}"
                );
                break;
            case FaultKind.RollBack when snapshot is not null:
                host.Zfs($"rollback -r {snapshot.FullName}");
                break;
            case FaultKind.DestroyDataset:
                host.Zfs($"destroy -r {name}");
                break;
            case FaultKind.RenameDataset:
                Rename(host, name, $"{dataset!.Parent!.FullName}/m{what.Amount % 3}");
                break;
            case FaultKind.CreateDataset:
                var pool = host.State.Pools.Keys.ElementAt(what.Which % host.State.Pools.Count);
                string[] places =
                [
                    $"{pool}/data",
                    $"{pool}/data/child",
                    $"{pool}/new{what.Amount % 2}",
                    $"{pool}/copies/data",
                ];
                host.Zfs($"create -p {places[what.Amount % places.Length]}");
                break;
            case FaultKind.DestroyBookmark when dataset!.Bookmarks.Count > 0:
                host.Zfs($"destroy {name}#{dataset.Bookmarks.Keys.ElementAt(what.Amount % dataset.Bookmarks.Count)}");
                break;
            case FaultKind.AbortReceive:
                host.Zfs($"receive -A {name}");
                break;
            case FaultKind.HoldSnapshot when snapshot is not null:
                host.Zfs($"hold keep {snapshot.FullName}");
                break;
            case FaultKind.CloneSnapshot when snapshot is not null:
                host.Zfs($"clone {snapshot.FullName} {dataset!.Pool.Name}/clone{what.Which % 2}");
                break;
        }
    }

    private void Rename(SimulatedHost host, string from, string to)
    {
        host.Zfs($"rename {from} {to}");
        var moved = $"{host.Name}:{from}";
        _emptied.UnionWith(
            _emptied
                .Where(emptied => emptied == moved || emptied.StartsWith(moved + "/", StringComparison.Ordinal))
                .Select(emptied => $"{host.Name}:{to}{emptied[moved.Length..]}")
                .ToList()
        );
    }

    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (InvalidOperationException)
        {
            // zfs refuses.
        }
    }
}
