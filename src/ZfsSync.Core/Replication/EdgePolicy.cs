namespace ZfsSync.Core.Replication;

/// <summary>What people want of an edge.</summary>
public sealed record EdgePolicy
{
    /// <summary>The policy of a group that says nothing.</summary>
    public static readonly EdgePolicy Default = new();

    /// <summary>Which snapshots may arrive on the target.</summary>
    public SnapshotSelection Snapshots { get; init; } = SnapshotSelection.All;

    /// <summary>A snapshot is sent only when it is at least this old: the target trails by this much.</summary>
    public TimeSpan MinAge { get; init; }

    /// <summary>Nothing is sent while the newest wanted snapshot is less than this newer than the newest common one.</summary>
    public TimeSpan MinGap { get; init; }

    /// <summary>Raw streams: true, false, or null to follow the source (raw exactly when it is encrypted).</summary>
    public bool? Raw { get; init; }

    /// <summary>What a first replication sends.</summary>
    public InitialSend Initial { get; init; } = InitialSend.Everything;

    /// <summary>Whether an existing, empty target without snapshots may be received into.</summary>
    public bool AllowEmptyTarget { get; init; }

    /// <summary>Whether the target's copy must be encrypted: a stream that is not raw may not arrive below a plain parent.</summary>
    public bool RequireEncryptedTarget { get; init; }

    /// <summary>What moves the data.</summary>
    public TransferEngine Engine { get; init; }

    /// <summary>Whether a partial receive may be resumed. When not, it is aborted and sent anew.</summary>
    public bool Resume { get; init; } = true;
}
