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

    /// <summary>An increment from it arrives, or arrived in part: that has a hidden clone of it.</summary>
    public bool IsBaseOfPartial => Owner.Hidden is { } begin && begin.FromGuid == Guid;

    /// <summary>Held, or being sent.</summary>
    public bool IsBusy => HoldSecondsByTag.Count > 0 || Readers > 0;

    public bool IsCloned => Clones.Count > 0 || IsBaseOfPartial;

    public IEnumerable<string> CloneNames =>
        Clones
            .Select(clone => clone.FullName)
            .Concat(IsBaseOfPartial ? [Owner.FullName + SimDataset.HiddenSuffix] : []);

    public bool IsDeferredDestroy { get; set; }

    /// <summary>Sends that read it now: it cannot be destroyed.</summary>
    public int Readers { get; set; }

    public override SimDataset Owner => _owner;
    public override string FullName => $"{_owner.FullName}@{Name}";
    public override string TypeName => "snapshot";

    public void MoveTo(SimDataset owner) => _owner = owner;
}
