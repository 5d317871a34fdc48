using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>What must go before something else can.</summary>
/// <param name="Node">The dataset or snapshot; of a partial receive, the dataset that receives.</param>
/// <param name="IsPartial">The hidden dataset of a partial receive.</param>
internal readonly record struct Dependent(SimNode Node, bool IsPartial = false)
{
    public string FullName => IsPartial ? Node.FullName + SimDataset.HiddenSuffix : Node.FullName;
}

/// <summary>
/// Visits what depends on a dataset or snapshot, each after what depends on it, and again on every way that leads to it.
/// What a visit destroys is not met later.
/// </summary>
internal sealed class DependentWalk(Action<Dependent> visit, bool refusesCycles)
{
    private readonly Stack<SimDataset> _above = new();

    public static IReadOnlyList<string> NamesBelow(SimNode node)
    {
        var names = new List<string>();
        new DependentWalk(dependent => names.Add(dependent.FullName), refusesCycles: false).Below(node);
        return names;
    }

    public void Below(SimNode node)
    {
        if (node is SimSnapshot snapshot)
            BelowSnapshot(snapshot);
        else
            BelowDataset(node.Owner);
    }

    private void BelowDataset(SimDataset dataset)
    {
        _above.Push(dataset);
        foreach (var child in dataset.Children.Values.ToList())
            Visit(child);
        foreach (var snapshot in dataset.Snapshots.ToList())
        {
            BelowSnapshot(snapshot);
            visit(new Dependent(snapshot));
        }
        _above.Pop();
    }

    private void BelowSnapshot(SimSnapshot snapshot)
    {
        foreach (var clone in snapshot.Clones.ToList())
            Visit(clone);
        if (snapshot.IsBaseOfPartial)
            visit(new Dependent(snapshot.Owner, IsPartial: true));
    }

    private void Visit(SimDataset dataset)
    {
        if (_above.Contains(dataset))
        {
            if (refusesCycles)
                throw new ZfsFailure(
                    $"cannot determine dependent datasets: recursive dependency at '{dataset.FullName}'"
                );
            return;
        }
        BelowDataset(dataset);
        visit(new Dependent(dataset));
    }
}
