using ZfsSync.Core.Display;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.RepairOptions;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>What stands in the way of a first replication: something is there already, or the copy would not be what was asked for.</summary>
internal static class FirstReplicationConflicts
{
    public static Conflict? Find(EdgeView edge)
    {
        if (FoundElsewhere(edge) is { } renamed)
            return renamed;
        if (edge.Target is not { } target)
            return Leaks(edge);
        if (edge.History.Target.Count > 0 || target.Bookmarks.Count > 0)
            return NothingShared(edge, target);
        if (!target.IsEmpty || edge.Facts.HasTargetFiles || !(target.IsPlaceholder || edge.Policy.AllowEmptyTarget))
            return Occupied(edge, target);
        return CannotOverwrite(edge, target) ?? Leaks(edge);
    }

    private static Conflict? FoundElsewhere(EdgeView edge)
    {
        var known = edge
            .History.Source.Select(s => s.Guid)
            .Concat(edge.Source.Bookmarks.Select(b => b.Guid))
            .ToHashSet();
        var found = edge
            .Facts.OtherTargets.Where(t => t.Name != edge.Facts.TargetName && !AsideName.IsAside(t.Name.Value))
            .Select(t => (t.Name, Shared: t.Snapshots.Count(s => known.Contains(s.Guid))))
            .Where(t => t.Shared > 0)
            .OrderByDescending(t => t.Shared)
            .ThenBy(t => t.Name)
            .FirstOrDefault();
        if (found.Name is not { } name)
            return null;
        return new Conflict(
            ConflictKind.Renamed,
            new ConflictEvidence(
                $"{name} on the target holds {Count(found.Shared)} of {edge.Source.Name}: it seems to have been renamed."
            )
            {
                FoundAt = name,
                SourceOnly = edge.History.SourceOnly,
                TargetOnly = edge.History.TargetOnly,
            },
            Ordered(
                edge.Target is null ? FollowRename(edge, name) : null,
                ByHand(
                    edge.Target is null
                        ? $"If it is not the same dataset, move {name} out of the target's root; then everything is sent anew."
                        : $"Move {edge.Facts.TargetName} out of the way; then {name} can take its name."
                )
            )
        );
    }

    private static Conflict NothingShared(EdgeView edge, DatasetInventory target)
    {
        var clashing = TargetConflicts.ClashingLabels(edge, edge.History.Source);
        var evidence = new ConflictEvidence(
            edge.History.Target.Count == 0
                ? $"{target.Name} has bookmarks but no snapshot that an increment could continue."
                : $"None of the {Count(edge.History.Target.Count)} of {target.Name} is among the {Count(edge.History.Source.Count)} of {edge.Source.Name}."
                    + (
                        clashing.Count == 0
                            ? ""
                            : $" Both call different snapshots {string.Join(", ", clashing.Take(3))}."
                    )
        )
        {
            SourceOnly = edge.History.SourceOnly,
            TargetOnly = edge.History.TargetOnly,
            ClashingLabels = clashing,
            WrittenBytes = target.WrittenBytes,
        };
        var encryptionDiffers =
            edge.History.Target.Count > 0
            && (edge.IsRawStream ? target.Encryption is null : target.Encryption is not null);
        return new Conflict(
            encryptionDiffers ? ConflictKind.EncryptionMismatch : ConflictKind.NoCommonAncestor,
            encryptionDiffers
                ? evidence with
                {
                    Summary =
                        $"{evidence.Summary} And {target.Name} is {(edge.IsRawStream ? "plain, while the stream is encrypted" : "encrypted, while the stream is plain")}.",
                }
                : evidence,
            Ordered(Beside(edge), FullResend(edge))
        );
    }

    private static Conflict Occupied(EdgeView edge, DatasetInventory target)
    {
        var bytes = target.WrittenBytes ?? target.ReferencedBytes;
        if (!target.IsEmpty)
            return HasData(
                bytes is { } known
                    ? $"holds {DataSize.InWords(known)}."
                    : "its size is not reported, so it counts as holding data.",
                "Choose another root for the target."
            );
        if (edge.Facts.HasTargetFiles)
            return HasData(
                "although it is as small as an empty one, there are files or directories in it.",
                $"Take the files away, or choose another root for the target; then sync. If it is not mounted, 'zfs mount {target.Name}' shows them; if it is read-only because what lies above it is a copy, 'zfs set readonly=off {target.Name}' lets them go."
            );
        return new Conflict(
            ConflictKind.TargetExistsEmpty,
            new ConflictEvidence($"{target.Name} exists, empty and without snapshots.") { WrittenBytes = bytes },
            Ordered(
                ByHand(
                    "Allow receiving into empty datasets in the policy (allow_empty_target), or choose another root."
                ),
                Beside(edge),
                FullResend(edge)
            )
        );

        Conflict HasData(string evidence, string byHand) =>
            new(
                ConflictKind.TargetHasData,
                new ConflictEvidence($"{target.Name} exists, has no snapshots, and {evidence}")
                {
                    WrittenBytes = bytes,
                },
                Ordered(ByHand(byHand), Beside(edge), FullResend(edge))
            );
    }

    /// <summary>ZFS refuses to overwrite a clone, an encrypted dataset, or a plain one with a raw stream, even an empty one.</summary>
    private static Conflict? CannotOverwrite(EdgeView edge, DatasetInventory target)
    {
        if (target.Origin is { } origin)
            return new Conflict(
                ConflictKind.TargetHasData,
                new ConflictEvidence($"{target.Name} is a clone of {origin}; ZFS cannot overwrite a clone.")
                {
                    WrittenBytes = target.WrittenBytes,
                },
                Ordered(ByHand("Choose another root for the target."), Beside(edge), FullResend(edge))
            );
        if (target.Encryption is null && !edge.IsRawStream)
            return null;
        if (target.IsPlaceholder && edge.IsRawStream)
            return new Conflict(
                ConflictKind.EncryptionMismatch,
                new ConflictEvidence(
                    $"{target.Name} is a placeholder, made when {edge.Source.Name} had no snapshot; ZFS cannot make a plain dataset an encrypted one. The copies below it go on without it."
                ),
                Ordered(
                    ByHand(
                        $"Leave the placeholder, and exclude {edge.Source.Name} from the group or its snapshots from the selection; or, with transfers stopped, move the copies below {target.Name} aside (zfs rename), destroy the empty placeholder, let {edge.Source.Name} arrive, and move them back."
                    ),
                    Beside(edge)
                )
            );
        return new Conflict(
            ConflictKind.EncryptionMismatch,
            new ConflictEvidence(
                target.Encryption is null
                    ? $"{target.Name} exists and is plain; ZFS cannot overwrite it with an encrypted stream, although it is empty."
                    : $"{target.Name} exists and is encrypted; ZFS cannot overwrite it, although it is empty."
            ),
            Ordered(Beside(edge), FullResend(edge))
        );
    }

    /// <summary>The policy wants the copy encrypted, and nothing would encrypt it.</summary>
    private static Conflict? Leaks(EdgeView edge)
    {
        if (!edge.Policy.RequireEncryptedTarget || edge.IsRawStream || edge.Facts.TargetParent?.Encryption is not null)
            return null;
        return new Conflict(
            ConflictKind.EncryptionMismatch,
            new ConflictEvidence(
                $"The copy must be encrypted, the stream is not raw, and {edge.Facts.TargetParent?.Name.Value ?? "the parent"} of {edge.Facts.TargetName} is not known to be encrypted."
            ),
            Ordered(ByHand("Choose a root below an encrypted dataset, or send raw from an encrypted source."))
        );
    }
}
