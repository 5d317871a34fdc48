namespace ZfsSync.Tools.Zfs;

/// <summary>How a stream is received. Nothing here can destroy a snapshot of the target.</summary>
public sealed record ReceiveOptions
{
    /// <summary>Resumable, not mounted, no properties.</summary>
    public static readonly ReceiveOptions Default = new();

    /// <summary><c>-s</c>: keep what arrived when the stream is cut.</summary>
    public bool Resumable { get; init; } = true;

    /// <summary><c>-o name=value</c>: set on the target, whatever the stream says.</summary>
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();

    /// <summary><c>-x name</c>: inherit on the target, whatever the stream says.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>
    /// <c>-F</c>: a full stream may replace the content of an existing dataset. Only for a dataset of which was just proved that it has
    /// no snapshots and nothing written, or for our own placeholder; ZFS then refuses when snapshots exist.
    /// </summary>
    public bool IntoEmptyExisting { get; init; }
}
