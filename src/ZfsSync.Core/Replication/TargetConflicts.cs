using ZfsSync.Core.Display;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.RepairOptions;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>What stands in the way on a target that has a history in common with the source, or the wrong kind.</summary>
internal static class TargetConflicts
{
    public static Conflict? Kind(EdgeView edge)
    {
        if (edge.Target is { } target && target.Kind != edge.Source.Kind)
            return new Conflict(
                ConflictKind.KindMismatch,
                new ConflictEvidence(
                    $"{edge.Source.Name} is a {Noun(edge.Source.Kind)} and {edge.Facts.TargetName} is a {Noun(target.Kind)}."
                )
                {
                    TargetOnly = edge.History.Target,
                },
                Ordered(
                    ByHand("Give the source's dataset another place on the target."),
                    Beside(edge),
                    FullResend(edge)
                )
            );
        if (edge.Target is null && edge.Facts.TargetParent is { Kind: DatasetKind.Volume } parent)
            return new Conflict(
                ConflictKind.KindMismatch,
                new ConflictEvidence($"{edge.Facts.TargetName} would be below {parent.Name}, which is a volume."),
                Ordered(ByHand($"Give the source's dataset another place on the target, or rename {parent.Name}."))
            );
        return null;
    }

    public static Conflict ForeignPartial(EdgeView edge, ResumeToken token) =>
        new(
            ConflictKind.ForeignPartialReceive,
            new ConflictEvidence(
                $"{edge.Facts.TargetName} holds a partial receive of {token.ToName} ({DataSize.InWords(token.ReceivedBytes)} so far), which {edge.Source.Name} does not know."
            ),
            Ordered(ByHand("Let whatever began it finish it."), AbortPartial(edge))
        );

    /// <summary>The target has snapshots after the newest common one.</summary>
    public static Conflict? Ahead(EdgeView edge)
    {
        var own = edge.History.TargetOnly;
        if (own.Count == 0)
            return null;
        var (from, onTarget) = (edge.History.Base!, edge.History.BaseOnTarget!);
        var wroteBoth = edge.History.SourceOnly.Count > 0 && !SeemUnchanged(edge);
        var evidence = new ConflictEvidence(
            wroteBoth
                ? $"Both sides went on after @{from.Label}: the source with {Labels(edge.History.SourceOnly)}, the target with {Labels(own)}."
                : $"The target has {Labels(own)} of its own after @{from.Label}."
        )
        {
            NewestCommon = from,
            SourceOnly = edge.History.SourceOnly,
            TargetOnly = own,
            ClashingLabels = ClashingLabels(edge, edge.History.SourceOnly),
            WrittenBytes = edge.Target!.WrittenBytes,
        };
        return new Conflict(
            wroteBoth ? ConflictKind.Diverged : ConflictKind.TargetAhead,
            evidence,
            Ordered(
                ByHand(
                    $"Exclude {edge.Facts.TargetName} from whatever takes snapshots on the target; or, if its changes are the right ones, replicate in the other direction."
                ),
                Beside(edge),
                Rollback(edge, onTarget, own),
                wroteBoth ? FullResend(edge) : null
            )
        );
    }

    /// <summary>The target was written to after its newest snapshot, which is common; a first receive, which writes itself, has none.</summary>
    public static Conflict? Modified(EdgeView edge)
    {
        if (edge.Target is not { WrittenBytes: > 0 and var written } || edge.History.Base is not { } from)
            return null;
        return new Conflict(
            ConflictKind.TargetModified,
            new ConflictEvidence(
                $"{DataSize.InWords(written)} were written to {edge.Facts.TargetName} after @{from.Label}."
            )
            {
                NewestCommon = from,
                SourceOnly = edge.History.SourceOnly,
                WrittenBytes = written,
            },
            Ordered(
                ByHand(
                    $"Look at what was written; afterwards set readonly=on for {edge.Facts.TargetName}, so that it does not happen again."
                ),
                Beside(edge),
                Rollback(edge, edge.History.BaseOnTarget!, [])
            )
        );
    }

    /// <summary>Raw and plain streams do not continue each other.</summary>
    public static Conflict? RawHistory(EdgeView edge)
    {
        if (SendFlagsPlanner.HistoryMismatch(edge) is not { } why)
            return null;
        return new Conflict(
            ConflictKind.RawHistoryMismatch,
            new ConflictEvidence($"{why}; ZFS does not continue one with the other.")
            {
                NewestCommon = edge.History.Base,
            },
            Ordered(ByHand("Let the policy's 'raw' say what the history is."), Beside(edge), FullResend(edge))
        );
    }

    /// <summary>ZFS refused a raw increment although the guids match.</summary>
    public static Conflict? RawLineage(EdgeView edge)
    {
        if (!edge.Facts.IsRawLineageBroken || !edge.IsRawStream)
            return null;
        return new Conflict(
            ConflictKind.RawLineageBroken,
            new ConflictEvidence(
                $"ZFS refused a raw increment from @{edge.History.Base!.Label} although both sides have that snapshot: their IV sets differ."
            )
            {
                NewestCommon = edge.History.Base,
                SourceOnly = edge.History.SourceOnly,
            },
            Ordered(Beside(edge), ToOlderCommon(edge), FullResend(edge))
        );
    }

    /// <summary>A snapshot that is to arrive has the name of another one on the target: ZFS would refuse it when it comes to it.</summary>
    public static Conflict? Names(EdgeView edge, IReadOnlyList<Snapshot> arriving)
    {
        var clashing = edge.History.Clashing(arriving);
        if (clashing.Count == 0)
            return null;
        return new Conflict(
            ConflictKind.NameClash,
            new ConflictEvidence(
                $"{Labels(clashing)} of {edge.Facts.TargetName} {(clashing.Count == 1 ? "is not the snapshot" : "are not the snapshots")} that the source calls so."
            )
            {
                NewestCommon = edge.History.Base,
                SourceOnly = arriving,
                ClashingLabels = ClashingLabels(edge, arriving),
            },
            Ordered(RenameClashing(edge, clashing), Beside(edge))
        );
    }

    public static IReadOnlyList<string> ClashingLabels(EdgeView edge, IReadOnlyList<Snapshot> arriving) =>
        [.. edge.History.Clashing(arriving).Select(s => s.Label).Order(StringComparer.Ordinal)];

    /// <summary>Whether the target's own snapshots hold what the common one holds, as far as sizes can tell.</summary>
    private static bool SeemUnchanged(EdgeView edge) =>
        edge.Target!.WrittenBytes == 0
        && edge.History.BaseOnTarget!.ReferencedBytes is { } same
        && edge.History.TargetOnly.All(s => s.ReferencedBytes == same);

    private static Repair? ToOlderCommon(EdgeView edge)
    {
        var common = edge
            .History.Source.Select(s => s.Guid)
            .Concat(edge.Source.Bookmarks.Select(b => b.Guid))
            .ToHashSet();
        var target = edge.History.Target;
        for (var i = target.Count - 2; i >= 0; i--)
        {
            if (common.Contains(target[i].Guid))
                return Rollback(edge, target[i], [.. target.Skip(i + 1)]);
        }
        return null;
    }

    private static string Noun(DatasetKind kind) => kind == DatasetKind.Volume ? "volume" : "file system";
}
