using System.Collections.Immutable;

namespace ZfsSync.Simulation.Model;

/// <summary>Remembers a snapshot's identity; the files are kept only to compute what an increment from it holds.</summary>
internal sealed class SimBookmark(SimDataset owner, string name) : SimNode
{
    public string Name { get; } = name;
    public required ImmutableSortedDictionary<string, FileVersion> Files { get; init; }
    public ulong IvSetGuid { get; init; }

    public override SimDataset Owner => owner;
    public override string FullName => $"{owner.FullName}#{Name}";
    public override string TypeName => "bookmark";
}
