using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Views;

/// <summary>One host.</summary>
internal static class HostPage
{
    public static Grid Facts(SystemResource host, DateTimeOffset now)
    {
        var grid = new Grid("HOST", host.Hostname + (host.Simulated ? " (SIMULATED)" : ""));
        grid.Add("id", host.Id.ToString());
        grid.Add("status", HostTable.Status(host.ConnectivityStatus));
        grid.Add("last report", Amounts.Ago(host.LastReport, now));
        grid.Add("last heard of", Amounts.Ago(host.LastSeen, now));
        grid.Add("platform", host.Platform);
        grid.Add("zfs", host.ZfsVersion);
        grid.Add("agent", host.AgentVersion);
        grid.Add("ssh", Ssh(host));
        grid.Add("clock", host.ClockSkewSeconds is { } skew ? $"{skew:+0.0;-0.0;0.0} s against the witness" : "-");
        foreach (var (label, value) in host.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
            grid.Add($"label {label}", value);
        grid.Add("joined", Amounts.Instant(host.CreatedAt));
        return grid;
    }

    public static Grid Pools(SystemResource host)
    {
        var grid = new Grid("POOL", "HEALTH", "SIZE", "FREE") { RightAligned = [2, 3] };
        foreach (var pool in host.Pools.OrderBy(p => p.Name, StringComparer.Ordinal))
            grid.Add(
                pool.Name,
                new Cell(pool.Health ?? "-", pool.Health is null or "ONLINE" ? Tone.Good : Tone.Bad),
                Amounts.Bytes(pool.SizeBytes),
                Amounts.Bytes(pool.FreeBytes)
            );
        return grid;
    }

    private static string Ssh(SystemResource host) =>
        host.SshHostname is null
            ? "no address: other hosts cannot reach it (zfs-sync join --ssh-host)"
            : $"{(host.SshUser is null ? "" : host.SshUser + "@")}{host.SshHostname}:{host.SshPort}";
}
