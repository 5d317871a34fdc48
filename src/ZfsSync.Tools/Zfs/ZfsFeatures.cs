namespace ZfsSync.Tools.Zfs;

/// <summary>What the ZFS of a host can do. Follows from the older of its two halves.</summary>
/// <param name="Userland">The release of the <c>zfs</c> program.</param>
/// <param name="Kernel">The release of the kernel module; null when it is not loaded or not reported.</param>
/// <param name="UserlandText">As <c>zfs version</c> prints it, without the leading <c>zfs-</c>.</param>
/// <param name="KernelText">As <c>zfs version</c> prints it, without the leading <c>zfs-kmod-</c>; null like <paramref name="Kernel"/>.</param>
public sealed record ZfsFeatures(ZfsVersion Userland, ZfsVersion? Kernel, string UserlandText, string? KernelText)
{
    /// <summary>The oldest release that we support.</summary>
    public static readonly ZfsVersion Oldest = new(2, 1);

    /// <summary>The older of program and module: what can be relied on.</summary>
    public ZfsVersion Effective => Kernel is { } kernel && kernel.CompareTo(Userland) < 0 ? kernel : Userland;

    /// <summary>Whether this release is new enough for us.</summary>
    public bool IsSupported => Effective.CompareTo(Oldest) >= 0;

    /// <summary>Listing name, guid and createtxg of snapshots opens no dataset (2.2, commit dc95911d21).</summary>
    public bool HasCheapSnapshotList => Effective.IsAtLeast(2, 2);

    /// <summary>Datasets have the property <c>snapshots_changed</c> (2.2).</summary>
    public bool HasSnapshotsChanged => Effective.IsAtLeast(2, 2);

    /// <summary><c>zfs holds -p</c> prints seconds instead of local time (2.2).</summary>
    public bool HasParsableHolds => Userland.IsAtLeast(2, 2);

    /// <summary>A permission to receive that cannot roll back: <c>receive:append</c> (2.4).</summary>
    public bool HasReceiveAppend => Effective.IsAtLeast(2, 4);
}
