using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Replication;

namespace ZfsSync.Cli.Views;

/// <summary>Groups for people.</summary>
internal static class GroupWords
{
    public static void Show(Screen screen, GroupResource group, IReadOnlyList<SystemResource> hosts)
    {
        screen.Line(
            $"{group.Name}: {Words.Code(group.Mode)}, {(group.Enabled ? "switched on" : "switched off")}",
            Tone.Heading
        );
        foreach (var line in Wiring(group, hosts))
            screen.Line($"  {line}");
        screen.Line($"  datasets   {Patterns(group.Datasets)}");
        screen.Line($"  snapshots  {Patterns(group.Snapshots)}");
        screen.Line($"  policy     {string.Join(", ", Policy(group))}");
        screen.Line($"  id         {group.Id}");
    }

    /// <summary>A member as people write it.</summary>
    public static string Member(GroupMember member, IReadOnlyList<SystemResource> hosts)
    {
        var host = hosts.FirstOrDefault(h => h.Id == member.SystemId)?.Hostname ?? member.SystemId.ToString();
        return member.Root is null ? host : $"{host}:{member.Root}";
    }

    public static Grid Table(IReadOnlyList<GroupResource> groups, IReadOnlyList<SystemResource> hosts)
    {
        var grid = new Grid("GROUP", "MODE", "STATE", "LATE AFTER", "MEMBERS");
        foreach (var group in groups.OrderBy(g => g.Name, StringComparer.Ordinal))
            grid.Add(
                group.Name,
                Words.Code(group.Mode),
                group.Enabled ? new Cell("on", Tone.Good) : new Cell("off", Tone.Dim),
                Amounts.Seconds(group.SyncIntervalSeconds),
                string.Join("; ", Wiring(group, hosts))
            );
        return grid;
    }

    private static IEnumerable<string> Wiring(GroupResource group, IReadOnlyList<SystemResource> hosts)
    {
        var names = group.Members.Select(m => Member(m, hosts)).ToList();
        switch (group.Mode)
        {
            case GroupMode.Hub:
                var hub = Math.Max(0, Hub(group));
                return names.Where((_, i) => i != hub).Select(target => $"{names.ElementAtOrDefault(hub)} -> {target}");
            case GroupMode.Chain:
                return [string.Join(" -> ", names)];
            case GroupMode.Explicit:
                return group.Edges.Select(e =>
                    $"{names.ElementAtOrDefault(e.From)} -> {names.ElementAtOrDefault(e.To)}"
                );
            default:
                return [string.Join(" <-> ", names)];
        }
    }

    private static int Hub(GroupResource group)
    {
        for (var i = 0; i < group.Members.Count; i++)
        {
            if (group.Members[i].SystemId == group.HubSystemId && group.Members[i].Role != MemberRole.Target)
                return i;
        }
        return -1;
    }

    private static string Patterns(NamePatterns patterns)
    {
        var include = patterns.Include is { Count: > 0 } wanted ? string.Join(", ", wanted) : "all";
        return patterns.Exclude is { Count: > 0 } unwanted
            ? $"{include}, without {string.Join(", ", unwanted)}"
            : include;
    }

    private static IEnumerable<string> Policy(GroupResource group)
    {
        var policy = group.Policy;
        yield return $"late after {Amounts.Seconds(group.SyncIntervalSeconds)}";
        yield return Words.Code(policy.Direction);
        if (policy.Engine != TransferEngine.Native)
            yield return Words.Code(policy.Engine);
        if (policy.MinAgeSeconds > 0)
            yield return $"trails by {Amounts.Seconds(policy.MinAgeSeconds)}";
        if (policy.MinGapSeconds > 0)
            yield return $"steps of at least {Amounts.Seconds(policy.MinGapSeconds)}";
        if (policy.Raw is { } raw)
            yield return raw ? "raw" : "never raw";
        if (policy.BandwidthBytesPerSecond is { } limit)
            yield return $"at most {Amounts.Bytes(limit)}/s";
        if (policy.Initial != Core.Replication.InitialSend.Everything)
            yield return "first only the newest";
        if (policy.Compress)
            yield return "compressed";
        if (!policy.Resume)
            yield return "never resumed";
        if (policy.AllowEmptyTarget)
            yield return "empty targets allowed";
        if (policy.RequireEncryptedTarget)
            yield return "copies must be encrypted";
        foreach (
            var (property, value) in policy.ReceiveProperties ?? new Dictionary<string, string>(StringComparer.Ordinal)
        )
            yield return $"{property}={value}";
    }
}
