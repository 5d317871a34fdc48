using System.Collections.Immutable;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>
/// What is really there, and what may be taken away. Around each command of an agent the snapshots of all pools, and the
/// writes that no snapshot has, are compared; what is missing afterwards must have been approved, or a user took it
/// meanwhile.
/// </summary>
internal sealed class FaultLedger(FaultWorld world)
{
    private readonly List<Observation> _open = [];
    private readonly HashSet<(string Host, ulong Guid)> _approved = [];
    private readonly HashSet<(string Host, string Dataset)> _approvedWrites = [];

    public void Approve(string host, string dataset, IEnumerable<ulong> guids, bool losesWrites)
    {
        foreach (var guid in guids)
            _approved.Add((host, guid));
        if (losesWrites)
            _approvedWrites.Add((host, dataset));
    }

    /// <summary>Until it is disposed, nothing unapproved may go.</summary>
    public IDisposable Watch(string command)
    {
        var observation = new Observation(this, command, Snapshots(), Writes(), Anchored());
        _open.Add(observation);
        return observation;
    }

    /// <summary>What users do is theirs: nothing that watches counts it.</summary>
    public void AsUser(Action act)
    {
        if (_open.Count == 0)
        {
            act();
            return;
        }
        var before = Snapshots();
        act();
        var after = Snapshots();
        foreach (var (key, count) in before)
        {
            var lost = count - after.GetValueOrDefault(key);
            if (lost <= 0)
                continue;
            foreach (var open in _open)
                open.Snapshots[key] = open.Snapshots.GetValueOrDefault(key) - lost;
        }
        foreach (var open in _open)
            (open.Writes, open.Anchored) = (Writes(), Anchored());
    }

    private void End(Observation observation)
    {
        _open.Remove(observation);
        var after = Snapshots();
        foreach (var (key, count) in observation.Snapshots)
        {
            var lost = count - after.GetValueOrDefault(key);
            if (lost <= 0)
                continue;
            observation.HasLost = true;
            foreach (var open in _open)
                open.Snapshots[key] = open.Snapshots.GetValueOrDefault(key) - lost;
            if (!_approved.Contains((key.Host, key.Guid)))
                world.Violate($"{observation.Command} destroyed guid {key.Guid} on {key.Host}, which nobody approved");
        }
        _open.Add(observation);
        var anchoredNow = Anchored();
        _open.Remove(observation);
        // Also when a snapshot has it now: the copy's own, whose last snapshot a user had destroyed, comes again.
        var heads = All().ToLookup(one => (one.Host, one.Dataset.Guid), one => one.Dataset.Files);
        foreach (var (key, files) in observation.Writes)
        {
            if (!heads[key].Any(now => Keeps(now, files.Files)) && !_approvedWrites.Contains((key.Host, files.Name)))
                world.Violate($"{observation.Command} lost what was written to {key.Host}:{files.Name}");
        }
        foreach (var edge in observation.Anchored.Where(edge => !anchoredNow.Contains(edge)))
        {
            // A destruction is judged above; what is left to lose is a mark on the source.
            if (
                !observation.HasLost
                && !_approvedWrites.Any(one =>
                    observation.Command.EndsWith($" {one.Dataset}", StringComparison.Ordinal)
                )
            )
                world.Violate($"{observation.Command} took the last common anchor of {edge}");
        }
    }

    /// <summary>Directories come and go with what is mounted on them.</summary>
    private static bool IsContent(string path) => !path.EndsWith('/');

    private static bool Keeps(
        ImmutableSortedDictionary<string, FileVersion> now,
        ImmutableSortedDictionary<string, FileVersion> before
    ) =>
        before
            .Where(file => IsContent(file.Key))
            .All(file => now.TryGetValue(file.Key, out var still) && still.Content == file.Value.Content);

    private Dictionary<(string Host, string Pool, ulong Guid), int> Snapshots()
    {
        var found = new Dictionary<(string, string, ulong), int>();
        foreach (var (host, dataset) in All())
        {
            foreach (var snapshot in dataset.Snapshots)
            {
                var key = (host, dataset.Pool.Name, snapshot.Guid);
                found[key] = found.GetValueOrDefault(key) + 1;
            }
        }
        return found;
    }

    /// <summary>Heads with content that no snapshot has.</summary>
    private Dictionary<
        (string Host, ulong Dataset),
        (string Name, ImmutableSortedDictionary<string, FileVersion> Files)
    > Writes()
    {
        var found = new Dictionary<(string, ulong), (string, ImmutableSortedDictionary<string, FileVersion>)>();
        foreach (var (host, dataset) in All())
        {
            if (!dataset.IsInconsistent && dataset.Files.Keys.Any(IsContent) && dataset.IsModified)
                found[(host, dataset.Guid)] = (dataset.FullName, dataset.Files);
        }
        return found;
    }

    /// <summary>The edges that an increment could be sent along, whatever their datasets are called by then.</summary>
    private HashSet<(string Edge, ulong Source, ulong Target)> Anchored()
    {
        var found = new HashSet<(string, ulong, ulong)>();
        var datasets = All().ToLookup(one => (one.Host, one.Dataset.Guid), one => one.Dataset);
        foreach (var pair in _open.SelectMany(open => open.Anchored))
        {
            var (sourceHost, targetHost) = (pair.Edge.Split(' ')[0], pair.Edge.Split(' ')[1]);
            if (
                datasets[(sourceHost, pair.Source)].FirstOrDefault() is { } source
                && datasets[(targetHost, pair.Target)].FirstOrDefault() is { } target
                && IsShared(source, target)
            )
                found.Add(pair);
        }
        foreach (var edge in world.Watch.Edges)
        {
            if (
                world.Hosts[edge.SourceHost].State.FindDataset(edge.SourceDataset) is not { } source
                || world.Hosts[edge.TargetHost].State.FindDataset(edge.TargetDataset) is not { } target
            )
                continue;
            if (IsShared(source, target))
                found.Add(($"{edge.SourceHost} {edge.TargetHost} {edge.Id}", source.Guid, target.Guid));
        }
        return found;
    }

    private static bool IsShared(SimDataset source, SimDataset target)
    {
        var held = target.Snapshots.Select(s => s.Guid).ToHashSet();
        return source.Snapshots.Exists(s => held.Contains(s.Guid))
            || source.Bookmarks.Values.Any(b => held.Contains(b.Guid));
    }

    private IEnumerable<(string Host, SimDataset Dataset)> All() =>
        world.Hosts.Hosts.SelectMany(host =>
            host.Value.State.Pools.Values.SelectMany(pool => pool.Datasets.Select(dataset => (host.Key, dataset)))
        );

    private sealed class Observation(
        FaultLedger ledger,
        string command,
        Dictionary<(string Host, string Pool, ulong Guid), int> snapshots,
        Dictionary<
            (string Host, ulong Dataset),
            (string Name, ImmutableSortedDictionary<string, FileVersion> Files)
        > writes,
        HashSet<(string Edge, ulong Source, ulong Target)> anchored
    ) : IDisposable
    {
        public string Command => command;
        public Dictionary<(string Host, string Pool, ulong Guid), int> Snapshots => snapshots;
        public Dictionary<
            (string Host, ulong Dataset),
            (string Name, ImmutableSortedDictionary<string, FileVersion> Files)
        > Writes { get; set; } = writes;
        public bool HasLost { get; set; }
        public HashSet<(string Edge, ulong Source, ulong Target)> Anchored { get; set; } = anchored;

        public void Dispose() => ledger.End(this);
    }
}
