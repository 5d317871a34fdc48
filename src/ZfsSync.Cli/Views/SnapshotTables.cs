using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Views;

/// <summary>Snapshots for people.</summary>
internal static class SnapshotTables
{
    private const int MostNamed = 5;

    public static Grid List(IReadOnlyList<SnapshotResource> snapshots, IReadOnlyList<SystemResource> hosts)
    {
        var names = hosts.ToDictionary(h => h.Id, h => h.Hostname);
        var grid = new Grid("HOST", "SNAPSHOT", "CREATED", "USED", "REFERENCED", "GUID") { RightAligned = [3, 4] };
        var ordered = snapshots
            .OrderBy(s => names.GetValueOrDefault(s.SystemId), StringComparer.Ordinal)
            .ThenBy(s => s.Dataset, StringComparer.Ordinal)
            .ThenBy(s => s.Createtxg ?? 0)
            .ThenBy(s => s.Timestamp);
        foreach (var snapshot in ordered)
            grid.Add(
                names.GetValueOrDefault(snapshot.SystemId, snapshot.SystemId.ToString()),
                $"{snapshot.Dataset}@{snapshot.Name}",
                Amounts.Instant(snapshot.Timestamp),
                Amounts.Bytes(snapshot.Used),
                Amounts.Bytes(snapshot.Referenced),
                snapshot.Guid?.ToString()
            );
        return grid;
    }

    /// <summary>Per host what it has alone and what it lacks. Hosts come by name or by id, as the witness keys them.</summary>
    public static Grid Comparison(DatasetComparison comparison, IReadOnlyList<SystemResource> hosts)
    {
        var grid = new Grid("HOST", "NEWEST", "ONLY HERE", "LACKS");
        foreach (var host in hosts.OrderBy(h => h.Hostname, StringComparer.Ordinal))
        {
            var lacks = Of(comparison.MissingSnapshots, host);
            grid.Add(
                host.Hostname,
                Newest(comparison, host),
                Names(Of(comparison.UniqueSnapshots, host)),
                new Cell(Names(lacks), lacks.Count == 0 ? Tone.Good : Tone.Warning)
            );
        }
        return grid;
    }

    private static string? Newest(DatasetComparison comparison, SystemResource host)
    {
        var newest =
            comparison.LatestSnapshots.GetValueOrDefault(host.Id.ToString())
            ?? comparison.LatestSnapshots.GetValueOrDefault(host.Hostname);
        return newest is null ? null : $"@{newest.Name}";
    }

    private static IReadOnlyList<string> Of(
        IReadOnlyDictionary<string, IReadOnlyList<string>> byHost,
        SystemResource host
    ) => byHost.GetValueOrDefault(host.Id.ToString()) ?? byHost.GetValueOrDefault(host.Hostname) ?? [];

    private static string Names(IReadOnlyList<string> names) =>
        names.Count == 0 ? "nothing"
        : names.Count <= MostNamed ? string.Join(", ", names.Select(n => "@" + n))
        : $"{string.Join(", ", names.Take(MostNamed).Select(n => "@" + n))} and {names.Count - MostNamed} more";
}
