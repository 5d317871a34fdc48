using System.Collections.Immutable;

namespace ZfsSync.Simulation.Model;

/// <summary>Remembers a snapshot's identity; the files are kept only to compute what an increment from it holds.</summary>
internal sealed class SimBookmark(SimDataset owner, string name) : SimNode
{
    public string Name { get; } = name;
    public required ImmutableSortedDictionary<string, FileVersion> Files { get; init; }
    public ulong IvSetGuid { get; init; }

    public SimBookmark For(SimDataset other) =>
        new(other, Name)
        {
            Guid = Guid,
            CreateTxg = CreateTxg,
            Creation = Creation,
            Files = Files,
            IvSetGuid = IvSetGuid,
        };

    public override SimDataset Owner => owner;
    public override string FullName => $"{owner.FullName}#{Name}";
    public override string TypeName => "bookmark";
}
