using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Syncoid;

/// <summary>One run of syncoid: one dataset to one other, all snapshots up to the newest.</summary>
public sealed record SyncoidRun
{
    /// <summary>Where the data is.</summary>
    public required DatasetName Source { get; init; }

    /// <summary>The source's host; null for this one.</summary>
    public SshTarget? SourceOn { get; init; }

    /// <summary>Where it goes.</summary>
    public required DatasetName Target { get; init; }

    /// <summary>The target's host; null for this one.</summary>
    public SshTarget? TargetOn { get; init; }

    /// <summary>The stream format.</summary>
    public SendFlags Flags { get; init; } = SendFlags.Default;

    /// <summary>Properties to set on the target.</summary>
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether zstd packs the stream between two hosts.</summary>
    public bool Compress { get; init; }

    /// <summary>The most bytes a second; null for no limit. Needs mbuffer on the source.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Whether a first replication brings the newest snapshot only.</summary>
    public bool NewestOnly { get; init; }
}
