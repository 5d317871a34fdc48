using System.Collections.Immutable;

namespace ZfsSync.Simulation.Model;

internal sealed class SimSnapshot(SimDataset owner, string name) : SimNode
{
    private SimDataset _owner = owner;

    public string Name { get; set; } = name;
    public required ImmutableSortedDictionary<string, FileVersion> Files { get; init; }
    public long VolumeBytes { get; init; }

    /// <summary>Names the initialisation vectors of its encrypted blocks; 0 when not encrypted.</summary>
    public ulong IvSetGuid { get; init; }

    public PropertyBag Properties { get; } = new();
    public SortedDictionary<string, long> HoldSecondsByTag { get; } = new(StringComparer.Ordinal);
    public List<SimDataset> Clones { get; } = [];

    /// <summary>What exists only as long as it does: clones, and a partial receive that is based on it.</summary>
    public IEnumerable<string> Dependents
    {
        get
        {
            var clones = new Dependents().Of(this);
            return Owner is { IsInconsistent: false, Partial.Begin: { } begin } && begin.FromGuid == Guid
                ? clones.Append($"{Owner.FullName}/%recv")
                : clones;
        }
    }

    public bool IsDeferredDestroy { get; set; }

    /// <summary>Sends that read it now: it cannot be destroyed.</summary>
    public int Readers { get; set; }

    public override SimDataset Owner => _owner;
    public override string FullName => $"{_owner.FullName}@{Name}";
    public override string TypeName => "snapshot";

    public void MoveTo(SimDataset owner) => _owner = owner;
}
