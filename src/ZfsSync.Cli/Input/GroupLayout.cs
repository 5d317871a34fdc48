using ZfsSync.Contracts.Groups;

namespace ZfsSync.Cli.Input;

/// <summary>Who copies from whom, from what a person typed.</summary>
internal sealed record GroupLayout(
    GroupMode Mode,
    IReadOnlyList<(MemberText Member, MemberRole Role)> Members,
    IReadOnlyList<GroupEdge> Edges
)
{
    public static GroupLayout Of(
        string? mode,
        string? hub,
        IReadOnlyList<string> to,
        IReadOnlyList<string> members,
        IReadOnlyList<string> edges
    ) =>
        (mode ?? Implied(hub, to, edges)) switch
        {
            "hub" => Hub(hub, [.. to, .. members], edges),
            "explicit" => Explicit(edges, hub is null && to.Count == 0 && members.Count == 0),
            "chain" => InOrder(GroupMode.Chain, hub, [.. members, .. to], edges),
            _ => InOrder(GroupMode.Mesh, hub, [.. members, .. to], edges),
        };

    private static string Implied(string? hub, IReadOnlyList<string> to, IReadOnlyList<string> edges) =>
        edges.Count > 0 ? "explicit"
        : hub is not null || to.Count > 0 ? "hub"
        : "mesh";

    private static GroupLayout Hub(string? hub, IReadOnlyList<string> targets, IReadOnlyList<string> edges)
    {
        Refuse(edges.Count > 0, "--edge belongs to mode explicit, not to a hub.");
        if (hub is null)
            throw CommandFault.Usage(
                "Mode hub needs --hub: the place to copy from.",
                "For instance --hub alpha:tank --to beta:backup/alpha."
            );
        if (targets.Count == 0)
            throw CommandFault.Usage(
                "A hub alone copies nothing: name at least one --to.",
                "For instance --to beta:backup/alpha."
            );
        return new GroupLayout(
            GroupMode.Hub,
            [
                (MemberText.Parse(hub), MemberRole.Source),
                .. targets.Select(t => (MemberText.Parse(t), MemberRole.Target)),
            ],
            []
        );
    }

    private static GroupLayout InOrder(
        GroupMode mode,
        string? hub,
        IReadOnlyList<string> members,
        IReadOnlyList<string> edges
    )
    {
        var name = mode == GroupMode.Chain ? "chain" : "mesh";
        Refuse(hub is not null, $"--hub belongs to mode hub; a {name} has --member only.");
        Refuse(edges.Count > 0, $"--edge belongs to mode explicit, not to a {name}.");
        if (members.Count < 2)
            throw CommandFault.Usage(
                $"A {name} needs at least two members.",
                "Name a source and its targets with --hub alpha:tank --to beta:backup/alpha, or members with --member."
            );
        return new GroupLayout(mode, [.. members.Select(m => (MemberText.Parse(m), MemberRole.Both))], []);
    }

    private static GroupLayout Explicit(IReadOnlyList<string> edges, bool isAlone)
    {
        Refuse(!isAlone, "With --edge the members follow from the edges; leave --hub, --to and --member out.");
        if (edges.Count == 0)
            throw CommandFault.Usage(
                "Mode explicit needs at least one --edge FROM,TO.",
                "For instance --edge alpha:tank,beta:backup/alpha."
            );
        var members = new List<MemberText>();
        var pairs = edges
            .Select(text =>
            {
                var sides = text.Split(',');
                if (sides.Length != 2)
                    throw CommandFault.Usage(
                        $"--edge '{text}' does not name two places.",
                        "Write FROM,TO: --edge alpha:tank,beta:backup/alpha."
                    );
                return new GroupEdge(Place(MemberText.Parse(sides[0])), Place(MemberText.Parse(sides[1])));
            })
            .ToList();
        return new GroupLayout(GroupMode.Explicit, [.. members.Select(m => (m, MemberRole.Both))], pairs);

        int Place(MemberText member)
        {
            if (members.IndexOf(member) is var known and >= 0)
                return known;
            members.Add(member);
            return members.Count - 1;
        }
    }

    private static void Refuse(bool isWrong, string message)
    {
        if (isWrong)
            throw CommandFault.Usage(message, "See: zfs-sync group create --help");
    }
}
