using ZfsSync.Core.Replication;

namespace ZfsSync.Contracts.Groups;

/// <summary>What people want of a group's edges.</summary>
public sealed record GroupPolicy
{
    /// <summary>The target trails by this much.</summary>
    public long MinAgeSeconds { get; init; }

    /// <summary>Nothing is sent for less than this between the newest common and the newest wanted snapshot.</summary>
    public long MinGapSeconds { get; init; }

    /// <summary>Raw streams; absent follows the source (raw exactly when it is encrypted).</summary>
    public bool? Raw { get; init; }

    /// <summary>The most bytes a second of one transfer; absent for no limit.</summary>
    public long? BandwidthBytesPerSecond { get; init; }

    /// <summary>What moves the data.</summary>
    public TransferEngine Engine { get; init; }

    /// <summary>Which side runs a transfer.</summary>
    public TransferDirection Direction { get; init; }

    /// <summary>What a first replication sends.</summary>
    public InitialSend Initial { get; init; }

    /// <summary>Whether an existing, empty target without snapshots may be received into.</summary>
    public bool AllowEmptyTarget { get; init; }

    /// <summary>Whether copies must be encrypted: a stream that is not raw is not sent to where nothing encrypts it.</summary>
    public bool RequireEncryptedTarget { get; init; }

    /// <summary>Whether a cut transfer is resumed.</summary>
    public bool Resume { get; set; } = true;

    /// <summary>Whether streams are compressed with zstd between two hosts.</summary>
    public bool Compress { get; init; }

    /// <summary>Properties set on new copies (<c>zfs receive -o</c>). <c>readonly=on</c> by default, so that nobody writes to a copy by accident.</summary>
    public IReadOnlyDictionary<string, string>? ReceiveProperties { get; init; }
}
