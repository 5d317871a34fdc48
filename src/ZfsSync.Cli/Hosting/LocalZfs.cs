using ZfsSync.Cli.Output;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Cli.Hosting;

/// <summary>What ZFS this machine has.</summary>
/// <param name="Release">Null when there is none, or it does not answer.</param>
/// <param name="Fault">Why there is none.</param>
internal sealed record LocalZfs(ZfsFeatures? Release, IReadOnlyList<PoolFacts> Pools, string? Fault)
{
    public bool IsUsable => Release is not null && Fault is null;

    public static async Task<LocalZfs> LookAsync(ICommandRunner runner, CancellationToken cancellation)
    {
        var zfs = new ZfsHost(runner);
        ZfsFeatures? release = null;
        try
        {
            release = await zfs.DetectAsync(cancellation);
            return new LocalZfs(release, await zfs.ListPoolsAsync(cancellation), null);
        }
        catch (ToolException fault)
        {
            return new LocalZfs(release, [], fault.Message);
        }
    }

    /// <summary>One line for people.</summary>
    public string InWords() =>
        Release is null ? $"no ZFS here ({Fault?.Split(';')[0].TrimEnd('.')})"
        : Fault is not null ? $"OpenZFS {Release.UserlandText}, but: {Fault}"
        : Pools.Count == 0 ? $"OpenZFS {Release.UserlandText}, no pool imported"
        : $"OpenZFS {Release.UserlandText}, {string.Join(", ", Pools.Select(p => $"pool {p.Name} ({Amounts.Bytes(p.FreeBytes)} of {Amounts.Bytes(p.SizeBytes)} free{(p.Health == "ONLINE" ? "" : ", " + p.Health)})"))}";
}
