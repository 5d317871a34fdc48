using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>
/// What must come of any story. When faults stop, every edge is proven, or in a conflict that a person must decide, or
/// idle for a reason that a person can see, within so many cycles; and when a person decides each conflict, everything is
/// proven. Nothing of ours is left behind.
/// </summary>
internal sealed class FaultSettlement(FaultWorld world)
{
    public const int Cycles = 24;
    private const int MostDecisions = 24;
    private readonly FaultStory _story = new(world);

    public async Task SettleAsync()
    {
        await EndFaultsAsync();
        var open = await UntilSettledAsync();
        foreach (var edge in open)
            world.Violate($"after {Cycles} cycles without faults: {Describe(edge)}");
        if (open.Count > 0)
            return;
        // Holds that nobody remembers are looked for every hour.
        await CheckEndAsync(TimeSpan.FromMinutes(66));
        await DecideAsync();
    }

    private async Task EndFaultsAsync()
    {
        world.Now++;
        world.DisarmWire();
        world.Hosts.BreakNoStreams();
        while (world.Agents.Count > world.HostNames.Length)
            world.StopTwin(world.Agents[^1]);
        foreach (var agent in world.Agents)
        {
            agent.DropTraps();
            await agent.ResumeAsync();
        }
        foreach (var host in world.HostNames)
        {
            world.Hosts.Reconnect(host);
            _story.FreeDisk(host);
        }
        world.Witness.Spare();
        await world.Witness.StartAsync();
        foreach (var host in world.HostNames)
            await _story.RenewKeyAsync(host);
        await world.Users.SwitchGroupAsync(enabled: true);
        while (world.Late.Count > 0)
            await _story.DeliverAsync();
    }

    /// <summary>The edges that did not come to rest.</summary>
    private async Task<List<EdgeResource>> UntilSettledAsync()
    {
        var open = new List<EdgeResource>();
        var quiet = 0;
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            await CycleAsync();
            open = [.. (await EdgesAsync()).Where(edge => !IsAtRest(edge))];
            // What is at rest must stay so.
            quiet = open.Count == 0 ? quiet + 1 : 0;
            if (quiet == 2)
                return [];
            world.Clock.Advance(TimeSpan.FromMinutes(Math.Min(cycle * 2, 62)));
        }
        return open;
    }

    private async Task CycleAsync()
    {
        world.Now++;
        world.Watch.See();
        await _story.RoundAsync();
        world.Watch.See();
        await world.Watch.CheckAsync();
    }

    private static bool IsAtRest(EdgeResource edge) =>
        edge.State is EdgeState.InSync
        || (edge.State == EdgeState.Conflict && edge.Repairs.Count > 0)
        || IsUpToUsers(edge)
        || (
            edge.Decision == DecisionKind.Nothing
            && edge.Reason
                is ReasonCode.NoSourceSnapshots
                    or ReasonCode.SourceDatasetMissing
                    or ReasonCode.HostFrozen
                    or ReasonCode.TargetRootMissing
                    or ReasonCode.WaitsForParent
                    or ReasonCode.NoSelectedSnapshots
                    or ReasonCode.TargetNameTooLong
                    or ReasonCode.TargetKeyNotLoaded
        );

    /// <summary>A user put a dataset below the beginning of a first copy, which cannot be discarded until it is gone; that is tried each hour.</summary>
    private static bool IsUpToUsers(EdgeResource edge) =>
        edge.Reason == ReasonCode.BackingOff
        && edge.LastError?.Contains("Move them away or destroy them", StringComparison.Ordinal) == true;

    /// <param name="after">At least five minutes, when holds that could not be released are tried again.</param>
    private async Task CheckEndAsync(TimeSpan after)
    {
        world.Clock.Advance(after);
        await CycleAsync();
        await CycleAsync();
        var edges = await EdgesAsync();
        foreach (var edge in edges)
        {
            world.Stats.CountEnd($"{edge.State} {edge.Conflict?.ToString() ?? edge.Reason?.ToString()}".Trim());
            if (edge.State == EdgeState.InSync)
                CheckSame(edge);
            if (
                edge.Reason == ReasonCode.WaitsForParent
                && !edges.Any(parent => IsParent(parent, edge) && IsAtRest(parent) && parent.State != EdgeState.InSync)
            )
                world.Violate($"waits for a parent that nothing stands against: {Describe(edge)}");
        }
        foreach (var (host, snapshot) in Snapshots())
        {
            foreach (
                var tag in snapshot.HoldSecondsByTag.Keys.Where(tag =>
                    tag.StartsWith("zfs-sync-", StringComparison.Ordinal)
                )
            )
                world.Violate($"the hold {tag} is left on {host}:{snapshot.FullName}");
        }
        CheckPlaceholders(edges);
        await CheckInventoryAsync();
        foreach (
            var run in await world.Witness.QueryAsync<OpenRun>(
                "select id, state from instructions where state = 'leased'"
            )
        )
            world.Violate($"the instruction {run.Id} is still leased");
        foreach (var agent in world.Agents)
        {
            var journal = Path.Combine(agent.Directory, "journal");
            if (Directory.Exists(journal) && Directory.EnumerateFiles(journal, "*.json").Any())
                world.Violate($"the journal of {agent.Host} still has entries");
        }
    }

    /// <summary>In sync is not only said.</summary>
    private void CheckSame(EdgeResource edge)
    {
        var source = world.Hosts[edge.Source.Hostname].State.FindDataset(edge.Source.Dataset);
        var target = world.Hosts[edge.Target.Hostname].State.FindDataset(edge.Target.Dataset);
        if (source?.Newest is not { } newest)
            return;
        var copy = target?.Snapshots.Find(snapshot => snapshot.Guid == newest.Guid);
        if (copy is null)
        {
            // Older ones than the newest common point need not be there.
            var held = target?.Snapshots.Select(snapshot => snapshot.Guid).ToHashSet() ?? [];
            if (source.Bookmarks.Values.Any(mark => mark.CreateTxg > newest.CreateTxg && held.Contains(mark.Guid)))
                return;
            // Mesh: the other way round may be the one with work; a policy may leave the newest out.
            if (world.Scenario.Policy.MinAgeSeconds == 0)
                world.Violate($"called in sync, and the target lacks @{newest.Name}: {Describe(edge)}");
            return;
        }
        if (
            copy.Files.Count != newest.Files.Count
            || newest.Files.Any(file => copy.Files.GetValueOrDefault(file.Key)?.Content != file.Value.Content)
        )
            world.Violate($"@{newest.Name} has other files on the target: {Describe(edge)}");
        if (source.Encryption is { } secret && target!.Encryption?.MasterKey != secret.MasterKey)
            world.Violate($"the target could read what is encrypted at the source: {Describe(edge)}");
    }

    /// <summary>
    /// A placeholder is there for a copy below it that exists, or is to come. Where users took away the copy, or put
    /// something of theirs into it, the empty dataset is theirs too; and what they had put aside.
    /// </summary>
    private void CheckPlaceholders(IReadOnlyList<EdgeResource> edges)
    {
        foreach (var (host, hosted) in world.Hosts.Hosts)
        {
            var datasets = hosted.State.Pools.Values.SelectMany(pool => pool.Datasets).ToList();
            foreach (
                var placeholder in datasets.Where(dataset =>
                    dataset.Properties.TryGet("zfs-sync:placeholder", out var mark, out _)
                    && mark == "on"
                    && dataset.Snapshots.Count == 0
                    && dataset.Files.Count == 0
                    && !world.Users.HaveEmptied(host, dataset.FullName)
                    && !AsideName.IsAside(dataset.FullName)
                )
            )
            {
                var below = placeholder.FullName + "/";
                if (
                    !datasets.Exists(other => other.FullName.StartsWith(below, StringComparison.Ordinal))
                    && !edges.Any(edge =>
                        edge.Target.Hostname == host && edge.Target.Dataset.StartsWith(below, StringComparison.Ordinal)
                    )
                )
                    world.Violate($"the placeholder {host}:{placeholder.FullName} is left behind");
            }
        }
    }

    /// <summary>The witness knows what is there.</summary>
    private async Task CheckInventoryAsync()
    {
        var known = (
            await world.Witness.QueryAsync<Known>(
                """
                select s.hostname, d.name as dataset, p.guid, p.name from snapshots p
                join datasets d on d.id = p.dataset_id join systems s on s.id = d.system_id
                """
            )
        ).Select(row => $"{row.Hostname}:{row.Dataset}@{row.Name} {unchecked((ulong)row.Guid)}").ToHashSet();
        var there = Snapshots().Select(s => $"{s.Host}:{s.Snapshot.FullName} {s.Snapshot.Guid}").ToHashSet();
        foreach (var lacking in there.Except(known).Take(3))
            world.Violate($"the witness does not know {lacking}");
        foreach (var ghost in known.Except(there).Take(3))
            world.Violate($"the witness still has {ghost}");
    }

    /// <summary>A person decides what is offered, the most harmless first, until nothing is left to decide.</summary>
    private async Task DecideAsync()
    {
        for (var decision = 0; decision < MostDecisions; decision++)
        {
            foreach (var host in world.HostNames)
                await world.Users.ThawAsync(host);
            var edges = await EdgesAsync();
            var offers = edges
                .Where(edge => edge.State == EdgeState.Conflict)
                .Select(edge => (edge, Options: edge.Repairs.Where(repair => repair.Executable).ToList()))
                .Where(offer => offer.Options.Count > 0)
                .ToList();
            var locked = edges.Where(edge => edge.Reason == ReasonCode.TargetKeyNotLoaded).ToList();
            foreach (var edge in locked)
                world.Users.LoadKeys(edge.Target.Hostname);
            if (offers.Count == 0 && locked.Count == 0 && edges.All(edge => edge.Reason != ReasonCode.HostFrozen))
                return;
            // In a mesh two offers may be each other's opposite, and what is taken from one copy only comes back from another:
            // a person says which host is right, and repairs all that stand against it.
            var from = world.Scenario.Seed % world.HostNames.Length;
            var right = world
                .HostNames[from..]
                .Concat(world.HostNames[..from])
                .FirstOrDefault(host => offers.Exists(offer => offer.edge.Source.Hostname == host));
            foreach (
                var (edge, options) in world.Scenario.Topology == FaultTopology.Mesh
                    ? offers.Where(offer => offer.edge.Source.Hostname == right)
                    : offers
            )
                await world.Users.ApproveAsync(edge, options[(world.Scenario.Seed + decision) % options.Count]);
            if (await UntilSettledAsync() is { Count: > 0 } open)
            {
                foreach (var edge in open)
                    world.Violate($"after a person decided: {Describe(edge)}");
                return;
            }
            // Not so long that a consent that waits for another one ends.
            await CheckEndAsync(TimeSpan.FromMinutes(6));
            if (world.Violations.Count > 0)
                return;
        }
        foreach (
            var edge in (await EdgesAsync()).Where(edge =>
                edge.State == EdgeState.Conflict || edge.Reason == ReasonCode.TargetKeyNotLoaded
            )
        )
            world.Violate($"after {MostDecisions} decisions still: {Describe(edge)}");
    }

    private Task<IReadOnlyList<EdgeResource>> EdgesAsync() => world.Witness.Admin.EdgesAsync(null, default);

    private static bool IsParent(EdgeResource parent, EdgeResource child) =>
        parent.Target.Hostname == child.Target.Hostname
        && child.Target.Dataset.StartsWith(parent.Target.Dataset + "/", StringComparison.Ordinal);

    private IEnumerable<(string Host, SimSnapshot Snapshot)> Snapshots() =>
        world.Hosts.Hosts.SelectMany(host =>
            host.Value.State.Pools.Values.SelectMany(pool =>
                pool.Datasets.SelectMany(dataset => dataset.Snapshots.Select(snapshot => (host.Key, snapshot)))
            )
        );

    private static string Describe(EdgeResource edge) =>
        $"{edge.Source.Hostname}:{edge.Source.Dataset} to {edge.Target.Hostname}:{edge.Target.Dataset}: {edge.State} {edge.Decision} {edge.Reason}{edge.Conflict} {edge.Text} {edge.LastError}";

    private sealed record OpenRun
    {
        public Guid Id { get; init; }
        public string State { get; init; } = "";
    }

    private sealed record Known
    {
        public string Hostname { get; init; } = "";
        public string Dataset { get; init; } = "";
        public string Name { get; init; } = "";
        public long Guid { get; init; }
    }
}
