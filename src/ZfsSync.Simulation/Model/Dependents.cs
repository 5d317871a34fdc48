namespace ZfsSync.Simulation.Model;

/// <summary>What must go before something can: each after what depends on it, and once.</summary>
internal sealed class Dependents
{
    private readonly HashSet<SimNode> _seen = [];

    public IReadOnlyList<string> Of(SimSnapshot snapshot)
    {
        var names = new List<string>();
        AddClones(snapshot, names);
        return names;
    }

    private void AddClones(SimSnapshot snapshot, List<string> names)
    {
        foreach (var clone in snapshot.Clones)
            Add(clone, names);
    }

    private void Add(SimDataset dataset, List<string> names)
    {
        if (!_seen.Add(dataset))
            return;
        foreach (var child in dataset.Children.Values)
            Add(child, names);
        foreach (var snapshot in dataset.Snapshots.Where(_seen.Add))
        {
            AddClones(snapshot, names);
            names.Add(snapshot.FullName);
        }
        names.Add(dataset.FullName);
    }
}
