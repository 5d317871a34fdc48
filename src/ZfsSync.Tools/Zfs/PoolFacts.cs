namespace ZfsSync.Tools.Zfs;

/// <summary>One imported pool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Guid">Its identity; survives export, import and renaming.</param>
/// <param name="SizeBytes">Raw size, parity included.</param>
/// <param name="AllocatedBytes">Raw bytes in use.</param>
/// <param name="FreeBytes">Raw bytes not in use.</param>
/// <param name="Health">ONLINE, DEGRADED, FAULTED, OFFLINE, REMOVED, UNAVAIL or SUSPENDED, as zpool prints it.</param>
public sealed record PoolFacts(
    string Name,
    ulong Guid,
    ulong SizeBytes,
    ulong AllocatedBytes,
    ulong FreeBytes,
    string Health
);
