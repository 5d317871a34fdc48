using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Views;

/// <summary>Hosts, a line each.</summary>
internal static class HostTable
{
    public static Grid Of(IReadOnlyList<SystemResource> hosts, DateTimeOffset now)
    {
        var grid = new Grid("HOST", "STATUS", "LAST REPORT", "POOLS", "ZFS", "AGENT", "NOTE");
        foreach (var host in hosts.OrderBy(h => h.Hostname, StringComparer.Ordinal))
            grid.Add(
                host.Hostname,
                Status(host.ConnectivityStatus),
                Amounts.Ago(host.LastReport, now),
                host.Pools.Count == 0 ? "-" : string.Join(", ", host.Pools.Select(p => p.Name)),
                host.ZfsVersion,
                host.AgentVersion?.Split('+')[0],
                Note(host)
            );
        return grid;
    }

    public static Cell Status(ConnectivityStatus status) =>
        status switch
        {
            ConnectivityStatus.Online => new Cell("online", Tone.Good),
            ConnectivityStatus.Offline => new Cell("silent", Tone.Bad),
            _ => new Cell("never heard of", Tone.Warning),
        };

    private static Cell Note(SystemResource host)
    {
        var notes = new List<string>();
        if (host.Simulated)
            notes.Add("SIMULATED");
        if (host.FrozenReason is not null)
            notes.Add("frozen");
        if (Math.Abs(host.ClockSkewSeconds ?? 0) > 60)
            notes.Add($"clock off by {Amounts.Seconds((long)Math.Abs(host.ClockSkewSeconds!.Value))}");
        if (
            host.Pools.Where(p => p.Health is not (null or "ONLINE")).Select(p => $"{p.Name} {p.Health}").ToList() is
            { Count: > 0 } sick
        )
            notes.AddRange(sick);
        return new Cell(
            string.Join(", ", notes),
            notes.Count == 0 || host.Simulated && notes.Count == 1 ? Tone.Dim : Tone.Warning
        );
    }
}
