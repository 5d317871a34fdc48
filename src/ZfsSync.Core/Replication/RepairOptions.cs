using ZfsSync.Core.Display;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>Builds the ways out of a conflict, each with what it does, costs and destroys.</summary>
internal static class RepairOptions
{
    public static readonly Repair ReRead = new(
        RepairKind.ReRead,
        "Let both hosts report again: what is known may be older than what is there."
    );

    /// <summary>From harmless to destructive; options that are not possible here are null and left out.</summary>
    public static IReadOnlyList<Repair> Ordered(params Repair?[] options) =>
        [.. options.OfType<Repair>().Prepend(ReRead).OrderBy(r => r.Kind)];

    public static Repair ByHand(string text) => new(RepairKind.ByHand, text);

    public static Repair AbortPartial(EdgeView edge) =>
        new(
            RepairKind.AbortPartialReceive,
            $"Discard the partial receive of {edge.Facts.TargetName}; no snapshot is touched."
        );

    public static Repair FollowRename(EdgeView edge, DatasetName from) =>
        new(
            RepairKind.FollowRename,
            $"Rename {from} on the target to {edge.Facts.TargetName}; then only what is new is sent."
        )
        {
            RenameFrom = from,
            RenameTo = edge.Facts.TargetName,
        };

    public static Repair RenameClashing(EdgeView edge, IReadOnlyList<Snapshot> clashing) =>
        new(
            RepairKind.RenameTargetSnapshots,
            $"Rename {Labels(clashing)} of {edge.Facts.TargetName}, so that the source's snapshots of these names can arrive; nothing is destroyed."
        )
        {
            Renames = clashing,
        };

    /// <summary>Null for a pool's root dataset, which cannot be renamed, and where the new name would be too long.</summary>
    public static Repair? Beside(EdgeView edge)
    {
        if (edge.Target is null || edge.Facts.TargetName.Parent is null)
            return null;
        // The same until the plan is approved, and another one for a dataset that comes in its place: from a third host it
        // may have the very snapshots of the one that was put aside.
        var mark = edge.Target.DatasetGuid ?? (edge.History.Target.Count > 0 ? edge.History.Target[^1].Guid.Value : 0);
        if (AsideName.Of(edge.Facts.TargetName, mark) is not { } aside)
            return null;
        return new Repair(
            RepairKind.ReceiveBeside,
            $"Rename {edge.Facts.TargetName} to {aside}, with everything below it, and send the whole history again{About(ResendBytes(edge))}; nothing is destroyed, the space is used twice."
        )
        {
            RenameFrom = edge.Facts.TargetName,
            RenameTo = aside,
            ResendBytes = ResendBytes(edge),
        };
    }

    public static Repair Rollback(EdgeView edge, Snapshot to, IReadOnlyList<Snapshot> destroys) =>
        new(
            RepairKind.Rollback,
            destroys.Count == 0
                ? $"Roll {edge.Facts.TargetName} back to @{to.Label}: what was written there since is lost."
                : $"Roll {edge.Facts.TargetName} back to @{to.Label}: {Labels(destroys)} and what was written there since are lost."
        )
        {
            RollbackTo = to,
            Destroys = destroys,
            LosesWrites = true,
        };

    /// <summary>Null for a pool's root dataset, which cannot be destroyed.</summary>
    public static Repair? FullResend(EdgeView edge)
    {
        if (edge.Target is null || edge.Facts.TargetName.Parent is null)
            return null;
        var lost = edge.History.Target;
        return new Repair(
            RepairKind.FullResend,
            $"Destroy {edge.Facts.TargetName}{(lost.Count == 0 ? "" : $" with {Count(lost.Count)}")} and send the whole history again{About(ResendBytes(edge))}. Refused while other datasets lie below it."
        )
        {
            Destroys = lost,
            LosesWrites = true,
            ResendBytes = ResendBytes(edge),
        };
    }

    public static string Labels(IReadOnlyList<Snapshot> snapshots) =>
        snapshots.Count <= 3
            ? string.Join(", ", snapshots.Select(s => $"@{s.Label}"))
            : $"@{snapshots[0].Label}, @{snapshots[1].Label} … @{snapshots[^1].Label} ({snapshots.Count} snapshots)";

    public static string Count(int snapshots) => snapshots == 1 ? "1 snapshot" : $"{snapshots} snapshots";

    /// <summary>
    /// What a first replication would send: the newest selected snapshot as it stands, and, when everything is sent, what
    /// only the older ones hold. Null when the newest one's size is not known.
    /// </summary>
    private static ulong? ResendBytes(EdgeView edge)
    {
        var wanted = edge.History.Source.Where(s => edge.Policy.Snapshots.Wants(s.Label)).ToList();
        if (wanted.Count == 0 || wanted[^1].ReferencedBytes is not { } newest)
            return null;
        return edge.Policy.Initial == InitialSend.NewestOnly
            ? newest
            : wanted.SkipLast(1).Aggregate(newest, (sum, s) => sum + (s.UsedBytes ?? 0));
    }

    private static string About(ulong? bytes) => bytes is { } known ? $" (about {DataSize.InWords(known)})" : "";
}
