using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>A dataset of a host whose facts changed.</summary>
internal readonly record struct ChangedDataset(Guid SystemId, DatasetName Dataset);

/// <summary>
/// Tells planning what to look at again. Whoever changes facts rings after the commit; planning waits and takes all
/// that was rung meanwhile at once. Nothing here outlives the process: after a start planning looks at everything.
/// </summary>
internal sealed class PlanningBell
{
    private readonly Lock gate = new();
    private HashSet<ChangedDataset> changes = [];
    private HashSet<Guid> systems = [];
    private HashSet<Guid> groups = [];
    private TaskCompletionSource rung = New();

    /// <summary>These datasets have other snapshots, bookmarks or facts than before.</summary>
    public void Ring(IReadOnlyCollection<ChangedDataset> changed)
    {
        if (changed.Count == 0)
            return;
        lock (gate)
        {
            changes.UnionWith(changed);
            rung.TrySetResult();
        }
    }

    /// <summary>Everything about this host is to be looked at again: ssh identity, freezing, removal.</summary>
    public void RingAll(Guid systemId)
    {
        lock (gate)
        {
            systems.Add(systemId);
            rung.TrySetResult();
        }
    }

    /// <summary>Everything about this group is to be looked at again: members, selection, policy.</summary>
    public void RingGroup(Guid groupId)
    {
        lock (gate)
        {
            groups.Add(groupId);
            rung.TrySetResult();
        }
    }

    /// <summary>What was taken could not be done; it is to be taken once more.</summary>
    public void Again(PlanningChanges taken)
    {
        lock (gate)
        {
            changes.UnionWith(taken.Datasets);
            systems.UnionWith(taken.Systems);
            groups.UnionWith(taken.Groups);
            rung.TrySetResult();
        }
    }

    /// <summary>Waits until something was rung and takes it; what is rung later is for the next call.</summary>
    public async Task<PlanningChanges> WaitAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (Take() is { IsEmpty: false } taken)
                return taken;
            Task wait;
            lock (gate)
                wait = rung.Task;
            await wait.WaitAsync(cancellation);
        }
    }

    /// <summary>What was rung so far, without waiting.</summary>
    public PlanningChanges Take()
    {
        lock (gate)
        {
            var taken = new PlanningChanges(changes, systems, groups);
            (changes, systems, groups) = ([], [], []);
            if (rung.Task.IsCompleted)
                rung = New();
            return taken;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What planning is to look at again.</summary>
/// <param name="Datasets">Datasets that changed.</param>
/// <param name="Systems">Hosts of which everything changed.</param>
/// <param name="Groups">Groups of which everything changed.</param>
internal sealed record PlanningChanges(
    IReadOnlySet<ChangedDataset> Datasets,
    IReadOnlySet<Guid> Systems,
    IReadOnlySet<Guid> Groups
)
{
    public bool IsEmpty => Datasets.Count == 0 && Systems.Count == 0 && Groups.Count == 0;
}
