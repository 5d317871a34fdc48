using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Views;

/// <summary>The one group that somebody with these hosts probably wants.</summary>
internal static class Suggestion
{
    public static string GroupCreate(IReadOnlyList<SystemResource> hosts)
    {
        var ordered = hosts.OrderBy(h => h.CreatedAt).ThenBy(h => h.Hostname, StringComparer.Ordinal).ToList();
        if (Largest(ordered, 0) is not { } source)
            return "zfs-sync group create NAME --hub HOST:POOL --to HOST:POOL/backup";
        if (Largest(ordered, 1) is { } target)
            return $"zfs-sync group create backup --hub {source.Host}:{source.Pool} --to {target.Host}:{target.Pool}/{source.Host}";
        var pools = ordered[0].Pools.Select(p => p.Name).Where(p => p != source.Pool).ToList();
        return pools.Count > 0
            ? $"zfs-sync group create backup --hub {source.Host}:{source.Pool} --to {source.Host}:{pools[0]}/{source.Pool}"
            : $"zfs-sync group create backup --hub {source.Host}:{source.Pool} --to OTHERHOST:POOL/{source.Host}";
    }

    private static (string Host, string Pool)? Largest(List<SystemResource> hosts, int index) =>
        hosts.ElementAtOrDefault(index) is { Pools.Count: > 0 } host ? (host.Hostname, host.Pools[0].Name) : null;
}
