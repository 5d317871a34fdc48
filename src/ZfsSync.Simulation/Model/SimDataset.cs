using System.Collections.Immutable;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Model;

/// <summary>A filesystem or a volume.</summary>
internal sealed class SimDataset(SimPool pool, SimDataset? parent, string name) : SimNode
{
    /// <summary>After its name, the name of what a receive fills to take its place.</summary>
    public const string HiddenSuffix = "/%recv";

    public SimPool Pool { get; } = pool;
    public SimDataset? Parent { get; set; } = parent;

    /// <summary>The last part of the name; the pool's name at the root.</summary>
    public string Name { get; set; } = name;

    public SortedDictionary<string, SimDataset> Children { get; } = new(StringComparer.Ordinal);
    public bool IsVolume { get; init; }
    public long VolumeBytes { get; set; }
    public PropertyBag Properties { get; } = new();
    public Delegation Delegation { get; } = new();
    public SimEncryption? Encryption { get; set; }

    /// <summary>Oldest first.</summary>
    public List<SimSnapshot> Snapshots { get; } = [];
    public SortedDictionary<string, SimBookmark> Bookmarks { get; } = new(StringComparer.Ordinal);
    public SimSnapshot? Origin { get; set; }

    public ImmutableSortedDictionary<string, FileVersion> Files { get; set; } =
        ImmutableSortedDictionary.Create<string, FileVersion>(StringComparer.Ordinal);

    /// <summary>When the head last changed.</summary>
    public ulong ModifiedTxg { get; set; }

    /// <summary>When a snapshot last came or went, in milliseconds since 1970; 0 before the first.</summary>
    public long SnapshotsChangedMilliseconds { get; set; }
    public bool IsMounted { get; set; }
    public PartialReceive? Partial { get; set; }

    /// <summary>A first receive that did not end: there is no head yet, only the partial state.</summary>
    public bool IsInconsistent { get; set; }

    /// <summary>What a receive that runs brings.</summary>
    public StreamBegin? Receiving { get; set; }

    /// <summary>A receive runs into it now.</summary>
    public bool IsReceiving => Receiving is not null;

    /// <summary>What is, or was in part, received beside the head, to take its place; null when the receive made the dataset.</summary>
    public StreamBegin? Hidden => IsInconsistent ? null : Receiving ?? Partial?.Begin;

    /// <summary>Some block is larger than 128 KiB: later increments must come with -L.</summary>
    public bool HasLargeBlocks { get; set; }

    /// <summary>The space it and all below it may take; 0 for no limit.</summary>
    public long QuotaBytes => Properties.TryGet("quota", out var text, out _) ? ZfsNumbers.Parse(text) : 0;

    public override SimDataset Owner => this;
    public override string FullName => Parent is null ? Name : $"{Parent.FullName}/{Name}";
    public override string TypeName => IsVolume ? "volume" : "filesystem";

    public SimSnapshot? Newest => Snapshots.Count == 0 ? null : Snapshots[^1];

    /// <summary>Whether the head differs from the newest snapshot.</summary>
    public bool IsModified =>
        (Newest ?? Origin) is { } last ? !ReferenceEquals(Files, last.Files) : ModifiedTxg > CreateTxg;

    public SimSnapshot? FindSnapshot(string name) =>
        Snapshots.Find(snapshot => string.Equals(snapshot.Name, name, StringComparison.Ordinal));

    public SimDataset EncryptionRoot
    {
        get
        {
            var dataset = this;
            while (dataset.Encryption!.Root is null)
                dataset = dataset.Encryption.SharedRoot ?? dataset.Parent!;
            return dataset;
        }
    }

    public bool IsKeyLoaded => Encryption is null || EncryptionRoot.Encryption!.Root!.IsLoaded;

    /// <summary>Itself and everything below, parents first.</summary>
    public IEnumerable<SimDataset> Subtree => Children.Values.SelectMany(child => child.Subtree).Prepend(this);

    public IEnumerable<SimDataset> SelfAndAncestors
    {
        get
        {
            for (var dataset = this; dataset is not null; dataset = dataset.Parent)
                yield return dataset;
        }
    }
}
