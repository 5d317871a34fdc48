using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Views;

/// <summary>The whole fleet in one sentence, what is wrong, and what to do next. Pure.</summary>
internal sealed record StatusView
{
    public required string Sentence { get; init; }

    public required Tone Tone { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>Edges that are not in sync, the worst first.</summary>
    public required IReadOnlyList<EdgeResource> Wrong { get; init; }

    /// <summary>What is wrong with hosts, a line each.</summary>
    public IReadOnlyList<string> HostFaults { get; init; } = [];

    /// <summary>What to do next, most useful first.</summary>
    public IReadOnlyList<string> Next { get; init; } = [];

    public bool IsSimulated { get; init; }

    public static StatusView Of(
        IReadOnlyList<SystemResource> hosts,
        IReadOnlyList<GroupResource> groups,
        IReadOnlyList<EdgeResource> edges,
        DateTimeOffset now
    )
    {
        var wrong = EdgeTables.Ordered(edges.Where(e => e.State != EdgeState.InSync && !EdgeTables.IsIdle(e))).ToList();
        var silent = hosts.Where(h => h.ConnectivityStatus == ConnectivityStatus.Offline).ToList();
        var frozen = hosts.Where(h => h.FrozenReason is not null).ToList();
        var exitCode =
            frozen.Count > 0 ? ExitCodes.NeedsPerson
            : EdgeResult.ExitCodeOf(edges) is not ExitCodes.Ok and var worst ? worst
            : silent.Count > 0 ? ExitCodes.NotInSync
            : ExitCodes.Ok;
        return new StatusView
        {
            Sentence = SentenceOf(hosts, groups, edges, wrong, silent.Count, frozen.Count, now),
            Tone =
                exitCode == ExitCodes.NeedsPerson ? Tone.Bad
                : exitCode != ExitCodes.Ok ? Tone.Warning
                : edges.Count > 0 ? Tone.Good
                : Tone.Plain,
            ExitCode = exitCode,
            Wrong = wrong,
            HostFaults =
            [
                .. frozen.Select(h => $"{h.Hostname} is frozen: {h.FrozenReason}"),
                .. silent.Select(h => $"{h.Hostname} is silent, last heard of {Amounts.Ago(h.LastSeen, now)}"),
            ],
            Next = [.. NextSteps(hosts, groups, wrong, frozen)],
            IsSimulated = hosts.Any(h => h.Simulated),
        };
    }

    private static string SentenceOf(
        IReadOnlyList<SystemResource> hosts,
        IReadOnlyList<GroupResource> groups,
        IReadOnlyList<EdgeResource> edges,
        List<EdgeResource> wrong,
        int silent,
        int frozen,
        DateTimeOffset now
    )
    {
        if (hosts.Count == 0)
            return "No host has joined yet.";
        var watched = Amounts.Count(hosts.Count, "host");
        if (groups.Count == 0)
            return $"{watched} {(hosts.Count == 1 ? "reports" : "report")} {Amounts.Count(hosts.Sum(h => h.Pools.Count), "pool")}; nothing is kept in sync yet.";
        var idle = edges.Count(EdgeTables.IsIdle);
        var copies = edges.Count - idle;
        var late = wrong.Count(e => e.IsLate(now));
        var about = (late > 0 ? $"; {late} late" : "") + Idle(idle) + Hosts(silent, frozen);
        if (copies == 0)
            return $"{Amounts.Count(groups.Count, "group")} of {watched}, and no dataset to copy yet{about}.";
        if (wrong.Count == 0)
            return copies == 1 ? $"The one copy is in sync{about}." : $"All {copies} copies are in sync{about}.";
        var counts = wrong.GroupBy(e => e.State).Select(g => $"{g.Count()} {Words.Plain(g.Key)}");
        return $"{wrong.Count} of {Amounts.Count(copies, "copy", "copies")} {(wrong.Count == 1 ? "is" : "are")} not in sync ({string.Join(", ", counts)}){about}.";
    }

    private static string Idle(int idle) =>
        idle == 0 ? "" : $"; {Amounts.Count(idle, "dataset")} without snapshots to send";

    private static string Hosts(int silent, int frozen) =>
        (silent, frozen) switch
        {
            (0, 0) => "",
            (_, 0) => $"; {Amounts.Count(silent, "host")} silent",
            (0, _) => $"; {Amounts.Count(frozen, "host")} frozen",
            _ => $"; {Amounts.Count(silent, "host")} silent, {frozen} frozen",
        };

    private static IEnumerable<string> NextSteps(
        IReadOnlyList<SystemResource> hosts,
        IReadOnlyList<GroupResource> groups,
        List<EdgeResource> wrong,
        List<SystemResource> frozen
    )
    {
        foreach (var host in frozen)
            yield return $"zfs-sync host thaw {host.Hostname}   when what vanished there was meant to";
        foreach (var edge in wrong.Where(e => e.State == EdgeState.Conflict).Take(3))
            yield return $"zfs-sync repair {edge.EdgeId}   the ways out for {EdgeTables.Side(edge.Target)}";
        if (hosts.Count == 0)
            yield return "zfs-sync key create NAME --kind enrollment   and then 'zfs-sync join' on each host";
        else if (groups.Count == 0)
            yield return Suggestion.GroupCreate(hosts);
        else if (wrong.Count > 0)
            yield return "zfs-sync plan   every decision with its reasons";
    }
}
